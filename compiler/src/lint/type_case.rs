//! Types, members and cases are written in UpperCamel.

use super::Cx;
use crate::diag::{Diagnostic, codes};
use crate::syntax::ast::{Item, ItemKind, Name};
use heck::ToUpperCamelCase;

pub(super) fn find(cx: &Cx<'_>, found: &mut Vec<Diagnostic>) {
    for (_, declared) in cx.items() {
        let item = declared.item;
        if let Some(what) = what(item) {
            found.extend(diagnostic(what, &item.name));
        }
        match &item.kind {
            ItemKind::Enum { body, .. } => {
                found.extend(body.members.iter().filter_map(|m| diagnostic("member", &m.name)))
            }
            ItemKind::Union { body, .. } => found.extend(body.cases.iter().filter_map(|c| diagnostic("case", &c.name))),
            _ => {}
        }
    }
}

/// What a declaration is, if it is one of those that are written like this.
fn what(item: &Item) -> Option<&'static str> {
    match &item.kind {
        ItemKind::Struct { .. } => Some("struct"),
        ItemKind::Enum { .. } => Some("enum"),
        ItemKind::Union { is_error: true, .. } => Some("error"),
        ItemKind::Union { .. } => Some("union"),
        ItemKind::Store { .. } => Some("store"),
        ItemKind::Service { .. } => Some("service"),
        ItemKind::View { .. } => Some("view"),
        ItemKind::Alias { .. } => Some("alias"),
        ItemKind::Newtype { .. } => Some("newtype"),
        ItemKind::Const { .. } | ItemKind::Annotation { .. } => None,
    }
}

fn diagnostic(what: &str, name: &Name) -> Option<Diagnostic> {
    let text = name.text.as_str();
    if text.starts_with(|c: char| c.is_ascii_uppercase()) && !text.contains('_') {
        return None;
    }
    let right = text.to_upper_camel_case();
    // Nothing is left of `__`, and `_1` would be no name.
    if right == text || !right.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let message = format!("{what} `{text}` is not written in UpperCamel");
    let d = Diagnostic::warning(&codes::TYPE_CASE, message, name.span, format!("written `{right}`"));
    Some(d.note("`@allow(type_case, \"why\")` on it, on what holds it, or behind `package NAME` allows it."))
}
