//! Inputs: values whose fields may be left out, completed by the constructor of their type.

use super::module::Module;
use super::types::{default_value, has_init};
use crate::emit::writer::Writer;
use crate::ir::{self, Type};

/// Writes `return { .. }` with every property of `init` completed, behind those in `first`.
pub(super) fn return_completed(m: &Module<'_>, w: &mut Writer, first: &[String], body: &ir::Body, names: &[String]) {
    let filled: Vec<_> = body.fields.iter().zip(names).map(|(field, name)| (name, filled(m, field, name))).collect();
    let given = filled.iter().map(|(name, value)| format!("{name}: {}", value.flat()));
    let items: Vec<String> = first.iter().cloned().chain(given).collect();
    if items.is_empty() {
        return w.line("return {};");
    }
    let flat = format!("return {{ {} }};", items.join(", "));
    if w.fits(&flat) {
        return w.line(flat);
    }
    w.enclosed("return {", "};", |w| {
        first.iter().for_each(|item| w.line(format_args!("{item},")));
        for (name, value) in &filled {
            value.write(w, name);
        }
    });
}

/// A property of `init`, completed.
fn filled(m: &Module<'_>, field: &ir::Field, name: &str) -> Filled {
    let value = format!("init.{name}");
    match &field.ty {
        Type::Struct(..) => Filled::Value(completed(m, &field.ty, &value)),
        Type::Optional(inner) if has_init(m, inner) => Filled::Choice {
            test: format!("{value} === undefined"),
            yes: "undefined".to_owned(),
            no: completed(m, inner, &value),
        },
        Type::Optional(_) => Filled::Value(value),
        Type::List(_) | Type::Array(..) | Type::Map(..) if has_init(m, &field.ty) => Filled::Choice {
            test: format!("{value} === undefined"),
            yes: default_value(m, field),
            no: completed(m, &field.ty, &value),
        },
        _ => Filled::Value(format!("{value} ?? {}", default_value(m, field))),
    }
}

/// A value given as `TInit`, as `T`.
fn completed(m: &Module<'_>, ty: &Type, value: &str) -> String {
    match ty {
        _ if !has_init(m, ty) => value.to_owned(),
        Type::Struct(id, args) => format!("{}({value})", m.struct_fn(*id, args, |names| &names.make)),
        Type::Union(id, args) => format!("{}({value})", m.union_fn(*id, args, |names| &names.make)),
        Type::List(item) | Type::Array(item, _) => format!("{value}.map({})", completer(m, item)),
        Type::Map(_, item) => format!("{}({value}, {})", m.rs("mapValues"), completer(m, item)),
        Type::Optional(inner) => format!("{value} === undefined ? undefined : {}", completed(m, inner, value)),
        _ => value.to_owned(),
    }
}

fn completer(m: &Module<'_>, ty: &Type) -> String {
    let body = completed(m, ty, "v");
    // A conditional after an arrow stands in parentheses.
    if matches!(ty, Type::Optional(_)) { format!("(v) => ({body})") } else { format!("(v) => {body}") }
}

/// The value of a property that a constructor gives.
enum Filled {
    Value(String),
    Choice { test: String, yes: String, no: String },
}

impl Filled {
    fn flat(&self) -> String {
        match self {
            Self::Value(value) => value.clone(),
            Self::Choice { test, yes, no } => format!("{test} ? {yes} : {no}"),
        }
    }

    /// Writes the property.
    fn write(&self, w: &mut Writer, name: &str) {
        let flat = self.flat();
        let line = format!("{name}: {flat},");
        match self {
            Self::Choice { test, yes, no } if !w.fits(&line) => {
                w.line(format_args!("{name}:"));
                w.indented(|w| {
                    if w.fits(&format!("{flat},")) {
                        return w.line(format_args!("{flat},"));
                    }
                    w.line(test);
                    w.line(format_args!("  ? {yes}"));
                    w.line(format_args!("  : {no},"));
                });
            }
            _ => w.line(line),
        }
    }
}
