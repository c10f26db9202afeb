//! Members of rows: what may change about them.

use super::Comparer;
use crate::check::BodyPlaces;
use crate::diag::codes;
use crate::ir::wire::{MemberDescriptor, RowDescriptor, TypeDescriptor, TypeId, TypeRef};
use std::collections::BTreeMap;

/// May an integer become a wider one?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Widening {
    Allowed,
    Refused,
}

impl<'a> Comparer<'a> {
    /// Compares the members of a struct or payload.
    pub(super) fn row(&mut self, owner: &str, old: &RowDescriptor, new: &RowDescriptor, places: &'a BodyPlaces) {
        let span = places.name.unwrap_or(self.fallback);
        let highest = old.members.iter().map(|m| m.id).chain(old.retired.keys().copied()).max().unwrap_or(0);
        for member in &old.members {
            match new.members.iter().find(|m| m.id == member.id) {
                Some(now) => self.member(owner, member, now, places),
                // Readers of a view that shows less take what is missing for absent.
                None if new.projected && !new.retired.contains_key(&member.id) => {}
                None => self.removed(owner, member.id, &self.shape(&member.ty), new, span),
            }
        }
        for (id, shape) in &old.retired {
            match new.members.iter().find(|m| m.id == *id) {
                // Readers of a view skip what it did not show.
                Some(now) if old.projected && self.new_shape(&now.ty) == *shape => {}
                Some(_) => {
                    let place = places.fields.get(id).copied().unwrap_or(span);
                    let was = if old.projected { "hidden" } else { "retired" };
                    let message = format!("id {id} of `{owner}` was {was} in a release and is used again");
                    self.report(&codes::REMOVED_ID, message, place, "released programs know it as something else");
                }
                None if new.projected && !new.retired.contains_key(id) => {}
                None => self.removed(owner, *id, shape, new, span),
            }
        }
        // Below the released ids nothing can appear that was neither used nor retired.
        for member in new.members.iter().filter(|m| m.id < highest) {
            let known = old.members.iter().any(|m| m.id == member.id) || old.retired.contains_key(&member.id);
            if !known {
                let place = places.fields.get(&member.id).copied().unwrap_or(span);
                let message = format!("id {} of `{owner}` was `unused` in the last release", member.id);
                self.report(&codes::REMOVED_ID, message, place, "released readers do not expect it");
            }
        }
    }

    fn removed(&mut self, owner: &str, id: u32, shape: &str, new: &RowDescriptor, span: crate::source::Span) {
        if new.retired.get(&id).is_some_and(|s| s == shape) {
            return;
        }
        let message = format!("id {id} of `{owner}` was released and is gone");
        let label = match new.retired.get(&id) {
            Some(other) => format!("retired with the shape `{other}`, but it was `{shape}`"),
            None => "an id that programs may still send is missing".to_owned(),
        };
        let note = format!("Write `retired {id} {shape}`, so that its bytes can be skipped.");
        self.report_with(&codes::REMOVED_ID, message, span, &label, Some(note));
    }

    fn member(&mut self, owner: &str, old: &MemberDescriptor, new: &MemberDescriptor, places: &'a BodyPlaces) {
        let span = places.fields.get(&old.id).or(places.name.as_ref()).copied().unwrap_or(self.fallback);
        if !self.same(&old.ty, &new.ty, Widening::Allowed) {
            let message = format!("id {} of `{owner}` has another type on the wire than released", old.id);
            let note = format!(
                "Keep the released type, or write `retired {} {}` and give the field a new id.",
                old.id,
                self.shape(&old.ty)
            );
            self.report_with(&codes::CHANGED_TYPE, message, span, "changed", Some(note));
        } else if old.default != new.default {
            let message = format!("id {} of `{owner}` has another default than released", old.id);
            let note =
                "A default does not travel: old and new programs would take the same bytes for different values."
                    .to_owned();
            self.report_with(&codes::CHANGED_DEFAULT, message, span, "changed", Some(note));
        }
    }

    /// Parameters: like rows, and new ones must be possible to leave out.
    pub(super) fn params(&mut self, name: &str, old: &RowDescriptor, new: &RowDescriptor, places: &'a BodyPlaces) {
        self.row(name, old, new, places);
        let highest = old.members.iter().map(|m| m.id).chain(old.retired.keys().copied()).max().unwrap_or(0);
        for member in new.members.iter().filter(|m| m.id > highest) {
            if !matches!(member.ty, TypeRef::Optional(_)) && member.default.is_none() {
                let span = places.fields.get(&member.id).copied().unwrap_or(self.fallback);
                let message = format!("`{name}` has a new parameter that released callers do not send");
                let note = "Make it optional or give it a default.".to_owned();
                self.report_with(&codes::NEW_PARAMETER, message, span, "new since the last release", Some(note));
            }
        }
    }

    pub(super) fn cases(
        &mut self,
        owner: &str,
        old: &BTreeMap<u32, RowDescriptor>,
        new: &BTreeMap<u32, RowDescriptor>,
        id: TypeId,
    ) {
        let TypeId::Union(union) = id else { return };
        let places = self.places;
        for (case, old) in old {
            // A case that is gone is an unknown one to new readers, which is what open means.
            let (Some(new), Some(place)) = (new.get(case), places.unions[union.0 as usize].1.get(case)) else {
                continue;
            };
            self.row(&format!("{owner}.{}", self.case_name(union, *case)), old, new, place);
        }
    }

    fn case_name(&self, union: crate::ir::UnionId, id: u32) -> &'a str {
        self.schema[union].cases.iter().find(|c| c.id == id).map_or("", |c| c.name.as_str())
    }

    /// Do two uses of types have the same bytes? Declared types are compared later.
    pub(super) fn same(&mut self, old: &TypeRef, new: &TypeRef, widening: Widening) -> bool {
        match (old, new) {
            (TypeRef::Scalar(a), TypeRef::Scalar(b)) => a == b || (widening == Widening::Allowed && widens(a, b)),
            (TypeRef::List(a), TypeRef::List(b)) | (TypeRef::Set(a), TypeRef::Set(b)) => {
                self.same(a, b, Widening::Refused)
            }
            (TypeRef::Map(a), TypeRef::Map(b)) => {
                self.same(&a.0, &b.0, Widening::Refused) && self.same(&a.1, &b.1, Widening::Refused)
            }
            (TypeRef::Array(a, n), TypeRef::Array(b, m)) => n == m && self.same(a, b, Widening::Refused),
            (TypeRef::Optional(a), TypeRef::Optional(b)) => self.same(a, b, widening),
            (TypeRef::Type(a), TypeRef::Type(b)) => {
                self.pair(*a, *b);
                true
            }
            _ => false,
        }
    }

    /// The shape of a released type.
    fn shape(&self, ty: &TypeRef) -> String {
        shape_of(&self.entry.descriptor.types, ty)
    }

    /// The shape of a type as it is now.
    fn new_shape(&self, ty: &TypeRef) -> String {
        shape_of(&self.new.types, ty)
    }
}

fn shape_of(types: &[TypeDescriptor], ty: &TypeRef) -> String {
    let shape = match ty {
        TypeRef::List(_) | TypeRef::Map(_) | TypeRef::Set(_) | TypeRef::Array(..) => "len",
        TypeRef::Optional(inner) if **inner == TypeRef::Scalar("bool".to_owned()) => "varint",
        TypeRef::Optional(inner) => return shape_of(types, inner),
        TypeRef::Type(number) => match types.get(*number) {
            Some(TypeDescriptor::OpenEnum(_) | TypeDescriptor::ClosedEnum(..)) => "varint",
            _ => "len",
        },
        TypeRef::Scalar(name) => match name.as_str() {
            "bool" => "bit",
            "f32" => "fixed4",
            "f64" => "fixed8",
            "uuid" => "fixed16",
            "string" | "bytes" | "bigint" => "len",
            decimal if decimal.starts_with("decimal(") => {
                let digits = decimal["decimal(".len()..].split(',').next().and_then(|p| p.parse::<u8>().ok());
                if digits.is_some_and(|p| p > 18) { "fixed16" } else { "varint" }
            }
            _ => "varint",
        },
    };
    shape.to_owned()
}

/// Is `new` the same integer type as `old` or a wider one of the same signedness?
pub(super) fn widens(old: &str, new: &str) -> bool {
    let parts = |name: &str| -> Option<(char, u8)> {
        let sign = name.chars().next().filter(|c| matches!(c, 'u' | 'i'))?;
        Some((sign, name[1..].parse().ok()?))
    };
    match (parts(old), parts(new)) {
        (Some((a, from)), Some((b, to))) => a == b && from <= to,
        _ => old == new,
    }
}

#[cfg(test)]
mod tests {
    use super::widens;

    #[test]
    fn integers_widen_in_their_sign() {
        assert!(widens("u8", "u64") && widens("i16", "i16"));
        assert!(!widens("u16", "u8") && !widens("u8", "i16") && !widens("uuid", "u8") && !widens("f32", "f64"));
    }
}
