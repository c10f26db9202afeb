//! Constraints: a function for each type that has some in it, which throws the first violation.

use super::docs::string;
use super::expr::Expr;
use super::module::{As, Module};
use super::rows::function;
use super::types::literal_value;
use crate::emit::writer::Writer;
use crate::ir::constraints::Constraint;
use crate::ir::{self, Type};

/// Writes a function that checks `v`.
pub(super) fn check_fn(m: &Module<'_>, w: &mut Writer, name: &str, ty: &str, body: impl FnOnce(&mut Writer)) {
    w.line("/** Throws a `ConstraintError` for the first value in it that breaks a constraint. */");
    let parameters = [format!("v: {ty}"), format!("at?: {}", m.rs("At"))];
    function(w, name, &parameters, "void", body);
}

/// Writes the checks of a body's fields.
pub(super) fn fields(m: &Module<'_>, w: &mut Writer, body: &ir::Body, names: &[String], at: &str) {
    for (field, name) in body.fields.iter().zip(names) {
        let (value, at) = (format!("v.{name}"), place(m, field, at));
        let ty = if let Type::Optional(inner) = &field.ty { inner } else { &field.ty };
        for constraint in &field.constraints {
            rule(m, constraint, ty, &value, &at).write(w, "", ";");
        }
        if let Some(check) = inside(m, ty, &value, &at) {
            check.write(w, "", ";");
        }
    }
}

/// Writes the body of a union's function.
pub(super) fn cases(m: &Module<'_>, w: &mut Writer, union: &ir::Union, kinds: &[String], names: &[Vec<String>]) {
    w.block("switch (v.kind)", |w| {
        for ((case, kind), names) in union.cases.iter().zip(kinds).zip(names) {
            if m.schema.is_body_constrained(&case.body) {
                w.enclosed(format_args!("case \"{kind}\":"), "  break;", |w| {
                    let at = format!("{}(at, {})", m.rs("atField"), string(&case.name));
                    fields(m, w, &case.body, names, &at);
                });
            }
        }
    });
}

/// Writes the function of a newtype with constraints.
pub(super) fn newtype(m: &Module<'_>, w: &mut Writer, newtype: &ir::Newtype, name: &str, ty: &str) {
    check_fn(m, w, name, ty, |w| {
        for constraint in &newtype.constraints {
            rule(m, constraint, &newtype.base, "v", "at").write(w, "", ";");
        }
    });
}

/// Where a field is.
fn place(m: &Module<'_>, field: &ir::Field, at: &str) -> String {
    let function = if field.access.is_some() { "atHidden" } else { "atField" };
    format!("{}({at}, {})", m.rs(function), string(&field.name))
}

fn rule(m: &Module<'_>, constraint: &Constraint, ty: &Type, value: &str, at: &str) -> Expr {
    let ty = if let Type::Newtype(_, base) = ty { base } else { ty };
    let number = |limit: &Option<u32>| limit.map(|limit| limit.to_string());
    let (name, limits) = match constraint {
        Constraint::Range { low, high } => {
            let limit = |limit: &Option<ir::Literal>| limit.as_ref().map(|limit| literal_value(m, ty, limit));
            (if *ty == Type::F32 { "checkRangeF32" } else { "checkRange" }, limits(limit(low), limit(high)))
        }
        Constraint::Len { low, high } => ("checkLen", limits(number(low), number(high))),
        Constraint::Count { low, high } => ("checkCount", limits(number(low), number(high))),
        Constraint::Pattern(text) => ("checkPattern", vec![format!("/^(?:{text})$/u")]),
    };
    let arguments = [value.to_owned(), at.to_owned()].into_iter().chain(limits);
    Expr::Call(m.rs(name), arguments.map(Expr::Text).collect())
}

fn limits(low: Option<String>, high: Option<String>) -> Vec<String> {
    let low = low.unwrap_or_else(|| "undefined".to_owned());
    std::iter::once(low).chain(high).collect()
}

/// What checks inside a value that may be missing.
fn inside(m: &Module<'_>, ty: &Type, value: &str, at: &str) -> Option<Expr> {
    if !m.schema.is_constrained(ty) {
        return None;
    }
    let text = |text: &str| Expr::Text(text.to_owned());
    let (name, checks) = match ty {
        Type::List(item) | Type::Array(item, _) => ("checkItems", vec![checker(m, item)]),
        Type::Set(item) => ("checkMembers", vec![checker(m, item)]),
        Type::Map(key, item) => ("checkEntries", vec![checker(m, key), checker(m, item)]),
        ty => ("checkIn", vec![checker(m, ty)]),
    };
    Some(Expr::Call(m.rs(name), [text(value), text(at)].into_iter().chain(checks).collect()))
}

/// The function that checks a value of this type; `undefined` for types without constraints.
fn checker(m: &Module<'_>, ty: &Type) -> Expr {
    let ty = if let Type::Optional(inner) = ty { inner } else { ty };
    let name = match ty {
        _ if !m.schema.is_constrained(ty) => return Expr::text("undefined"),
        Type::Struct(id, args) => m.struct_fn(*id, args, |names| &names.check),
        Type::Union(id, args) => m.union_fn(*id, args, |names| &names.check),
        Type::Newtype(id, _) => m.name(m.schema[*id].package, &m.names.newtypes[id.0 as usize].check, As::Value),
        ty => {
            let inner = inside(m, ty, "v", "at").unwrap_or(Expr::text("undefined"));
            return Expr::Arrow("v, at".to_owned(), Box::new(inner));
        }
    };
    Expr::Text(name)
}
