//! Constraints: the checks of a row, of a union's payloads, of a delta and of a newtype.

use super::Package;
use super::docs::string;
use super::names::field_names;
use super::types::{Place, literal_value};
use crate::emit::writer::Writer;
use crate::ir::constraints::Constraint;
use crate::ir::{self, Literal, Type};

/// Writes the items of `Row` that check a body with constraints; the other bodies have none.
pub(super) fn row(g: &Package<'_>, w: &mut Writer, body: &ir::Body) {
    if !is_body_checked(g, body) {
        return;
    }
    w.blank();
    constrained(g, w, g.schema.is_body_constrained(body));
    function(g, w, "check_row", &["&self"], |w| {
        patterns(g, w, body);
        for (field, name) in body.fields.iter().zip(field_names(body)) {
            let place = Place::field("self", &name);
            rules(g, w, body, field, &place);
            value(g, w, field, &place);
        }
        w.line(format_args!("{}(())", g.prelude("Ok")));
    });
}

/// Whether values of this type may have constraints: it has some, or arguments may have.
fn is_checked(g: &Package<'_>, ty: &Type) -> bool {
    ty.has_params() || g.schema.is_constrained(ty)
}

fn is_body_checked(g: &Package<'_>, body: &ir::Body) -> bool {
    g.schema.is_body_constrained(body) || body.fields.iter().any(|field| field.ty.has_params())
}

/// Writes whether there are constraints, which for a generic declaration may depend on its arguments.
fn constrained(g: &Package<'_>, w: &mut Writer, own: bool) {
    let value = g.rt("codec::Value");
    let arguments: Vec<String> = g.params.iter().map(|param| format!("<{param} as {value}>::CONSTRAINED")).collect();
    let line = format!("const CONSTRAINED: bool = {};", arguments.join(" || "));
    w.line(if own || !w.fits(&line) { "const CONSTRAINED: bool = true;" } else { &line });
    w.blank();
}

/// Writes the items of `Union` that check the payloads of its cases.
pub(super) fn union(g: &Package<'_>, w: &mut Writer, union: &ir::Union, names: &[String], bound: &[Vec<String>]) {
    if !union.cases.iter().any(|case| is_body_checked(g, &case.body)) {
        return;
    }
    w.blank();
    constrained(g, w, union.constrained);
    function(g, w, "check_case", &["&self"], |w| {
        let cases = union.cases.iter().zip(names).zip(bound);
        let cases: Vec<_> = cases.filter(|((case, _), _)| is_body_checked(g, &case.body)).collect();
        let others = union.open || cases.len() < union.cases.len();
        match cases.as_slice() {
            [((case, name), variables)] if others => {
                self::case(g, w, case, &format!("if let Self::{name}"), variables, "} = self {");
            }
            cases => w.block("match self", |w| {
                for ((case, name), variables) in cases {
                    self::case(g, w, case, &format!("Self::{name}"), variables, "} => {");
                }
                if others {
                    w.line("_ => {}");
                }
            }),
        }
        w.line(format_args!("{}(())", g.prelude("Ok")));
    });
}

fn case(g: &Package<'_>, w: &mut Writer, case: &ir::Case, head: &str, variables: &[String], then: &str) {
    let fields = case.body.fields.iter().zip(field_names(&case.body)).zip(variables);
    let used = |field: &ir::Field| !field.constraints.is_empty() || is_checked(g, &field.ty);
    let mut bindings: Vec<String> = (fields.clone().filter(|((field, _), _)| used(field)))
        .map(|((_, name), variable)| if name == *variable { name } else { format!("{name}: {variable}") })
        .collect();
    if bindings.len() < case.body.fields.len() {
        bindings.push("..".to_owned());
    }
    w.spaced_list_then(format!("{head} {{"), &bindings, then, "}", |w| {
        patterns(g, w, &case.body);
        w.line(format_args!("let at = at.field({});", string(&case.name)));
        for ((field, _), variable) in fields {
            let place = Place::reference(variable);
            rules(g, w, &case.body, field, &place);
            value(g, w, field, &place);
        }
    });
}

/// Writes the function of `Delta` that checks what a patch has brought.
pub(super) fn patch(g: &Package<'_>, w: &mut Writer, patch: &str, body: &ir::Body) {
    if !is_body_checked(g, body) {
        return;
    }
    w.blank();
    let patch = format!("patch: &{patch}");
    function(g, w, "check_patch", &[&patch, "new: &Self"], |w| {
        patterns(g, w, body);
        for (field, name) in body.fields.iter().zip(field_names(body)) {
            match (field.constraints.is_empty(), &field.ty) {
                (true, _) => {}
                (false, Type::Optional(_)) => {
                    let changed = format!("new.{name}.as_ref().filter(|_| !patch.{name}.is_keep())");
                    rules(g, w, body, field, &Place::reference(&changed));
                }
                (false, _) => w.block(format_args!("if !patch.{name}.is_keep()"), |w| {
                    rules(g, w, body, field, &Place::field("new", &name));
                }),
            }
            if is_checked(g, &field.ty) {
                w.line(format_args!("patch.{name}.check(&new.{name}, {})?;", at(field)));
            }
        }
        w.line(format_args!("{}(())", g.prelude("Ok")));
    });
}

/// The function that checks the base of a newtype, as the last argument of its macro; empty without constraints.
pub(super) fn newtype(g: &Package<'_>, w: &mut Writer, head: &str, newtype: &ir::Newtype) {
    if newtype.constraints.is_empty() {
        return w.line(format_args!("{head});"));
    }
    w.enclosed(format_args!("{head}, |value, at| {{"), "});", |w| {
        for (n, text) in newtype.constraints.iter().filter_map(text).enumerate() {
            pattern(g, w, n + 1, text);
        }
        let mut n_patterns = 0;
        for constraint in &newtype.constraints {
            rule(g, w, constraint, &newtype.base, &Place::reference("value"), "at", &mut n_patterns);
        }
        w.line(format_args!("{}(())", g.prelude("Ok")));
    });
}

fn function(g: &Package<'_>, w: &mut Writer, name: &str, parameters: &[&str], body: impl FnOnce(&mut Writer)) {
    let mut parameters: Vec<String> = parameters.iter().map(|parameter| (*parameter).to_owned()).collect();
    parameters.push(format!("at: &{}<'_>", g.rt("check::Path")));
    let result = format!("::core::result::Result<(), {}>", g.rt("check::Violation"));
    w.list(format!("fn {name}("), &parameters, &format!(") -> {result} {{"));
    w.enclosed_rest("}", body);
}

fn text(constraint: &Constraint) -> Option<&str> {
    if let Constraint::Pattern(text) = constraint { Some(text) } else { None }
}

/// Writes the patterns of a body, numbered in the order of their fields.
fn patterns(g: &Package<'_>, w: &mut Writer, body: &ir::Body) {
    let texts = body.fields.iter().flat_map(|field| &field.constraints).filter_map(text);
    for (n, text) in texts.enumerate() {
        pattern(g, w, n + 1, text);
    }
}

fn pattern(g: &Package<'_>, w: &mut Writer, n: usize, text: &str) {
    let ty = g.rt("check::Pattern");
    let (start, value) = (format!("static PATTERN_{n}: {ty} ="), format!("{ty}::new({});", string(text)));
    let flat = format!("{start} {value}");
    if w.fits(&flat) {
        return w.line(flat);
    }
    let mut fits = false;
    w.indented(|w| fits = w.fits(&value));
    if fits {
        w.line(start);
        return w.indented(|w| w.line(value));
    }
    w.enclosed(format_args!("{start} {ty}::new("), ");", |w| w.line(format_args!("{},", string(text))));
}

/// Where a field is.
fn at(field: &ir::Field) -> String {
    let function = if field.access.is_some() { "hidden" } else { "field" };
    format!("&at.{function}({})", string(&field.name))
}

/// Writes the constraints of a field itself.
fn rules(g: &Package<'_>, w: &mut Writer, body: &ir::Body, field: &ir::Field, place: &Place) {
    if field.constraints.is_empty() {
        return;
    }
    let before = body.fields.iter().take_while(|other| other.id != field.id);
    let mut n_patterns = before.flat_map(|other| &other.constraints).filter_map(text).count();
    let at = at(field);
    let mut each = |w: &mut Writer, ty: &Type, place: &Place| {
        for constraint in &field.constraints {
            rule(g, w, constraint, ty, place, &at, &mut n_patterns);
        }
    };
    match &field.ty {
        Type::Optional(inner) => {
            let some = format!("if let {}(value) = {}", g.prelude("Some"), place.reference);
            w.block(some, |w| each(w, inner, &Place::reference("value")));
        }
        ty => each(w, ty, place),
    }
}

/// Writes what checks inside a field.
fn value(g: &Package<'_>, w: &mut Writer, field: &ir::Field, place: &Place) {
    if is_checked(g, &field.ty) {
        call(g, w, "value", &[place.reference.clone(), at(field)]);
    }
}

fn rule(
    g: &Package<'_>,
    w: &mut Writer,
    constraint: &Constraint,
    ty: &Type,
    place: &Place,
    at: &str,
    n_patterns: &mut usize,
) {
    if let Type::Newtype(_, base) = ty {
        let place = Place::field(&place.receiver, "0");
        return rule(g, w, constraint, base, &place, at, n_patterns);
    }
    let number = |limit: &Option<u32>| limit.map(|limit| limit.to_string());
    let (name, value, limits) = match constraint {
        Constraint::Range { low, high } => {
            let limit = |limit: &Option<Literal>| limit.as_ref().map(|limit| literal_value(g, ty, limit));
            ("range", place.value.clone(), between(limit(low), limit(high)))
        }
        Constraint::Len { low, high } => ("len", place.reference.clone(), between(number(low), number(high))),
        Constraint::Count { low, high } => {
            ("count", format!("{}.len()", place.receiver), between(number(low), number(high)))
        }
        Constraint::Pattern(_) => {
            *n_patterns += 1;
            ("pattern", place.reference.clone(), format!("&PATTERN_{n_patterns}"))
        }
    };
    call(g, w, name, &[value, limits, at.to_owned()]);
}

fn between(low: Option<String>, high: Option<String>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("{low}..={high}"),
        (Some(low), None) => format!("{low}.."),
        (None, high) => format!("..={}", high.unwrap_or_default()),
    }
}

fn call(g: &Package<'_>, w: &mut Writer, name: &str, arguments: &[String]) {
    w.list(format!("{}(", g.rt(&format!("check::{name}"))), arguments, ")?;");
}
