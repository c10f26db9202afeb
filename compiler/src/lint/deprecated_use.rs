//! A declaration that is deprecated is named outside of what is deprecated itself.

use super::{Cx, holds};
use crate::diag::{Diagnostic, codes};
use crate::ir::{Deprecated, Item, Schema};
use crate::source::Span;
use crate::syntax::walk;
use std::collections::BTreeMap;

pub(super) fn find(cx: &Cx<'_>, found: &mut Vec<Diagnostic>) {
    let deprecated: BTreeMap<usize, &Deprecated> = (cx.resolved.items.iter().enumerate())
        .filter_map(|(idx, declared)| Some((idx, deprecated(cx.schema, declared.id)?)))
        .collect();
    if deprecated.is_empty() {
        return;
    }
    for (_, user) in cx.items() {
        let span = user.item.span;
        let from = cx.uses.partition_point(|(at, _)| *at < span.before());
        let inside = cx.uses[from..].iter().take_while(|(at, _)| holds(span, *at));
        let used = inside.filter_map(|(at, idx)| Some((*at, *idx, *deprecated.get(idx)?)));
        let used: Vec<(Span, usize, &Deprecated)> = used.collect();
        if used.is_empty() {
            continue;
        }
        // Whoever reads these is told already.
        let mut told: Vec<Span> = Vec::new();
        walk::annotated(user.item, &mut |annotations, _, span| {
            let is_deprecated = annotations.iter().any(|annotation| annotation.name.dotted() == "deprecated");
            // What lies in one of these is one of these.
            let is_new = told.last().is_none_or(|last| !holds(*last, span));
            told.extend((is_deprecated && is_new).then_some(span));
        });
        for (at, idx, deprecated) in used {
            let near = told.partition_point(|span| span.start <= at.start);
            if !told[..near].last().is_some_and(|span| holds(*span, at)) {
                found.push(diagnostic(cx, at, idx, deprecated));
            }
        }
    }
}

fn diagnostic(cx: &Cx<'_>, at: Span, idx: usize, deprecated: &Deprecated) -> Diagnostic {
    let name = &cx.resolved.items[idx].item.name;
    let message = format!("`{}` is deprecated: {}", name.text, deprecated.sentence());
    Diagnostic::warning(&codes::DEPRECATED_USE, message, at, "used here")
        .label(name.span, "declared here")
        .note("`@allow(deprecated_use, \"why\")` on the field, method or declaration around it allows it.")
}

fn deprecated(schema: &Schema, item: Item) -> Option<&Deprecated> {
    let docs = match item {
        Item::Struct(id) => &schema[id].docs,
        Item::Enum(id) => &schema[id].docs,
        Item::Union(id) => &schema[id].docs,
        Item::Unit(id) => &schema[id].docs,
        Item::Alias(id) => &schema[id].docs,
        Item::Const(id) => &schema[id].docs,
        Item::Newtype(id) => &schema[id].docs,
        Item::Annotation(id) => &schema[id].docs,
    };
    docs.deprecated.as_ref()
}
