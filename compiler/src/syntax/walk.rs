//! Ways through the tree that several stages take.

use super::annotations::Place;
use super::ast::{Annotation, Case, FieldBody, Item, ItemKind, Method, MethodWord, Name, Number, Param, UnitBody};
use crate::source::Span;

/// Visits the annotations of an item and of everything in it, with what each stands on.
pub fn annotations<'a>(item: &'a Item, visit: &mut dyn FnMut(&'a [Annotation], Place)) {
    annotated(item, &mut |annotations, place, _| visit(annotations, place));
}

/// Visits the annotations of an item and of everything in it, with what each stands on and all of that.
pub fn annotated<'a>(item: &'a Item, visit: &mut Visit<'_, 'a>) {
    visit(&item.annotations, target_of(item), item.span);
    match &item.kind {
        ItemKind::Struct { body, .. } => fields(body, Place::Field, visit),
        ItemKind::Enum { body, .. } => {
            for m in &body.members {
                visit(&m.annotations, Place::Member, line(m.number.as_ref(), &m.name, &m.annotations));
            }
        }
        ItemKind::Union { body, .. } => {
            for case in &body.cases {
                visit(&case.annotations, Place::Case, whole(case));
                case.payload.iter().for_each(|payload| fields(payload, Place::PayloadField, visit));
            }
        }
        ItemKind::Store { key, body, .. } => {
            key.iter().for_each(|key| params(key, Place::KeyPart, visit));
            methods(body, visit);
        }
        ItemKind::Service { body } => methods(body, visit),
        ItemKind::Annotation { params: list, .. } => params(list, Place::Param, visit),
        ItemKind::View { .. } | ItemKind::Alias { .. } | ItemKind::Newtype { .. } | ItemKind::Const { .. } => {}
    }
}

/// What is called for each place that may have annotations.
type Visit<'v, 'a> = dyn FnMut(&'a [Annotation], Place, Span) + 'v;

/// A line of a body that consists of these parts.
fn line(number: Option<&Number>, name: &Name, annotations: &[Annotation]) -> Span {
    let start = number.map_or(name.span, |number| number.span);
    start.to(name.span).to(annotations.last().map_or(name.span, |last| last.span))
}

fn whole(case: &Case) -> Span {
    let line = line(case.id.as_ref(), &case.name, &case.annotations);
    case.payload.as_ref().map_or(line, |payload| line.to(payload.span))
}

/// What annotations of an item stand on.
pub fn target_of(item: &Item) -> Place {
    match &item.kind {
        ItemKind::Struct { .. } => Place::Struct,
        ItemKind::Enum { .. } => Place::Enum,
        ItemKind::Union { is_error: true, .. } => Place::Error,
        ItemKind::Union { .. } => Place::Union,
        ItemKind::Store { .. } => Place::Store,
        ItemKind::Service { .. } => Place::Service,
        ItemKind::View { .. } => Place::View,
        ItemKind::Alias { .. } => Place::Alias,
        ItemKind::Newtype { .. } => Place::Newtype,
        ItemKind::Const { .. } => Place::Const,
        ItemKind::Annotation { .. } => Place::Annotation,
    }
}

/// What annotations of a method or event stand on.
pub fn target_of_method(method: &Method) -> Place {
    match method.word {
        MethodWord::Rpc => Place::Rpc,
        MethodWord::Send => Place::Send,
        MethodWord::Event => Place::Event,
    }
}

fn fields<'a>(body: &'a FieldBody, target: Place, visit: &mut Visit<'_, 'a>) {
    body.fields.iter().for_each(|field| visit(&field.annotations, target, field.span));
}

fn methods<'a>(body: &'a UnitBody, visit: &mut Visit<'_, 'a>) {
    for method in &body.methods {
        visit(&method.annotations, target_of_method(method), method.span);
        method.key.iter().for_each(|key| params(key, Place::KeyPart, visit));
        params(&method.params, Place::Param, visit);
    }
}

fn params<'a>(list: &'a [Param], target: Place, visit: &mut Visit<'_, 'a>) {
    list.iter().for_each(|param| visit(&param.annotations, target, param.span));
}
