//! `internal`: what only its own package may use.

use super::Resolved;
use crate::diag::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::ast::Item;
use std::collections::HashMap;

/// Reports every name that means something internal of another package.
pub(super) fn check(resolved: &Resolved<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let package_of: HashMap<_, usize> = resolved
        .packages
        .iter()
        .enumerate()
        .flat_map(|(idx, package)| package.files.iter().map(move |&file| (resolved.files[file].id, idx)))
        .collect();
    for (span, idx) in resolved.uses() {
        let declared = &resolved.items[idx];
        if declared.item.internal.is_some() && package_of.get(&span.file) != Some(&declared.package) {
            diagnostics.push(foreign(declared.item, &resolved.packages[declared.package].name, span));
        }
    }
}

/// Something internal is named from another package.
pub(super) fn foreign(item: &Item, package: &str, span: Span) -> Diagnostic {
    let message = format!("`{}` is internal to `{package}`", item.name.text);
    Diagnostic::new(&codes::INTERNAL, message, span, "used from another package")
        .label(item.internal.unwrap_or(item.name.span), "declared `internal` here")
}

/// Something internal is part of what others see.
pub(super) fn leak(item: &Item, of: &Item, span: Span) -> Diagnostic {
    let message = format!("`{}` is internal, and `{}` is not", item.name.text, of.name.text);
    let label = format!("others would meet it in `{}`", of.name.text);
    Diagnostic::new(&codes::INTERNAL_LEAK, message, span, label)
        .label(item.internal.unwrap_or(item.name.span), "declared `internal` here")
        .note(format!("Either `{}` is for everybody, or `{}` is `internal`, too.", item.name.text, of.name.text))
}
