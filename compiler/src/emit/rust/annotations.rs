//! Declared annotations: the type of their arguments, and a constant for each use.

use super::Package;
use super::docs::{docs, string};
use super::names::field_names;
use super::types::{Collections, literal_value, rust_type};
use crate::emit::annotated;
use crate::emit::writer::{Internal, Writer};
use crate::ir::{self, Literal, Type};

/// Writes the type of an annotation's arguments.
pub(super) fn emit(g: &Package<'_>, w: &mut Writer, id: ir::AnnotationId) {
    let annotation = &g.schema[id];
    let name = &g.names.annotations[id.0 as usize];
    let body = annotated::body(annotation);
    docs(w, &annotation.docs);
    w.line("#[derive(Clone, Copy, Debug, PartialEq)]");
    if body.fields.is_empty() {
        return w.line(format_args!("pub struct {name} {{}}"));
    }
    w.block(format_args!("pub struct {name}"), |w| {
        for (field, name) in body.fields.iter().zip(field_names(&body)) {
            w.line(format_args!("pub {name}: {},", type_of(g, &field.ty)));
        }
    });
}

fn type_of(g: &Package<'_>, ty: &Type) -> String {
    match ty {
        Type::Optional(inner) => format!("{}<{}>", g.prelude("Option"), type_of(g, inner)),
        Type::String => "&'static str".to_owned(),
        ty => rust_type(g, ty, Collections::Plain),
    }
}

/// Writes the constants of a package.
pub(super) fn uses(g: &Package<'_>, w: &mut Writer, package: &ir::Package) {
    let uses = package.items.iter().flat_map(|&item| annotated::uses(g.schema, item));
    for (used, name) in uses.zip(&g.names.annotated[g.id.0 as usize]) {
        let annotation = &g.schema[used.annotated.annotation];
        let ty = &g.names.annotations[used.annotated.annotation.0 as usize];
        let ty = g.names.path(g.id, annotation.package, ty);
        let body = annotated::body(annotation);
        let values = body.fields.iter().zip(&used.annotated.values).zip(field_names(&body));
        let values = values.map(|((field, value), name)| format!("{name}: {}", value_of(g, &field.ty, value.as_ref())));
        w.blank();
        w.set_internal(used.is_internal(g.schema).then_some(Internal::Crate));
        w.line(format_args!("/// {}", used.sentence(g.schema)));
        let values: Vec<String> = values.collect();
        let head = format!("pub const {name}: {ty} =");
        let value = match values.as_slice() {
            [] => format!("{ty} {{}};"),
            values => format!("{ty} {{ {} }};", values.join(", ")),
        };
        // A formatter would rather break behind the equals sign than inside the braces.
        if !w.fits(&format!("{head} {value}")) && w.fits(&format!("    {value}")) {
            w.line(head);
            w.indented(|w| w.line(value));
        } else {
            w.spaced_list(format!("{head} {ty} {{"), &values, "};");
        }
        w.set_internal(None);
    }
}

fn value_of(g: &Package<'_>, ty: &Type, value: Option<&Literal>) -> String {
    match (ty, value) {
        (Type::Optional(inner), Some(_)) => format!("{}({})", g.prelude("Some"), value_of(g, inner, value)),
        (_, None) => g.prelude("None").to_owned(),
        (_, Some(Literal::String(text))) => string(text),
        (Type::F32 | Type::F64, Some(Literal::Int(int))) => format!("{int}.0"),
        (ty, Some(value)) => literal_value(g, ty, value),
    }
}
