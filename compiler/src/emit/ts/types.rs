//! Types, constants and the codecs of values.

use super::columns::{column_reader, entry_weight, weight, written_in};
use super::docs::{float, string};
use super::expr::Expr;
use super::generics::arguments;
use super::module::{As, Module};
use crate::ir::{self, Literal, Type};

/// Which form of a struct a type names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As decoded: every key is there.
    Full,
    /// As given to an encoder: what equals its default may be left out.
    Init,
}

/// A type as it is written in a declaration.
pub(super) fn ts_type(m: &Module<'_>, ty: &Type, form: Form) -> String {
    match ty {
        Type::Bool => "boolean".to_owned(),
        ty if is_bigint(m, ty) => "bigint".to_owned(),
        Type::Timestamp if !m.names.numbers.timestamp => m.global("Date"),
        Type::Bytes => m.global("Uint8Array"),
        Type::String | Type::Uuid | Type::Decimal { .. } => "string".to_owned(),
        Type::List(item) | Type::Array(item, _) => match &**item {
            Type::Optional(inner) => format!("readonly ({} | undefined)[]", ts_type(m, inner, form)),
            Type::List(_) | Type::Array(..) => format!("readonly ({})[]", ts_type(m, item, form)),
            item => format!("readonly {}[]", ts_type(m, item, form)),
        },
        Type::Map(key, value) => {
            let (key, value) = (ts_type(m, key, form), ts_type(m, value, form));
            format!("{}<{key}, {value}>", m.global("ReadonlyMap"))
        }
        Type::Set(item) => format!("{}<{}>", m.global("ReadonlySet"), ts_type(m, item, form)),
        Type::Optional(inner) => format!("{} | undefined", ts_type(m, inner, form)),
        Type::Struct(id, args) => {
            let names = &m.names.structs[id.0 as usize];
            let name = if form == Form::Full { &names.name } else { &names.init };
            m.name(m.schema[*id].package, name, As::Type) + &arguments(m, args, form)
        }
        Type::Enum(id) => m.name(m.schema[*id].package, &m.names.enums[id.0 as usize].name, As::Type),
        Type::Union(id, args) => union_type(m, *id, args, form),
        Type::Param(n) => m.param(*n),
        Type::Newtype(id, _) => m.name(m.schema[*id].package, &m.names.newtypes[id.0 as usize].name, As::Type),
        _ => "number".to_owned(),
    }
}

/// The type of a union's value. An error's type has declared cases only, so that a `switch` can name them all; what is
/// read may be a case of a newer program.
pub(super) fn union_type(m: &Module<'_>, id: ir::UnionId, args: &[Type], form: Form) -> String {
    let names = &m.names.unions[id.0 as usize];
    let is_init = form == Form::Init && union_has_init(&m.schema[id]);
    let name = if is_init { &names.init } else { &names.name };
    let form = if is_init { Form::Init } else { Form::Full };
    let name = m.name(m.schema[id].package, name, As::Type) + &arguments(m, args, form);
    if m.schema[id].is_error && m.schema[id].open { format!("{name} | {}", m.rs("UnknownCase")) } else { name }
}

/// Whether a type looks different as decoded and as given.
pub(super) fn has_init(m: &Module<'_>, ty: &Type) -> bool {
    match ty {
        Type::List(item) | Type::Array(item, _) | Type::Optional(item) | Type::Map(_, item) => has_init(m, item),
        Type::Struct(..) => true,
        Type::Union(id, _) => union_has_init(&m.schema[*id]),
        _ => false,
    }
}

/// Whether a union looks different as decoded and as given: it carries something. Errors are read only.
pub(super) fn union_has_init(union: &ir::Union) -> bool {
    !union.is_error && union.cases.iter().any(|case| !case.body.fields.is_empty())
}

/// The base of a newtype, else the type itself.
fn base(ty: &Type) -> &Type {
    if let Type::Newtype(_, base) = ty { base } else { ty }
}

/// What is inside `T?`, else the type itself.
pub(super) fn opt(ty: &Type) -> &Type {
    if let Type::Optional(inner) = ty { inner } else { ty }
}

/// Whether a type's values are of type `bigint`.
fn is_bigint(m: &Module<'_>, ty: &Type) -> bool {
    *ty == Type::BigInt || (matches!(ty, Type::U64 | Type::I64) && !m.names.numbers.int64)
}

/// The suffix of a scalar's functions in the runtime, of those that hold it as the output wants it.
pub(super) fn scalar(m: &Module<'_>, ty: &Type) -> &'static str {
    let numbers = m.names.numbers;
    match ty {
        Type::U64 if numbers.int64 => "U53",
        Type::I64 if numbers.int64 => "I53",
        Type::Timestamp if numbers.timestamp => "Millis",
        ty => of_its_own(ty).unwrap_or_default(),
    }
}

/// The suffix of the functions that hold a scalar as the type of its own that there is for it.
pub(super) fn of_its_own(ty: &Type) -> Option<&'static str> {
    Some(match ty {
        Type::Bool => "Bool",
        Type::U8 => "U8",
        Type::U16 => "U16",
        Type::U32 => "U32",
        Type::U64 => "U64",
        Type::I8 => "I8",
        Type::I16 => "I16",
        Type::I32 => "I32",
        Type::I64 => "I64",
        Type::F32 => "F32",
        Type::F64 => "F64",
        Type::String => "String",
        Type::Bytes => "Bytes",
        Type::Timestamp => "Timestamp",
        Type::Duration => "Duration",
        Type::Uuid => "Uuid",
        Type::BigInt => "BigInt",
        _ => return None,
    })
}

/// The function of the runtime for a list; numbers count less.
fn list_of(verb: &str, item: &Type) -> String {
    let kind = if opt(item) != item {
        "OptList"
    } else if is_number(item) {
        "Numbers"
    } else {
        "List"
    };
    format!("{verb}{kind}")
}

/// The function of the runtime for an array, and what it takes behind reader or writer and value.
fn array_of<'t>(verb: &str, item: &'t Type, len: u32) -> (String, Expr, &'t Type) {
    let (of, item) = match item {
        Type::Optional(inner) => ("OptArray", &**inner),
        item if is_number(item) => ("NumberArray", item),
        item => ("Array", item),
    };
    (format!("{verb}{of}"), Expr::text(len.to_string()), item)
}

/// Whether 64 bytes of a list count as one element. Source: docs/wire-format.md, section 7.
pub(super) fn is_number(ty: &Type) -> bool {
    use Type::{Bool, Decimal, Duration, F32, F64, I8, I16, I32, I64, Timestamp, U8, U16, U32, U64};
    matches!(
        base(ty),
        Bool | U8 | U16 | U32 | U64 | I8 | I16 | I32 | I64 | F32 | F64 | Timestamp | Duration | Decimal { .. }
    )
}

fn call<const N: usize>(function: String, arguments: [Expr; N]) -> Expr {
    Expr::Call(function, arguments.into())
}

/// Reads a value as an element.
pub(super) fn read(m: &Module<'_>, ty: &Type) -> Expr {
    let r = || Expr::text("r");
    let name = |package, name: &str| m.name(package, name, As::Value);
    match ty {
        Type::Decimal { precision, scale } => {
            call(m.rs("readDecimal"), [r(), Expr::text(precision.to_string()), Expr::text(scale.to_string())])
        }
        Type::List(item) => {
            let function = m.rs(&list_of("read", item));
            Expr::Call(function, [r()].into_iter().chain(list_readers(m, item)).collect())
        }
        Type::Map(key, value) => {
            let function = if opt(value) == &**value { "readMap" } else { "readOptMap" };
            let readers = [reader(m, key), reader(m, opt(value)), column_reader(m, key), column_reader(m, opt(value))];
            let weight = Expr::text(entry_weight(m, key, Some(value)).to_string());
            Expr::Call(m.rs(function), [r()].into_iter().chain(readers).chain([weight]).collect())
        }
        Type::Set(item) => {
            let weight = Expr::text(entry_weight(m, item, None).to_string());
            call(m.rs("readSet"), [r(), reader(m, item), weight])
        }
        Type::Array(item, len) => {
            let (function, len, item) = array_of("read", item, *len);
            call(m.rs(&function), [r(), len, reader(m, item)])
        }
        Type::Optional(inner) => read(m, inner),
        Type::Struct(id, args) => call(m.struct_fn(*id, args, |names| &names.read_value), [r()]),
        Type::Enum(id) => call(name(m.schema[*id].package, &m.names.enums[id.0 as usize].read), [r()]),
        Type::Newtype(id, _) => call(name(m.schema[*id].package, &m.names.newtypes[id.0 as usize].read), [r()]),
        Type::Union(id, args) => call(m.union_fn(*id, args, |names| &names.read_value), [r()]),
        ty => call(m.rs(&format!("read{}", scalar(m, ty))), [r()]),
    }
}

/// What a function that reads a list is handed about its elements.
fn list_readers(m: &Module<'_>, item: &Type) -> Vec<Expr> {
    let mut readers = vec![reader(m, opt(item)), column_reader(m, opt(item))];
    if !is_number(item) {
        readers.push(Expr::text(weight(m, item).to_string()));
    }
    readers
}

/// A function that reads a value as an element.
pub(super) fn reader(m: &Module<'_>, ty: &Type) -> Expr {
    read(m, ty).passed(&["r"])
}

/// Writes the value of an expression as an element.
pub(super) fn write(m: &Module<'_>, ty: &Type, value: &str) -> Expr {
    let (w, v) = (|| Expr::text("w"), Expr::text(value));
    let name = |package, name: &str| m.name(package, name, As::Value);
    match ty {
        Type::Decimal { precision, scale } => {
            call(m.rs("writeDecimal"), [w(), v, Expr::text(precision.to_string()), Expr::text(scale.to_string())])
        }
        Type::List(item) => {
            let mut arguments = vec![w(), v, writer(m, opt(item))];
            if !is_number(item) {
                arguments.push(Expr::text(weight(m, item).to_string()));
            }
            Expr::Call(m.rs(&list_of("write", item)), arguments.into_iter().chain(written_in(m, None, item)).collect())
        }
        Type::Map(key, item) => {
            let function = if opt(item) == &**item { "writeMap" } else { "writeOptMap" };
            let weight = Expr::text(entry_weight(m, key, Some(item)).to_string());
            let arguments = vec![w(), v, writer(m, key), writer(m, opt(item)), weight];
            Expr::Call(m.rs(function), arguments.into_iter().chain(written_in(m, Some(key), item)).collect())
        }
        Type::Set(item) => {
            let weight = Expr::text(entry_weight(m, item, None).to_string());
            call(m.rs("writeSet"), [w(), v, writer(m, item), weight])
        }
        Type::Array(item, len) => {
            let (function, len, item) = array_of("write", item, *len);
            call(m.rs(&function), [w(), v, len, writer(m, item)])
        }
        Type::Optional(inner) | Type::Newtype(_, inner) => write(m, inner, value),
        Type::Struct(id, args) => call(m.struct_fn(*id, args, |names| &names.write_value), [w(), v]),
        Type::Enum(id) => call(name(m.schema[*id].package, &m.names.enums[id.0 as usize].write), [w(), v]),
        Type::Union(id, args) => call(m.union_fn(*id, args, |names| &names.write_value), [w(), v]),
        ty => call(m.rs(&format!("write{}", scalar(m, ty))), [w(), v]),
    }
}

/// A function that writes a value as an element.
pub(super) fn writer(m: &Module<'_>, ty: &Type) -> Expr {
    write(m, ty, "v").passed(&["w", "v"])
}

/// A function that applies the delta of a value, for types that have deltas.
pub(super) fn patcher(m: &Module<'_>, ty: &Type) -> Option<Expr> {
    let call = |name: &str, readers: Vec<Expr>, inner: &Type| {
        let arguments = [Expr::text("r"), Expr::text("old")].into_iter().chain(readers).chain(patcher(m, inner));
        Expr::Call(m.rs(name), arguments.collect()).passed(&["old", "r"])
    };
    match ty {
        Type::Optional(inner) => patcher(m, inner),
        Type::List(item) => Some(call(&list_of("patch", item), list_readers(m, item), opt(item))),
        Type::Array(item, _) => {
            let function = if opt(item) == &**item { "patchArray" } else { "patchOptArray" };
            Some(call(function, vec![reader(m, opt(item))], opt(item)))
        }
        Type::Map(key, value) => Some(match &**value {
            Type::Optional(inner) => call("patchOptMap", vec![reader(m, key), reader(m, inner)], inner),
            value => call("patchMap", vec![reader(m, key), reader(m, value)], value),
        }),
        Type::Set(item) => {
            let arguments = vec![Expr::text("r"), Expr::text("old"), reader(m, item)];
            Some(Expr::Call(m.rs("patchSet"), arguments).passed(&["old", "r"]))
        }
        Type::Struct(id, args) if m.schema[*id].level == ir::StructLevel::Partials => {
            Some(Expr::text(m.struct_fn(*id, args, |names| &names.patch)))
        }
        _ => None,
    }
}

/// Whether the declared default of a `bool` is true.
pub(super) fn is_true(field: &ir::Field) -> bool {
    field.default == Some(Literal::Bool(true))
}

/// A field of a newtype as one of its base: what is asked of values at run time.
pub(super) fn based(field: &ir::Field) -> ir::Field {
    let ty = if let Type::Newtype(_, base) = &field.ty { (**base).clone() } else { field.ty.clone() };
    ir::Field { ty, ..field.clone() }
}

/// An element of an array, as a field: what an absent one is.
fn element(ty: &Type) -> ir::Field {
    let name = String::new();
    ir::Field {
        id: 0,
        name,
        docs: ir::Docs::default(),
        ty: ty.clone(),
        default: None,
        access: None,
        constraints: Vec::new(),
    }
}

/// The zero of a type as an expression.
pub(super) fn zero_value(m: &Module<'_>, ty: &Type) -> String {
    default_value(m, &element(ty))
}

/// The default of a field as an expression.
pub(super) fn default_value(m: &Module<'_>, field: &ir::Field) -> String {
    if let Type::Newtype(id, _) = &field.ty {
        let make = &m.names.newtypes[id.0 as usize].make;
        let value = default_value(m, &based(field));
        return format!("{}({value})", m.name(m.schema[*id].package, make, As::Value));
    }
    match (&field.ty, &field.default) {
        (ty, Some(literal)) => literal_value(m, ty, literal),
        (Type::Bool, None) => "false".to_owned(),
        (Type::String, None) => "\"\"".to_owned(),
        (ty, None) if is_bigint(m, ty) => "0n".to_owned(),
        (Type::Bytes, None) => format!("new {}(0)", m.global("Uint8Array")),
        (Type::Timestamp, None) if !m.names.numbers.timestamp => format!("new {}(0)", m.global("Date")),
        (Type::Uuid, None) => "\"00000000-0000-0000-0000-000000000000\"".to_owned(),
        (Type::Decimal { scale: 0, .. }, None) => "\"0\"".to_owned(),
        (Type::Decimal { scale, .. }, None) => format!("\"0.{}\"", "0".repeat(usize::from(*scale))),
        (Type::List(_), None) => "[]".to_owned(),
        (Type::Map(key, value), None) => {
            let (key, value) = (ts_type(m, key, Form::Full), ts_type(m, value, Form::Full));
            format!("new {}<{key}, {value}>()", m.global("Map"))
        }
        (Type::Array(item, len), None) => {
            let (value, ty) = (zero_value(m, item), ts_type(m, item, Form::Full));
            format!("{}<{ty}>({len}, {value})", m.rs("repeat"))
        }
        (Type::Set(item), None) => format!("new {}<{}>()", m.global("Set"), ts_type(m, item, Form::Full)),
        (Type::Optional(_) | Type::Union(..), None) => "undefined".to_owned(),
        (Type::Struct(id, args), None) => format!("{}()", m.struct_fn(*id, args, |names| &names.make)),
        (Type::Enum(id), None) => member(m, *id, 0),
        (_, None) => "0".to_owned(),
    }
}

/// Every whole number up to it is a `number`, in both directions.
const MAX_SAFE_INTEGER: u128 = (1 << 53) - 1;

/// A literal as an expression of its type.
pub(super) fn literal_value(m: &Module<'_>, ty: &Type, literal: &Literal) -> String {
    match (literal, ty) {
        (Literal::Bool(value), _) => value.to_string(),
        (Literal::Int(value), ty) if is_bigint(m, ty) => format!("{value}n"),
        (Literal::Int(value), Type::U64 | Type::I64) if value.unsigned_abs() > MAX_SAFE_INTEGER => {
            m.beyond.set(Some(*value));
            value.to_string()
        }
        (Literal::Int(value), _) => value.to_string(),
        (Literal::Float(value), Type::F32) => float(f64::from(*value as f32)),
        (Literal::Float(value), _) => float(*value),
        (Literal::String(value), _) => string(value),
        (Literal::Member(number), Type::Enum(id)) => member(m, *id, *number),
        (Literal::Member(number), _) => number.to_string(),
    }
}

/// The number of an enum's member.
pub(super) fn member(m: &Module<'_>, id: ir::EnumId, number: u64) -> String {
    if m.schema[id].repr == Type::U64 { format!("{number}n") } else { number.to_string() }
}

/// The condition that a field which is there equals its default (`equal`) or does not.
pub(super) fn default_test(m: &Module<'_>, field: &ir::Field, value: &str, equal: bool) -> String {
    let (sign, not) = if equal { ("===", "") } else { ("!==", "!") };
    let default = || default_value(m, field);
    match &field.ty {
        Type::Newtype(..) => default_test(m, &based(field), value, equal),
        Type::Bool => format!("{value} {} true", if equal == is_true(field) { "===" } else { "!==" }),
        Type::F32 => {
            let (is, fround) = (m.global("Object"), m.global("Math"));
            format!("{not}{is}.is({fround}.fround({value}), {})", default())
        }
        Type::F64 => format!("{not}{}.is({value}, {})", m.global("Object"), default()),
        Type::Bytes | Type::List(_) if equal => format!("{value}.length === 0"),
        Type::Bytes | Type::List(_) => format!("{value}.length > 0"),
        Type::Array(item, len) => {
            let test = default_test(m, &element(item), "v", true);
            let function = match test.strip_suffix("(v)") {
                Some(function) => function.to_owned(),
                None => format!("(v) => {test}"),
            };
            format!("{not}{}({value}, {len}, {function})", m.rs("isDefaultArray"))
        }
        Type::Map(..) | Type::Set(_) if equal => format!("{value}.size === 0"),
        Type::Map(..) | Type::Set(_) => format!("{value}.size > 0"),
        Type::Timestamp if !m.names.numbers.timestamp => format!("{value}.getTime() {sign} 0"),
        Type::Decimal { .. } => format!("{not}/^-?0+(\\.0+)?$/.test({value})"),
        Type::Struct(id, args) => format!("{not}{}({value})", m.struct_fn(*id, args, |names| &names.is_default)),
        Type::Optional(_) | Type::Union(..) => format!("{value} {sign} undefined"),
        // Told that the only value is not there, TypeScript would take everything behind for impossible.
        Type::Enum(id) if !m.schema[*id].open && m.schema[*id].members.len() == 1 => {
            let widen = if m.schema[*id].repr == Type::U64 { "BigInt" } else { "Number" };
            let value = value.strip_prefix('(').and_then(|value| value.strip_suffix(')')).unwrap_or(value);
            format!("{}({value}) {sign} {}", m.global(widen), default())
        }
        _ => format!("{value} {sign} {}", default()),
    }
}
