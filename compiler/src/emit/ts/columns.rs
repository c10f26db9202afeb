//! Columns: the fields of many structs side by side, and what containers need to know of their elements for it.
//! Source: docs/wire-format.md, sections 4.1, 4.2 and 7.

use super::expr::Expr;
use super::module::{As, Module};
use super::names::StructNames;
use super::rows::{Slot, function, generic, shape, slots};
use super::types::{
    Form, default_value, is_number, is_true, of_its_own, opt, reader, scalar, ts_type, writer, zero_value,
};
use crate::emit::writer::Writer;
use crate::ir::{self, StructLevel, Type};

/// What a value counts for memory.
pub(super) fn weight(m: &Module<'_>, ty: &Type) -> u64 {
    match ty {
        Type::Uuid => 16,
        Type::String | Type::Bytes | Type::BigInt | Type::List(_) | Type::Map(..) | Type::Set(_) | Type::Union(..) => {
            24
        }
        Type::Array(item, len) => u64::from(*len) * weight(m, item),
        Type::Struct(id, _) => 8 * (u64::from(columns(m, *id)) + 2),
        Type::Optional(inner) => weight(m, inner).min(24),
        Type::Newtype(_, base) => weight(m, base),
        _ => 8,
    }
}

/// How many columns a struct has.
fn columns(m: &Module<'_>, id: ir::StructId) -> u32 {
    match m.schema[id].level {
        StructLevel::Serializers => m.schema[id].body.fields.len() as u32,
        StructLevel::Fields | StructLevel::Partials => m.schema[id].body.slots,
    }
}

/// What an entry of a map, or with no value an element of a set, counts for memory.
pub(super) fn entry_weight(m: &Module<'_>, key: &Type, value: Option<&Type>) -> u64 {
    weight(m, key) + value.map_or(0, |value| weight(m, value)) + 32
}

/// From how many elements on an encoder takes columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Never,
    /// From four on, if they are not longer.
    Smaller,
    /// From that many on.
    Count(u32),
}

const FEWEST: u32 = 4;

fn from(m: &Module<'_>, ty: &Type, in_map: bool) -> From {
    match ty {
        Type::Optional(inner) | Type::Newtype(_, inner) => from(m, inner, in_map),
        Type::Union(..) | Type::Set(_) | Type::Array(..) => From::Never,
        Type::Struct(id, _) => From::Count(columns(m, *id).div_ceil(4).max(FEWEST)),
        Type::F32 | Type::F64 | Type::Uuid if !in_map => From::Never,
        Type::Decimal { precision: 19.., .. } if !in_map => From::Never,
        Type::Bool | Type::String | Type::Bytes | Type::BigInt | Type::List(_) | Type::Map(..) => From::Count(FEWEST),
        _ if in_map => From::Count(FEWEST),
        _ => From::Smaller,
    }
}

/// The last arguments of the call that writes a container: its columns, and from how many elements on they are taken.
pub(super) fn written_in(m: &Module<'_>, key: Option<&Type>, item: &Type) -> Vec<Expr> {
    let from = from(m, item, key.is_some());
    let columns = key.into_iter().chain([opt(item)]).map(|ty| column_writer(m, ty));
    // Numbers are otherwise taken if they are smaller, everything else from four on.
    match from {
        From::Never => Vec::new(),
        From::Smaller if key.is_none() && is_number(item) => columns.collect(),
        From::Smaller => columns.chain([Expr::text(m.rs("SMALLER"))]).collect(),
        From::Count(FEWEST) if key.is_some() || !is_number(item) => columns.collect(),
        From::Count(count) => columns.chain([Expr::text(count.to_string())]).collect(),
    }
}

fn text(parts: &[&str]) -> Vec<Expr> {
    parts.iter().map(|&part| Expr::text(part)).collect()
}

/// A function that reads a column.
pub(super) fn column_reader(m: &Module<'_>, ty: &Type) -> Expr {
    read_column(m, ty, ["r", "n", "absent"]).passed(&["r", "n", "absent"])
}

/// Reads a column: from `r`, of so many values, what is absent in it.
pub(super) fn read_column(m: &Module<'_>, ty: &Type, arguments: [&str; 3]) -> Expr {
    let call =
        |function: String, more: Vec<Expr>| Expr::Call(function, text(&arguments).into_iter().chain(more).collect());
    let number = |number: u64| Expr::text(number.to_string());
    let name = |package, name: &str| m.name(package, name, As::Value);
    match ty {
        Type::Decimal { precision, scale } => {
            call(m.rs("readDecimalColumn"), vec![number((*precision).into()), number((*scale).into())])
        }
        Type::List(item) if is_number(item) => {
            call(m.rs("readNumbersColumn"), vec![reader(m, item), column_reader(m, item)])
        }
        Type::List(item) => {
            let function = if opt(item) == &**item { "readListColumn" } else { "readOptListColumn" };
            let item_weight = number(weight(m, item));
            call(m.rs(function), vec![reader(m, opt(item)), column_reader(m, opt(item)), item_weight])
        }
        Type::Map(key, value) => {
            let function = if opt(value) == &**value { "readMapColumn" } else { "readOptMapColumn" };
            let readers =
                vec![reader(m, key), reader(m, opt(value)), column_reader(m, key), column_reader(m, opt(value))];
            let entry = number(entry_weight(m, key, Some(value)));
            call(m.rs(function), readers.into_iter().chain([entry]).collect())
        }
        Type::Set(item) => {
            let empty = format!("new {}<{}>()", m.global("Set"), ts_type(m, item, Form::Full));
            call(m.rs("readRowsColumn"), vec![reader(m, ty), Expr::text(empty)])
        }
        Type::Array(item, _) => {
            let zero = has_zero(m, item).then(|| Expr::Text(zero_value(m, ty)));
            call(m.rs("readRowsColumn"), [reader(m, ty)].into_iter().chain(zero).collect())
        }
        Type::Union(..) => call(m.rs("readRowsColumn"), vec![reader(m, ty)]),
        Type::Optional(inner) => read_column(m, inner, arguments),
        Type::Struct(id, args) => call(m.struct_fn(*id, args, |names| &names.read_column), Vec::new()),
        Type::Enum(id) if !m.schema[*id].open => {
            call(name(m.schema[*id].package, &m.names.enums[id.0 as usize].read_column), Vec::new())
        }
        Type::Enum(id) => {
            let suffix = of_its_own(&m.schema[*id].repr).unwrap_or_default();
            call(m.rs(&format!("read{suffix}Column")), Vec::new())
        }
        Type::Newtype(id, _) => {
            call(name(m.schema[*id].package, &m.names.newtypes[id.0 as usize].read_column), Vec::new())
        }
        ty => call(m.rs(&format!("read{}Column", scalar(m, ty))), Vec::new()),
    }
}

/// Whether an absent value of a type stands for something.
fn has_zero(m: &Module<'_>, ty: &Type) -> bool {
    match ty {
        Type::Union(..) => false,
        Type::Enum(id) => m.schema[*id].open || m.schema[*id].members.iter().any(|member| member.number == 0),
        Type::Array(inner, _) | Type::Newtype(_, inner) => has_zero(m, inner),
        _ => true,
    }
}

/// A function that writes a column.
fn column_writer(m: &Module<'_>, ty: &Type) -> Expr {
    write_column(m, ty, "v", Some("absent")).passed(&["w", "v", "absent"])
}

/// Writes values as a column; `absent` is what need not be written, if it is not the zero of the type.
pub(super) fn write_column(m: &Module<'_>, ty: &Type, values: &str, absent: Option<&str>) -> Expr {
    let call = |function: String, more: Vec<Expr>| {
        let absent = absent.or(if more.is_empty() { None } else { Some("undefined") });
        let first = ["w", values].into_iter().chain(absent).map(Expr::text);
        Expr::Call(function, first.chain(more).collect())
    };
    let number = |number: u64| Expr::text(number.to_string());
    let name = |package, name: &str| m.name(package, name, As::Value);
    match ty {
        Type::Decimal { precision, scale } => {
            call(m.rs("writeDecimalColumn"), vec![number((*precision).into()), number((*scale).into())])
        }
        Type::List(item) if is_number(item) => call(m.rs("writeNumbersColumn"), vec![column_writer(m, item)]),
        Type::List(item) => {
            let function = if opt(item) == &**item { "writeListColumn" } else { "writeOptListColumn" };
            call(m.rs(function), vec![column_writer(m, opt(item)), number(weight(m, item))])
        }
        Type::Map(key, value) => {
            let function = if opt(value) == &**value { "writeMapColumn" } else { "writeOptMapColumn" };
            let entry = number(entry_weight(m, key, Some(value)));
            call(m.rs(function), vec![column_writer(m, key), column_writer(m, opt(value)), entry])
        }
        Type::Set(_) | Type::Array(..) | Type::Union(..) => call(m.rs("writeRowsColumn"), vec![writer(m, ty)]),
        Type::Optional(inner) | Type::Newtype(_, inner) => write_column(m, inner, values, absent),
        Type::Struct(id, args) => call(m.struct_fn(*id, args, |names| &names.write_column), Vec::new()),
        Type::Enum(id) if !m.schema[*id].open => {
            call(name(m.schema[*id].package, &m.names.enums[id.0 as usize].write_column), Vec::new())
        }
        Type::Enum(id) => {
            let suffix = of_its_own(&m.schema[*id].repr).unwrap_or_default();
            call(m.rs(&format!("write{suffix}Column")), Vec::new())
        }
        ty => call(m.rs(&format!("write{}Column", scalar(m, ty))), Vec::new()),
    }
}

/// Writes the signature of a function that reads a column.
pub(super) fn read_column_fn(
    m: &Module<'_>,
    w: &mut Writer,
    (name, ty): (&str, &str),
    more: &[String],
    body: impl FnOnce(&mut Writer),
) {
    let parameters = [format!("r: {}", m.rs("Reader")), "n: number".to_owned(), format!("absent?: {ty} | null")];
    let parameters: Vec<String> = parameters.into_iter().chain(more.iter().cloned()).collect();
    function(w, name, &parameters, &format!("{ty}[]"), body);
}

/// A struct, its arguments put in.
pub(super) struct Declared<'a> {
    pub(super) body: &'a ir::Body,
    pub(super) names: &'a StructNames,
    pub(super) fields: &'a [String],
}

/// Writes the columns of a struct, if something holds it.
pub(super) fn emit(m: &Module<'_>, w: &mut Writer, (id, ty): (ir::StructId, &Type), decl: &Declared<'_>) {
    let used = m.names.used();
    if used.writes(ty) {
        write(m, w, decl.names);
        write_fields(m, w, id, decl);
    }
    if used.reads(ty) {
        read(m, w, decl.names);
        read_fields(m, w, id, decl);
    }
}

fn write(m: &Module<'_>, w: &mut Writer, names: &StructNames) {
    let StructNames { init, write_column, write_fields, .. } = names;
    let parameters = [
        format!("w: {}", m.rs("Writer")),
        format!("v: readonly {init}[]"),
        format!("absent?: {init} | null"),
        "weight = 0".to_owned(),
    ];
    function(w, write_column, &parameters, "void", |w| {
        let arguments = text(&["w", "v", "absent", "weight", write_fields]);
        Expr::Call(m.rs("writeStructColumn"), arguments).write(w, "", ";");
    });
}

fn read(m: &Module<'_>, w: &mut Writer, names: &StructNames) {
    let StructNames { name, make, read_column, read_value, read_fields, .. } = names;
    read_column_fn(m, w, (read_column, name), &["weight = 0".to_owned()], |w| {
        let arguments = text(&["r", "n", "absent", "weight", make, read_value, read_fields]);
        Expr::Call(m.rs("readStructColumn"), arguments).write(w, "return ", ";");
    });
}

/// A function of its module only.
fn local(w: &mut Writer, name: &str, parameters: &[String], result: &str, body: impl FnOnce(&mut Writer)) {
    w.list(format!("function {name}("), parameters, &format!("): {result} {{"));
    w.enclosed_rest("}", body);
}

fn is_plain(m: &Module<'_>, id: ir::StructId) -> bool {
    m.schema[id].level == StructLevel::Serializers
}

fn write_fields(m: &Module<'_>, w: &mut Writer, id: ir::StructId, decl: &Declared<'_>) {
    let Declared { body, names, fields } = *decl;
    let used = if body.fields.is_empty() { "_v" } else { "v" };
    let writer = if is_plain(m, id) && body.fields.is_empty() { "_w" } else { "w" };
    let parameters = [format!("{writer}: {}", m.rs("Writer")), format!("{used}: readonly {}[]", names.init)];
    if is_plain(m, id) && body.fields.is_empty() {
        return w.list(format!("function {}(", names.write_fields), &parameters, "): void {}");
    }
    local(w, &names.write_fields, &parameters, "void", |w| {
        if !is_plain(m, id) {
            w.line(format_args!("{}(w, {});", m.rs("writeVarint"), body.slots));
        }
        let mut next = 1;
        let variables = m.variables(fields);
        pick_fields(m, w, decl, &variables);
        for slot in slots(body, fields, &variables) {
            let Slot::Field(field, _, variable) = slot else { continue };
            while next < field.id {
                w.line(format_args!("{}(w, 0);", m.rs("writeByte")));
                next += 1;
            }
            next += 1;
            write_field(m, w, id, field, variable);
        }
        while !is_plain(m, id) && next <= body.slots {
            w.line(format_args!("{}(w, 0);", m.rs("writeByte")));
            next += 1;
        }
    });
}

/// Writes the one loop that gathers the fields of all values, so that each of them is looked at once.
fn pick_fields(m: &Module<'_>, w: &mut Writer, decl: &Declared<'_>, variables: &[String]) {
    let Declared { body, names, fields } = *decl;
    if body.fields.is_empty() {
        return;
    }
    w.line("const k = v.length;");
    for (field, variable) in body.fields.iter().zip(variables) {
        let ty = ts_type(m, &field.ty, Form::Init);
        generic(w, &format!("const {variable} = new {}", m.global("Array")), &[ty], "(k);");
    }
    w.enclosed("for (let at = 0; at < k; at++) {", "}", |w| {
        w.line(format_args!("const init = v[at] as {};", names.init));
        for ((field, name), variable) in body.fields.iter().zip(fields).zip(variables) {
            let value = match &field.ty {
                Type::Optional(_) => format!("init.{name}"),
                Type::Struct(..) => format!("init.{name} ?? {{}}"),
                Type::Bool => format!("init.{name} ?? {}", is_true(field)),
                _ => format!("init.{name} ?? {}", default_value(m, field)),
            };
            Expr::Text(value).write(w, &format!("{variable}[at] = "), ";");
        }
    });
}

fn write_field(m: &Module<'_>, w: &mut Writer, id: ir::StructId, field: &ir::Field, variable: &str) {
    let ty = opt(&field.ty);
    let optional = ty != &field.ty;
    // That some are missing is what `null` says to the writer, not to the type checker.
    let values = if optional { format!("{}({variable})", m.rs("some")) } else { variable.to_owned() };
    let default = field.default.as_ref().map(|_| default_value(m, field));
    let absent = if optional { Some("null") } else { default.as_deref() };
    let expr = if m.schema.recursive.contains(&(id, field.id)) {
        let first = ["w", &values, absent.unwrap_or("undefined")].map(Expr::text);
        Expr::Call(m.rs("writeRowsColumn"), first.into_iter().chain([writer(m, ty)]).collect())
    } else if matches!(ty, Type::Struct(..)) {
        match write_column(m, ty, &values, Some(absent.unwrap_or("undefined"))) {
            Expr::Call(function, mut arguments) => {
                arguments.push(Expr::text(weight(m, ty).to_string()));
                Expr::Call(function, arguments)
            }
            other => other,
        }
    } else {
        write_column(m, ty, &values, absent)
    };
    expr.write(w, "", ";");
}

fn read_fields(m: &Module<'_>, w: &mut Writer, id: ir::StructId, decl: &Declared<'_>) {
    let Declared { body, names, fields } = *decl;
    let reader = if is_plain(m, id) && body.fields.is_empty() { "_r" } else { "r" };
    let parameters = [format!("{reader}: {}", m.rs("Reader")), "k: number".to_owned()];
    local(w, &names.read_fields, &parameters, &format!("{}[]", names.name), |w| {
        let variables = m.variables(fields);
        if !is_plain(m, id) {
            w.line(format_args!("const ids = {}(r);", m.rs("readSlots")));
        }
        let mut next = 1;
        for slot in slots(body, fields, &variables) {
            let id_ = slot.id();
            while !is_plain(m, id) && next < id_ {
                w.line(format_args!("{}(r, ids, {next});", m.rs("noColumn")));
                next += 1;
            }
            next = id_ + 1;
            match slot {
                Slot::Field(field, _, variable) => read_field(m, w, is_plain(m, id), field, variable),
                Slot::Retired(retired) => {
                    let shape = shape(m, retired.shape);
                    w.line(format_args!("{}(r, ids, {}, k, {shape});", m.rs("skipColumn"), retired.id));
                }
            }
        }
        if !is_plain(m, id) {
            w.line(format_args!("if (ids > {}) {}(r);", body.slots, m.rs("skipRest")));
        }
        w.line(format_args!("const out: {}[] = [];", names.name));
        w.enclosed("for (let at = 0; at < k; at++) {", "}", |w| {
            let items = body.fields.iter().zip(fields).zip(&variables).map(|((field, name), variable)| {
                let cast = match &field.ty {
                    Type::Optional(_) => String::new(),
                    ty => format!(" as {}", ts_type(m, ty, Form::Full)),
                };
                format!("{name}: {variable}[at]{cast}")
            });
            let items: Vec<String> = items.collect();
            if items.is_empty() {
                w.line("out.push({});");
            } else {
                w.spaced_list("out.push({", &items, "});");
            }
        });
        w.line("return out;");
    });
}

fn read_field(m: &Module<'_>, w: &mut Writer, plain: bool, field: &ir::Field, variable: &str) {
    let ty = opt(&field.ty);
    let absent = if ty == &field.ty { default_value(m, field) } else { "null".to_owned() };
    let inline = matches!(ty, Type::Struct(..)).then(|| Expr::text(weight(m, ty).to_string()));
    let expr = if plain {
        match read_column(m, ty, ["r", "k", &absent]) {
            Expr::Call(function, arguments) => Expr::Call(function, arguments.into_iter().chain(inline).collect()),
            other => other,
        }
    } else {
        let first = ["r", "ids", &field.id.to_string(), "k"].map(Expr::text);
        let column = column_reader(m, ty);
        // What an arrow gives cannot be told before what it takes.
        let of =
            if matches!(column, Expr::Text(_)) { String::new() } else { format!("<{}>", ts_type(m, ty, Form::Full)) };
        let rest = [column, Expr::Text(absent)];
        Expr::Call(format!("{}{of}", m.rs("readField")), first.into_iter().chain(rest).chain(inline).collect())
    };
    expr.write(w, &format!("const {variable} = "), ";");
}

/// Writes the columns of a closed enum.
pub(super) fn closed_enum(m: &Module<'_>, w: &mut Writer, id: ir::EnumId) {
    let (decl, names) = (&m.schema[id], &m.names.enums[id.0 as usize]);
    let (name, suffix) = (&names.name, of_its_own(&decl.repr).unwrap_or_default());
    let (max, none) = match decl.repr {
        Type::U8 => ("0xff", "-1"),
        Type::U16 => ("0xffff", "-1"),
        Type::U32 => ("0xffffffff", "-1"),
        _ => ("0xffffffffffffffffn", "-1n"),
    };
    let has_zero = decl.members.iter().any(|member| member.number == 0);
    // Without a member 0 there is no zero: nothing equals the number that stands for it.
    let absent =
        if has_zero { format!("absent?: {name} | null") } else { format!("absent: {name} | {none} | null = {none}") };
    let parameters = [format!("w: {}", m.rs("Writer")), format!("v: readonly {name}[]"), absent];
    function(w, &names.write_column, &parameters, "void", |w| {
        w.line(format_args!("{}(w, v, absent);", m.rs(&format!("write{suffix}Column"))));
    });
    read_column_fn(m, w, (&names.read_column, name), &[], |w| {
        let arguments = text(&["r", "n", "absent", max, &names.numbers]);
        Expr::Call(m.rs("readClosedColumn"), arguments).write(w, "return ", ";");
    });
}

/// Writes the function that reads a column of a newtype.
pub(super) fn newtype(m: &Module<'_>, w: &mut Writer, id: ir::NewtypeId) {
    let (newtype, names) = (&m.schema[id], &m.names.newtypes[id.0 as usize]);
    read_column_fn(m, w, (&names.read_column, &names.name), &[], |w| {
        let read = read_column(m, &newtype.base, ["r", "n", "absent"]);
        read.write(w, "return ", &format!(" as {}[];", names.name));
    });
}
