//! A declaration that only its own package may use, and that the package does not use.

use super::{Cx, holds};
use crate::diag::{Diagnostic, codes};
use crate::syntax::ast::ItemKind;
use std::collections::BTreeSet;

pub(super) fn find(cx: &Cx<'_>, found: &mut Vec<Diagnostic>) {
    // That a declaration names itself is no use of it.
    let is_other = |(span, idx): &&(_, usize)| !holds(cx.resolved.items[*idx].item.span, *span);
    let used: BTreeSet<usize> = cx.uses.iter().filter(is_other).map(|(_, idx)| *idx).collect();
    for (idx, declared) in cx.items() {
        let item = declared.item;
        // Programs open these.
        let is_opened = matches!(item.kind, ItemKind::Store { .. } | ItemKind::Service { .. } | ItemKind::View { .. });
        let Some(internal) = item.internal.filter(|_| !is_opened && !used.contains(&idx)) else { continue };
        let message = format!("`{}` is internal, and nothing in its package uses it", item.name.text);
        let d = Diagnostic::warning(&codes::UNUSED_INTERNAL, message, item.name.span, "never used");
        found.push(
            d.label(internal, "nobody else may")
                .note("`@allow(unused_internal, \"why\")` on it allows it, e.g. if code in Rust uses the type."),
        );
    }
}
