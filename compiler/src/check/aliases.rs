//! Aliases, each replaced by its target where it is used, and newtypes, which hold their base.

use super::Cx;
use super::constraints::unplaced;
use crate::diag::{Diagnostic, Fix, codes};
use crate::ir::{self, Type};
use crate::source::Span;
use crate::syntax::annotations::Place;
use crate::syntax::ast::{Item, ItemKind, Type as Written, TypeKind};
use std::collections::BTreeMap;

/// Longest chain of aliases.
const MAX_DEPTH: usize = 64;

/// What is known of aliases, by position in the resolved items.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    /// `None`: something about it has been reported.
    targets: BTreeMap<usize, Option<Type>>,
    /// Those whose targets are being looked at.
    open: Vec<usize>,
}

impl<'a> Cx<'a> {
    pub(super) fn alias_items(&mut self) {
        let resolved = self.resolved;
        for (idx, declared) in resolved.items.iter().enumerate() {
            let item = declared.item;
            let (package, name) = (ir::PackageId(declared.package as u32), item.name.text.clone());
            // Where there is no target there is a finding, so the model is not used.
            match &item.kind {
                ItemKind::Alias { .. } => {
                    let annotations = self.annotations(&item.annotations, Place::Alias);
                    let docs = self.docs(&item.docs, &annotations);
                    let ty = self.alias(idx, item.name.span).unwrap_or(Type::Bool);
                    let outer = self.enter(idx);
                    let params = self.own_params();
                    self.leave(outer);
                    self.schema.aliases.push(ir::Alias { package, name, docs, params, ty });
                }
                ItemKind::Newtype { base: written } => {
                    let annotations = self.annotations(&item.annotations, Place::Newtype);
                    let docs = self.docs(&item.docs, &annotations);
                    let base = match self.alias(idx, item.name.span) {
                        Some(Type::Newtype(_, base)) => Some(*base),
                        _ => None,
                    };
                    let what = format!("`{name}`");
                    let constraints = unplaced(self.constraints(&what, &annotations, base.as_ref(), written.span));
                    let base = base.unwrap_or(Type::U8);
                    self.schema.newtypes.push(ir::Newtype { package, name, docs, base, constraints });
                }
                _ => {}
            }
        }
    }

    /// What an alias or newtype stands for; `None` if something about it has been reported.
    pub(super) fn alias(&mut self, idx: usize, used: Span) -> Option<Type> {
        if let Some(known) = self.aliases.targets.get(&idx) {
            return known.clone();
        }
        let item = self.resolved.items[idx].item;
        if let Some(from) = self.aliases.open.iter().position(|open| *open == idx) {
            self.alias_circle(from, used);
            return None;
        }
        if self.aliases.open.len() == MAX_DEPTH {
            let message = format!("aliases stand for each other at most {MAX_DEPTH} deep");
            self.report(Diagnostic::new(&codes::LIMIT, message, item.name.span, "the chain is longer than that"));
            return None;
        }
        self.aliases.open.push(idx);
        let outer = self.enter(idx);
        let target = match (&item.kind, self.resolved.items[idx].id) {
            (ItemKind::Newtype { base }, ir::Item::Newtype(id)) => self.newtype(item, id, base),
            _ => self.alias_target(item),
        };
        if matches!(item.kind, ItemKind::Alias { .. }) {
            self.unused_params(item);
        }
        self.leave(outer);
        self.aliases.open.pop();
        self.aliases.targets.insert(idx, target.clone());
        target
    }

    fn alias_target(&mut self, item: &'a Item) -> Option<Type> {
        let ItemKind::Alias { target } = &item.kind else { return None };
        if let TypeKind::Optional(inner) = &target.kind {
            let mark = Span { start: target.span.end - 1, ..target.span };
            let message = format!("alias `{}` stands for an optional type", item.name.text);
            let d = Diagnostic::new(&codes::ALIAS_OPTIONAL, message, mark, "`?` cannot stand here");
            self.report(
                d.note("Whether a value may be absent belongs to the place that holds it: write `?` behind the alias.")
                    .fix(Fix::guess("remove `?`").edit(mark, "")),
            );
            return self.ty(inner);
        }
        let ty = self.ty(target)?;
        self.of_sound_size(ty, target.span)
    }

    fn newtype(&mut self, item: &Item, id: ir::NewtypeId, written: &'a Written) -> Option<Type> {
        let base = self.ty(written)?;
        if is_base(&base) {
            return Some(Type::Newtype(id, Box::new(base)));
        }
        let message = format!("newtype `{}` cannot be a `{}`", item.name.text, self.sources.slice(written.span));
        let d = Diagnostic::new(&codes::NEWTYPE_BASE, message, written.span, "not a base of newtypes");
        self.report(d.note(
            "Bases are integers, f32, f64, string, bytes, timestamp, duration, uuid, decimal and bigint; several values \
             together are a struct, another name is an alias.",
        ));
        None
    }

    fn alias_circle(&mut self, from: usize, used: Span) {
        let items = self.aliases.open[from..].iter().map(|idx| self.resolved.items[*idx].item);
        let names: Vec<&str> = items.map(|item| item.name.text.as_str()).collect();
        let first = names[0];
        let message = match names.as_slice() {
            [own] => format!("`{own}` stands for itself"),
            _ => format!("`{first}` stands for itself: `{}` -> `{first}`", names.join("` -> `")),
        };
        let d = Diagnostic::new(&codes::CIRCULAR, message, used, "leads back to where it began");
        self.report(d.note("It needs something that it stands for; recursive data is a struct."));
    }
}

/// A scalar other than bool, whose shape has no room for a type of its own.
fn is_base(ty: &Type) -> bool {
    !matches!(
        ty,
        Type::Bool
            | Type::List(_)
            | Type::Map(..)
            | Type::Set(_)
            | Type::Array(..)
            | Type::Optional(_)
            | Type::Struct(..)
            | Type::Enum(_)
            | Type::Union(..)
            | Type::Param(_)
            | Type::Newtype(..)
    )
}
