//! Ways through the tree that several stages take.

use super::annotations::Place;
use super::ast::{Annotation, FieldBody, Item, ItemKind, Method, MethodWord, Param, UnitBody};

/// Visits the annotations of an item and of everything in it, with what each stands on.
pub fn annotations<'a>(item: &'a Item, visit: &mut dyn FnMut(&'a [Annotation], Place)) {
    visit(&item.annotations, target_of(item));
    match &item.kind {
        ItemKind::Struct { body, .. } => fields(body, Place::Field, visit),
        ItemKind::Enum { body, .. } => body.members.iter().for_each(|m| visit(&m.annotations, Place::Member)),
        ItemKind::Union { body, .. } => {
            for case in &body.cases {
                visit(&case.annotations, Place::Case);
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

fn fields<'a>(body: &'a FieldBody, target: Place, visit: &mut dyn FnMut(&'a [Annotation], Place)) {
    body.fields.iter().for_each(|field| visit(&field.annotations, target));
}

fn methods<'a>(body: &'a UnitBody, visit: &mut dyn FnMut(&'a [Annotation], Place)) {
    for method in &body.methods {
        visit(&method.annotations, target_of_method(method));
        method.key.iter().for_each(|key| params(key, Place::KeyPart, visit));
        params(&method.params, Place::Param, visit);
    }
}

fn params<'a>(list: &'a [Param], target: Place, visit: &mut dyn FnMut(&'a [Annotation], Place)) {
    list.iter().for_each(|param| visit(&param.annotations, target));
}
