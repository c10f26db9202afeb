//! Enums.

use super::Cx;
use crate::diag::{Diagnostic, Fix, codes};
use crate::ir::{self, Type};
use crate::source::Span;
use crate::syntax::annotations::Place;
use crate::syntax::ast::{EnumBody, Item, ItemKind, Number, Word};
use std::collections::BTreeMap;

impl<'a> Cx<'a> {
    pub(super) fn enum_item(&mut self, item: &'a Item, package: ir::PackageId) {
        let ItemKind::Enum { open, repr, body } = &item.kind else { return };
        let repr = match repr {
            Some(ty) => self.repr(ty).unwrap_or(Type::U32),
            None => Type::U32,
        };
        let (members, places) = self.members(&item.name.text, &repr, body);
        if body.members.is_empty() && !body.broken {
            let message = format!("enum `{}` has no members", item.name.text);
            self.report(Diagnostic::new(&codes::EMPTY, message, item.name.span, "no value could have this type"));
        }
        self.places.enums.push((Some(item.name.span), places));
        let (name, docs) = (item.name.text.clone(), item.docs.clone().into());
        self.schema.enums.push(ir::Enum { package, name, docs, open: open.unwrap_or(true), repr, members });
    }

    /// Annotations of enums may use constants of enums, so they wait until all enums are there.
    pub(super) fn enum_annotations(&mut self) {
        let resolved = self.resolved;
        for declared in &resolved.items {
            let (ItemKind::Enum { body, .. }, ir::Item::Enum(id)) = (&declared.item.kind, declared.id) else {
                continue;
            };
            let annotations = self.annotations(&declared.item.annotations, Place::Enum);
            self.schema.enums[id.0 as usize].docs = self.docs(&declared.item.docs, &annotations);
            // Members in the model are those of the tree, in order, without what has been reported.
            let mut n = 0;
            for member in &body.members {
                let annotations = self.annotations(&member.annotations, Place::Member);
                let docs = self.docs(&member.docs, &annotations);
                let value = member.number.and_then(|number| number.value);
                let next = self.schema.enums[id.0 as usize].members.get_mut(n);
                if let Some(next) = next.filter(|m| Some(i128::from(m.number)) == value && m.name == member.name.text) {
                    next.docs = docs;
                    n += 1;
                }
            }
        }
    }

    fn repr(&mut self, ty: &'a crate::syntax::ast::Type) -> Option<Type> {
        let lowered = self.ty(ty)?;
        if matches!(lowered, Type::U8 | Type::U16 | Type::U32 | Type::U64) {
            return Some(lowered);
        }
        let message = format!("an enum cannot be stored as `{}`", self.sources.slice(ty.span));
        let d = Diagnostic::new(&codes::ENUM_REPR, message, ty.span, "expected `u8`, `u16`, `u32` or `u64`");
        let unsigned = match self.sources.slice(ty.span) {
            "i8" => Some("u8"),
            "i16" => Some("u16"),
            "i32" => Some("u32"),
            "i64" => Some("u64"),
            _ => None,
        };
        self.report(match unsigned {
            Some(right) => d.did_you_mean(self.sources.slice(ty.span), Some(right)),
            None => d,
        });
        None
    }

    fn members(&mut self, owner: &str, repr: &Type, body: &'a EnumBody) -> (Vec<ir::Member>, BTreeMap<u64, Span>) {
        let max = match repr {
            Type::U8 => u64::from(u8::MAX),
            Type::U16 => u64::from(u16::MAX),
            Type::U32 => u64::from(u32::MAX),
            _ => u64::MAX,
        };
        let reserved = self.reserved(body);
        let numbers = body.members.iter().filter_map(|m| m.number?.value).filter(|n| *n <= i128::from(max));
        let mut free = numbers.chain(reserved.iter().map(|r| r.1)).max().map_or(0, |n| n + 1);
        let (mut members, mut places): (Vec<ir::Member>, BTreeMap<u64, Span>) = (Vec::new(), BTreeMap::new());
        for member in &body.members {
            let name = &member.name;
            let Some(number) = member.number else {
                let d = Diagnostic::new(
                    &codes::MISSING_ID,
                    format!("`{}` of `{owner}` has no number", name.text),
                    name.span,
                    "its number stands in front",
                );
                self.report(
                    d.fix(
                        Fix::safe(format!("{0} -> {free} {0}", name.text))
                            .ids()
                            .edit(name.span.before(), format!("{free} ")),
                    ),
                );
                free += 1;
                continue;
            };
            let Some(value) = self.member_number(number, max, repr) else { continue };
            if let Some(first) = places.get(&value) {
                let message = format!("number {value} is used twice in `{owner}`");
                let earlier = members.iter().find(|m| m.number == value).map_or("", |m| m.name.as_str());
                let d = Diagnostic::new(
                    &codes::DUPLICATE_ID,
                    message,
                    number.span,
                    format!("used again for `{}`", name.text),
                )
                .label(*first, format!("first used for `{earlier}`"))
                .fix(Fix::safe(format!("{value} {0} -> {free} {0}", name.text)).edit(number.span, free.to_string()));
                self.report(d);
                free += 1;
                continue;
            }
            if let Some((.., span)) = reserved.iter().find(|r| (r.0..=r.1).contains(&i128::from(value))) {
                let message = format!("number {value} of `{owner}` is reserved");
                let d = Diagnostic::new(&codes::TOMBSTONE, message, number.span, format!("used for `{}`", name.text));
                self.report(d.label(*span, "reserved here"));
            }
            places.insert(value, number.span);
            members.push(ir::Member { name: name.text.clone(), number: value, docs: member.docs.clone().into() });
        }
        let names: Vec<_> = body.members.iter().map(|m| &m.name).collect();
        self.unique_names(owner, "member", &names);
        self.reserved_name(
            &names,
            "Unrecognized",
            "Open enums and unions keep what they do not know as `Unrecognized`.",
        );
        (members, places)
    }

    fn member_number(&mut self, number: Number, max: u64, repr: &Type) -> Option<u64> {
        let value = number.value?;
        let fits = u64::try_from(value).ok().filter(|v| *v <= max);
        if fits.is_none() {
            let message = format!("number {value} is out of range");
            let label = format!("{} holds 0 to {max}", format!("{repr:?}").to_lowercase());
            self.report(Diagnostic::new(&codes::ID_RANGE, message, number.span, label));
        }
        fits
    }

    /// The reserved ranges; other lines have no place in an enum.
    fn reserved(&mut self, body: &EnumBody) -> Vec<(i128, i128, Span)> {
        let mut ranges = Vec::new();
        for line in &body.lines {
            if line.word != Word::Reserved {
                let d = Diagnostic::new(
                    &codes::UNWANTED_ID,
                    "an enum has only members and `reserved` numbers",
                    line.span,
                    "has no place here",
                );
                self.report(
                    d.note("Numbers of members that are gone are kept as `reserved 3, 7..9`; enums have no `next`."),
                );
                continue;
            }
            for (low, high) in &line.ranges {
                ranges.extend(low.value.zip(high.value).map(|(l, h)| (l, h, line.span)));
            }
        }
        ranges
    }

    /// Could part of its declaration not be read?
    pub(super) fn broken_enum(&self, id: ir::EnumId) -> bool {
        let item = self.resolved.items.iter().find(|d| d.id == ir::Item::Enum(id)).map(|d| &d.item.kind);
        matches!(item, Some(ItemKind::Enum { body, .. }) if body.broken || body.members.iter().any(|m| m.number.is_none()))
    }
}
