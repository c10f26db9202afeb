//! Declared annotations: the type of their arguments, and a constant for each use.

use super::docs::docs;
use super::module::{As, Module};
use super::names::field_names;
use super::rows::properties;
use super::structs::interface;
use super::types::{Form, literal_value};
use crate::emit::annotated;
use crate::emit::writer::{Internal, Writer};
use crate::ir::{self, Literal, Type};

/// Writes the type of an annotation's arguments.
pub(super) fn emit(m: &Module<'_>, w: &mut Writer, id: ir::AnnotationId) {
    let annotation = &m.schema[id];
    let body = annotated::body(annotation);
    let names = field_names(&body, &[]);
    docs(w, &annotation.docs);
    let name = &m.names.annotations[id.0 as usize];
    interface(w, name, |w| properties(m, w, &body, &names, Form::Full), body.fields.is_empty());
}

/// Writes the constants of a package. They are values without calls, so bundlers drop those that nobody uses.
pub(super) fn uses(m: &Module<'_>, w: &mut Writer, package: &ir::Package) {
    let uses = package.items.iter().flat_map(|&item| annotated::uses(m.schema, item));
    for (used, name) in uses.zip(&m.names.annotated[m.id.0 as usize]) {
        let annotation = &m.schema[used.annotated.annotation];
        let ty = &m.names.annotations[used.annotated.annotation.0 as usize];
        let ty = m.name(annotation.package, ty, As::Type);
        let body = annotated::body(annotation);
        let values = body.fields.iter().zip(&used.annotated.values).zip(field_names(&body, &[]));
        let values = values.map(|((field, value), name)| format!("{name}: {}", value_of(m, &field.ty, value.as_ref())));
        w.blank();
        w.set_internal(used.is_internal(m.schema).then_some(Internal::Tag));
        docs(w, &vec![used.sentence(m.schema)].into());
        w.spaced_list(format!("export const {name}: {ty} = {{"), &values.collect::<Vec<_>>(), "};");
        w.set_internal(None);
    }
}

fn value_of(m: &Module<'_>, ty: &Type, value: Option<&Literal>) -> String {
    match (ty, value) {
        (_, None) => "undefined".to_owned(),
        (Type::Optional(inner), value) => value_of(m, inner, value),
        (ty, Some(value)) => literal_value(m, ty, value),
    }
}
