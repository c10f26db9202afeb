//! Constants: each is computed once, on first use.

use super::Cx;
use crate::diag::{Diagnostic, codes, suggest};
use crate::ir::{self, Literal, Type};
use crate::resolve::Target;
use crate::source::Span;
use crate::syntax::annotations::Place;
use crate::syntax::ast::{Item, ItemKind, Path};
use crate::syntax::words;
use std::collections::BTreeMap;

/// Longest chain of constants that are used in front of their declarations.
const MAX_DEPTH: usize = 64;

/// Findings after which names are no longer compared.
const MAX_SUGGESTIONS: usize = 100;

/// What is known of constants, by position in the resolved items.
#[derive(Debug, Default)]
pub(super) struct Constants {
    /// `None`: something about it has been reported.
    values: BTreeMap<usize, Option<(Type, Literal)>>,
    /// Those that are being computed.
    open: Vec<usize>,
}

impl<'a> Cx<'a> {
    pub(super) fn const_items(&mut self) {
        let resolved = self.resolved;
        for (idx, declared) in resolved.items.iter().enumerate() {
            let item = declared.item;
            if !matches!(item.kind, ItemKind::Const { .. }) {
                continue;
            }
            let annotations = self.annotations(&item.annotations, Place::Const);
            let docs = self.docs(&item.docs, &annotations);
            // Where there is no value there is a finding, so the model is not used.
            let (ty, value) = self.constant(idx, item.name.span).unwrap_or((Type::Bool, Literal::Bool(false)));
            let (package, name) = (ir::PackageId(declared.package as u32), item.name.text.clone());
            self.schema.constants.push(ir::Const { package, name, docs, ty, value });
        }
    }

    /// The constant that a name in a value means; `None` if something about it has been reported.
    pub(super) fn named_constant(&mut self, path: &Path, expected: &str) -> Option<(Type, Literal)> {
        match self.resolved.constant(path) {
            Some(Target::Item(idx)) => self.constant(idx, path.span),
            Some(_) => None,
            None => {
                let name = path.dotted();
                // Whoever has that many findings is not helped by more suggestions, and each looks at every name.
                let visible = match self.diagnostics.len() {
                    0..MAX_SUGGESTIONS => self.resolved.visible_constants(path.span.file),
                    _ => Vec::new(),
                };
                let bools: &[&str] = if expected.contains("`true`") { &words::BOOLS } else { &[] };
                let right = suggest::closest(&name, bools.iter().copied().chain(visible.iter().map(String::as_str)));
                let message = format!("unknown constant `{name}`");
                let label = format!("expected {expected}, and no constant here has this name");
                let d = Diagnostic::new(&codes::UNKNOWN_CONSTANT, message, path.span, label);
                self.report(d.did_you_mean(&name, right));
                None
            }
        }
    }

    fn constant(&mut self, idx: usize, used: Span) -> Option<(Type, Literal)> {
        if let Some(known) = self.constants.values.get(&idx) {
            return known.clone();
        }
        let item = self.resolved.items[idx].item;
        if let Some(from) = self.constants.open.iter().position(|open| *open == idx) {
            self.constant_circle(from, used);
            return None;
        }
        if self.constants.open.len() == MAX_DEPTH {
            let message = format!("constants in front of their declarations use each other at most {MAX_DEPTH} deep");
            self.report(Diagnostic::new(&codes::LIMIT, message, item.name.span, "the chain is longer than that"));
            return None;
        }
        self.constants.open.push(idx);
        let value = self.computed(item);
        self.constants.open.pop();
        self.constants.values.insert(idx, value.clone());
        value
    }

    fn computed(&mut self, item: &'a Item) -> Option<(Type, Literal)> {
        let ItemKind::Const { ty: written, value } = &item.kind else { return None };
        let ty = self.ty(written)?;
        if !super::values::has_literals(&ty) || matches!(ty, Type::Newtype(..)) {
            let text = self.sources.slice(written.span).to_owned();
            let message = format!("constant `{}` cannot be a `{text}`", item.name.text);
            let d = Diagnostic::new(&codes::CONST_TYPE, message, written.span, "a type without constants");
            self.report(d.note("Constants are bool, integers, f32, f64, string and enums."));
            return None;
        }
        let literal = self.literal(&format!("the value of `{}`", item.name.text), &ty, value)?;
        Some((ty, literal))
    }

    fn constant_circle(&mut self, from: usize, used: Span) {
        let items = self.constants.open[from..].iter().map(|idx| self.resolved.items[*idx].item);
        let names: Vec<&str> = items.map(|item| item.name.text.as_str()).collect();
        let first = names[0];
        let message = match names.as_slice() {
            [own] => format!("constant `{own}` is computed from itself"),
            _ => format!("constant `{first}` is computed from itself: `{}` -> `{first}`", names.join("` -> `")),
        };
        self.report(Diagnostic::new(&codes::CIRCULAR, message, used, "leads back to where it began"));
    }
}
