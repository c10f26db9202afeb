//! Rows: the fields of a struct, of a union's payload or of an implicit struct, to bytes and back.

use super::Package;
use super::generics::Generics;
use super::names::field_names;
use super::types::{Place, declared, default_test, default_test_for, default_value};
use crate::emit::writer::Writer;
use crate::ir::{self, Shape, Type};

/// Writes a decoding function.
pub(super) fn decode_fn(g: &Package<'_>, w: &mut Writer, name: &str, value: &str, body: impl FnOnce(&mut Writer)) {
    let result = format!("::core::result::Result<{value}, {}>", g.rt("codec::DecodeError"));
    let parameters = [format!("r: &mut {}<'_>", g.rt("codec::Reader"))];
    w.list(format!("fn {name}("), &parameters, &format!(") -> {result} {{"));
    w.enclosed_rest("}", body);
}

/// Writes `impl Row` for a struct whose fields are evolvable.
pub(super) fn row_impl(g: &Package<'_>, w: &mut Writer, name: (&str, &Generics), body: &ir::Body) {
    row_trait(
        g,
        w,
        name,
        body,
        |w| write_fields(g, w, body, |name| Place::field("self", name)),
        |w| read_struct(g, w, body),
    );
}

/// Writes `impl Row` for a `serializers` struct: the fields one after another.
pub(super) fn plain_impl(g: &Package<'_>, w: &mut Writer, name: (&str, &Generics), body: &ir::Body) {
    row_trait(g, w, name, body, |w| write_plain(g, w, body), |w| read_plain(g, w, body));
}

fn row_trait(
    g: &Package<'_>,
    w: &mut Writer,
    (name, generics): (&str, &Generics),
    body: &ir::Body,
    write: impl FnOnce(&mut Writer),
    read: impl FnOnce(&mut Writer),
) {
    generics.impl_block(w, &g.rt("codec::Row"), &format!("{name}{}", generics.args("")), |w| {
        w.block(format_args!("fn encode_row(&self, w: &mut {})", g.rt("codec::Writer")), write);
        w.blank();
        decode_fn(g, w, "decode_row", "Self", read);
        w.blank();
        w.block("fn is_default_row(&self) -> bool", |w| {
            let tests = body.fields.iter().zip(field_names(body));
            let tests = tests.map(|(field, name)| default_test(g, field, &Place::field("self", &name)).is);
            conjunction(w, &tests.collect::<Vec<_>>());
        });
        if g.schema.body_hides(body) {
            w.blank();
            default_for_level(g, w, body);
        }
        super::checks::row(g, w, body);
    });
}

/// Writes whether a row is its default as far as readers of a level see it.
fn default_for_level(g: &Package<'_>, w: &mut Writer, body: &ir::Body) {
    let level = g.rt("Level");
    w.block(format_args!("fn is_default_row_for(&self, level: {level}) -> bool"), |w| {
        let tests = body.fields.iter().zip(field_names(body)).map(|(field, name)| {
            let test = default_test_for(g, field, &Place::field("self", &name), "level").is;
            match field.access {
                // Alone it needs no parentheses.
                Some(required) if body.fields.len() == 1 => format!("level < {level}({required}) || {test}"),
                Some(required) => format!("(level < {level}({required}) || {test})"),
                None => test,
            }
        });
        conjunction(w, &tests.collect::<Vec<_>>());
    });
}

/// Writes `a && b && c`, or `true` if there is nothing to ask.
pub(super) fn conjunction(w: &mut Writer, tests: &[String]) {
    let flat = tests.join(" && ");
    match tests {
        [] => w.line("true"),
        _ if w.fits(&flat) => w.line(flat),
        [first, rest @ ..] => {
            w.line(first);
            for test in rest {
                w.line(format_args!("    && {test}"));
            }
        }
    }
}

/// The fields of a body with their names, by id, which is the order of their values.
pub(super) fn by_id<'a>(body: &'a ir::Body, names: &'a [String]) -> Vec<(&'a ir::Field, &'a str)> {
    let mut fields: Vec<_> = body.fields.iter().zip(names.iter().map(String::as_str)).collect();
    fields.sort_by_key(|(field, _)| field.id);
    fields
}

/// A declared or retired id.
pub(super) enum Slot<'a> {
    Field(&'a ir::Field, &'a str),
    Retired(ir::Retired),
}

/// Everything a reader knows about, by id.
pub(super) fn slots<'a>(body: &'a ir::Body, names: &'a [String]) -> Vec<Slot<'a>> {
    let fields = by_id(body, names).into_iter().map(|(field, name)| Slot::Field(field, name));
    let mut slots: Vec<_> = fields.chain(body.retired.iter().map(|&retired| Slot::Retired(retired))).collect();
    slots.sort_by_key(|slot| match slot {
        Slot::Field(field, _) => field.id,
        Slot::Retired(retired) => retired.id,
    });
    slots
}

/// Writes a row, given where the value of each field is.
pub(super) fn write_fields(g: &Package<'_>, w: &mut Writer, body: &ir::Body, place: impl Fn(&str) -> Place) {
    if body.fields.is_empty() {
        return w.line(format_args!("w.row({});", body.slots));
    }
    w.line(format_args!("let mut row = w.row({});", body.slots));
    let names = field_names(body);
    for (field, name) in by_id(body, &names) {
        write_field(g, w, field, &place(name));
    }
    w.line("w.finish_row(row);");
}

/// Fields up to this id have their bits collected in a register by the runtime.
const REGISTER_BITS: u32 = 64;

fn write_field(g: &Package<'_>, w: &mut Writer, field: &ir::Field, place: &Place) {
    let present = match field.id {
        1..=REGISTER_BITS => format!("row.set({});", field.id),
        id => format!("w.present(row, {id});"),
    };
    let sees = field.access.map(|level| format!("w.sees({}({level}))", g.rt("Level")));
    let encode = g.rt("codec::Value::encode");
    if let Type::Optional(inner) = &field.ty {
        let value = match sees {
            Some(sees) => format!("{}.as_ref().filter(|_| {sees})", place.receiver),
            None => place.reference.clone(),
        };
        return w.block(format_args!("if let {}(value) = {value}", g.prelude("Some")), |w| {
            w.line(present);
            match **inner {
                Type::Bool => w.line("w.varint(u64::from(*value));"),
                Type::Param(_) => w.line(format_args!("{}(value, w);", g.rt("codec::Value::encode_optional"))),
                _ => w.line(format_args!("{encode}(value, w);")),
            }
        });
    }
    let test = default_test_for(g, field, place, "w.level()").is_not;
    let test = sees.map_or(test.clone(), |sees| format!("{sees} && {test}"));
    w.block(format_args!("if {test}"), |w| {
        w.line(present);
        match field.ty {
            Type::Bool => {}
            Type::Param(_) => w.line(format_args!("{}({}, w);", g.rt("codec::Value::encode_field"), place.reference)),
            _ => w.line(format_args!("{encode}({}, w);", place.reference)),
        }
    });
}

fn read_struct(g: &Package<'_>, w: &mut Writer, body: &ir::Body) {
    let names = field_names(body);
    w.line("let row = r.row()?;");
    refuse_unused(w, body, "ids(&row");
    let mutable = if body.fields.is_empty() { "" } else { "mut " };
    w.line(format_args!("let {mutable}value: Self = ::core::default::Default::default();"));
    for slot in slots(body, &names) {
        match slot {
            Slot::Retired(retired) => skip(g, w, retired),
            Slot::Field(field, name) => w.block(format_args!("if row.has({})", field.id), |w| {
                w.line(format_args!("value.{name} = {};", read_value(g, field)));
            }),
        }
    }
    w.line(format_args!("r.end_row(&row, {})?;", body.slots));
    w.line(format_args!("{}(value)", g.prelude("Ok")));
}

/// Refuses what stands under ids that nobody ever used; `call` is the end of a function's name and its first argument.
pub(super) fn refuse_unused(w: &mut Writer, body: &ir::Body, call: &str) {
    for (first, last) in body.unused() {
        w.line(format_args!("r.refuse_{call}, {first}..={last})?;"));
    }
}

/// Writes one variable per field of a row; the row's header is `row`.
pub(super) fn read_variables(g: &Package<'_>, w: &mut Writer, body: &ir::Body, variables: &[String]) {
    refuse_unused(w, body, "ids(&row");
    for slot in slots(body, variables) {
        match slot {
            Slot::Retired(retired) => skip(g, w, retired),
            Slot::Field(field, name) if field.ty == Type::Bool => {
                let not = if declared(field).is_some() { "!" } else { "" };
                w.line(format_args!("let {name} = {not}row.has({});", field.id));
            }
            Slot::Field(field, name) => {
                let (value, default) = (read_value(g, field), default_value(g, field));
                conditional(w, &format!("let {name} = "), &format!("row.has({})", field.id), &value, &default, ";");
            }
        }
    }
    w.line(format_args!("r.end_row(&row, {})?;", body.slots));
}

fn conditional(w: &mut Writer, before: &str, test: &str, yes: &str, no: &str, after: &str) {
    let flat = format!("{before}if {test} {{ {yes} }} else {{ {no} }}{after}");
    if w.fits(&flat) {
        return w.line(flat);
    }
    // An assignment rather moves the whole value to the next line.
    let next = format!("    if {test} {{ {yes} }} else {{ {no} }}{after}");
    if let (Some(start), true) = (before.strip_suffix(" = "), w.fits(&next)) {
        w.line(format_args!("{start} ="));
        return w.line(next);
    }
    w.enclosed(format_args!("{before}if {test} {{"), "} else {", |w| w.line(yes));
    w.enclosed_rest(&format!("}}{after}"), |w| w.line(no));
}

/// Writes an arm of a `match`.
pub(super) fn arm(w: &mut Writer, pattern: &str, value: &str) {
    let flat = format!("{pattern} => {value},");
    if w.fits(&flat) {
        w.line(flat);
    } else {
        w.block(format_args!("{pattern} =>"), |w| w.line(value));
    }
}

/// The value of a field whose bit is set.
fn read_value(g: &Package<'_>, field: &ir::Field) -> String {
    let decode = format!("{}(r)?", g.rt("codec::Value::decode"));
    match &field.ty {
        Type::Bool => declared(field).is_none().to_string(),
        Type::Optional(inner) if **inner == Type::Bool => format!("{}(r.bool_varint()?)", g.prelude("Some")),
        Type::Optional(inner) if matches!(**inner, Type::Param(_)) => {
            format!("{}({}(r)?)", g.prelude("Some"), g.rt("codec::Value::decode_optional"))
        }
        Type::Optional(_) => format!("{}({decode})", g.prelude("Some")),
        Type::Param(_) => format!("{}(r)?", g.rt("codec::Value::decode_field")),
        _ => decode,
    }
}

fn skip(g: &Package<'_>, w: &mut Writer, retired: ir::Retired) {
    if retired.shape != Shape::Bit {
        w.block(format_args!("if row.has({})", retired.id), |w| {
            w.line(format_args!("r.skip({})?;", shape(g, retired.shape)))
        });
    }
}

/// A shape as the runtime names it.
pub(super) fn shape(g: &Package<'_>, shape: Shape) -> String {
    g.rt(&format!("codec::Shape::{}", shape_word(shape)))
}

/// The name of a shape in the runtime.
pub(super) fn shape_word(shape: Shape) -> &'static str {
    match shape {
        Shape::Bit => "Bit",
        Shape::Varint => "Varint",
        Shape::Fixed4 => "Fixed4",
        Shape::Fixed8 => "Fixed8",
        Shape::Fixed16 => "Fixed16",
        Shape::Len => "Len",
    }
}

fn write_plain(g: &Package<'_>, w: &mut Writer, body: &ir::Body) {
    let encode = g.rt("codec::Value::encode");
    if body.fields.is_empty() {
        return w.line("let _ = w;");
    }
    for (field, name) in body.fields.iter().zip(field_names(body)) {
        let sees = field.access.map(|level| format!("w.sees({}({level}))", g.rt("Level")));
        match (&field.ty, sees) {
            (Type::Optional(_), sees) => {
                let value = match sees {
                    Some(sees) => format!("self.{name}.as_ref().filter(|_| {sees})"),
                    None => format!("&self.{name}"),
                };
                w.enclosed(format_args!("if let {}(value) = {value} {{", g.prelude("Some")), "} else {", |w| {
                    w.line(format_args!("{encode}(&true, w);"));
                    w.line(format_args!("{encode}(value, w);"));
                });
                w.enclosed_rest("}", |w| w.line(format_args!("{encode}(&false, w);")));
            }
            (_, Some(sees)) => {
                w.enclosed(format_args!("if {sees} {{"), "} else {", |w| {
                    w.line(format_args!("{encode}(&self.{name}, w);"))
                });
                w.enclosed_rest("}", |w| {
                    w.line("let nothing: Self = ::core::default::Default::default();");
                    w.line(format_args!("{encode}(&nothing.{name}, w);"));
                });
            }
            (_, None) => w.line(format_args!("{encode}(&self.{name}, w);")),
        }
    }
}

fn read_plain(g: &Package<'_>, w: &mut Writer, body: &ir::Body) {
    let decode = format!("{}(r)?", g.rt("codec::Value::decode"));
    if body.fields.is_empty() {
        w.line("let _ = r;");
        return w.line(format_args!("{}(Self {{}})", g.prelude("Ok")));
    }
    let flat = field_names(body).iter().map(|name| format!("{name}: {decode}")).collect::<Vec<_>>().join(", ");
    let flat = format!("{}(Self {{ {flat} }})", g.prelude("Ok"));
    if w.fits(&flat) && !body.fields.iter().any(|field| matches!(field.ty, Type::Optional(_))) {
        return w.line(flat);
    }
    w.enclosed(format_args!("{}(Self {{", g.prelude("Ok")), "})", |w| {
        for (field, name) in body.fields.iter().zip(field_names(body)) {
            if let Type::Optional(_) = field.ty {
                let test = format!("<bool as {}>::decode(r)?", g.rt("codec::Value"));
                let some = format!("{}({decode})", g.prelude("Some"));
                conditional(w, &format!("{name}: "), &test, &some, g.prelude("None"), ",");
            } else {
                w.line(format_args!("{name}: {decode},"));
            }
        }
    });
}
