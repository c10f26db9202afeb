//! Bodies of structs and payloads.

use super::Cx;
use super::annotations::Annotations;
use super::constraints::unplaced;
use super::ids::{Bodies, Slot};
use crate::diag::{Diagnostic, Fix, codes, suggest};
use crate::ir::{self, Shape, StructLevel, Type};
use crate::source::Span;
use crate::syntax::annotations::Place;
use crate::syntax::ast::{Field, FieldBody, Name, Word};
use crate::syntax::words;
use std::collections::BTreeMap;

/// Most fields of a struct, and its highest id.
pub(super) const MAX_FIELDS: u32 = 4096;

/// What a body belongs to.
pub(super) struct Owner<'o> {
    /// In diagnostics.
    pub(super) name: &'o str,
    pub(super) level: StructLevel,
    /// May its fields have an access level?
    pub(super) may_restrict: bool,
}

impl<'a> Cx<'a> {
    pub(super) fn field_body(&mut self, owner: &Owner<'_>, body: &'a FieldBody) -> (ir::Body, BTreeMap<u32, Span>) {
        let ids = match owner.level {
            StructLevel::Serializers => self.positions(owner, body),
            _ => self.field_ids(owner, body),
        };
        let names: Vec<&Name> = body.fields.iter().map(|f| &f.name).collect();
        self.unique_names(owner.name, "field", &names);
        if body.broken || !body.lost.is_empty() {
            self.unclear();
        }
        let (mut fields, mut places) = (Vec::new(), BTreeMap::new());
        for (field, id) in body.fields.iter().zip(ids) {
            let lowered = self.field(owner, field, id.unwrap_or(0));
            if let Some((field_ir, id)) = lowered.zip(id) {
                places.insert(id, field.name.span);
                fields.push(field_ir);
            }
        }
        let retired = self.retired(owner, body);
        let highest = fields.iter().map(|f: &ir::Field| f.id).chain(retired.iter().map(|r| r.id)).max();
        (ir::Body { fields, retired, slots: highest.unwrap_or(0) }, places)
    }

    fn field_ids(&mut self, owner: &Owner<'_>, body: &'a FieldBody) -> Vec<Option<u32>> {
        let slots: Vec<Slot<'a>> = body.fields.iter().map(|f| Slot { id: f.id, name: &f.name }).collect();
        self.ids(&Bodies {
            owner: owner.name,
            noun: "field",
            slots: &slots,
            next: &body.next,
            holes: &body.holes,
            lost: &body.lost,
            span: body.span,
            broken: body.broken,
        })
    }

    /// `serializers`: ids by position, and none may be written.
    fn positions(&mut self, owner: &Owner<'_>, body: &'a FieldBody) -> Vec<Option<u32>> {
        let why = "A `serializers` struct travels in the order of its declaration, without ids.";
        for field in &body.fields {
            if let Some(id) = field.id {
                let removed = Span { end: field.name.span.start, ..id.span };
                let message = format!("`{}` of `{}` has an id", field.name.text, owner.name);
                let d = Diagnostic::new(&codes::UNWANTED_ID, message, id.span, "has no place here");
                let shown = self.sources.slice(removed.to(field.name.span)).to_owned();
                self.report(d.note(why).fix(Fix::safe(format!("{shown} -> {}", field.name.text)).edit(removed, "")));
            }
        }
        for line in body.next.iter().chain(&body.holes) {
            let d = Diagnostic::new(
                &codes::UNWANTED_ID,
                "this line has no place in a `serializers` struct",
                line.span,
                "has no place here",
            );
            self.report(d.note(why));
        }
        self.too_many(owner.name, body.fields.len(), body.span);
        (1..=body.fields.len() as u32).map(Some).collect()
    }

    pub(super) fn too_many(&mut self, owner: &str, n_fields: usize, span: Span) {
        if n_fields > MAX_FIELDS as usize {
            let message = format!("`{owner}` has {n_fields} fields");
            let open = Span { end: span.start + 1, ..span };
            self.report(Diagnostic::new(&codes::LIMIT, message, open, format!("a struct has at most {MAX_FIELDS}")));
        }
    }

    fn field(&mut self, owner: &Owner<'_>, field: &'a Field, id: u32) -> Option<ir::Field> {
        let ty = self.ty(&field.ty);
        let what = format!("`{}` of `{}`", field.name.text, owner.name);
        let default = field.default.as_ref().and_then(|value| self.default(&what, ty.as_ref(), &field.ty, value));
        let target = if owner.may_restrict { Place::Field } else { Place::PayloadField };
        let annotations = self.annotations(&field.annotations, target);
        let docs = self.docs(&field.docs, &annotations);
        let access = self.field_access(&what, field, &annotations, ty.as_ref());
        let constraints = self.constraints(&what, &annotations, ty.as_ref(), field.ty.span);
        let ty = ty?;
        if field.default.is_none() {
            self.check_zero(&what, &ty, field.ty.span);
        }
        if default.is_some() || field.default.is_none() {
            let given = (default.as_ref(), field.default.as_ref().map(|value| value.span));
            self.check_constrained(&what, &ty, field.ty.span, given, &constraints);
        }
        let name = field.name.text.clone();
        Some(ir::Field { id, name, docs, ty, default, access, constraints: unplaced(constraints) })
    }

    fn field_access(
        &mut self,
        what: &str,
        field: &'a Field,
        annotations: &Annotations<'a>,
        ty: Option<&Type>,
    ) -> Option<u32> {
        let (number, span) = Self::access(annotations)?;
        if number <= self.lowest() {
            return None;
        }
        if ty.is_some_and(|ty| !matches!(ty, Type::Optional(_) | Type::List(_) | Type::Map(..) | Type::Set(_))) {
            let d = Diagnostic::new(
                &codes::RESTRICTED_FIELD,
                format!("{what} is restricted, so it must be optional or a collection"),
                field.ty.span,
                "would have a value for those who may not see it",
            );
            let text = self.sources.slice(field.ty.span).to_owned();
            let fix = Fix::guess(format!("{text} -> {text}?")).edit(field.ty.span.after(), "?");
            self.report(
                d.label(span, "restricted here")
                    .note("Who is below the level gets the field as absent or empty; a zero would be a lie.")
                    .fix(fix),
            );
        }
        Some(number)
    }

    fn retired(&mut self, owner: &Owner<'_>, body: &'a FieldBody) -> Vec<ir::Retired> {
        let mut retired = Vec::new();
        for line in &body.holes {
            let shape = match (line.word, &line.shape) {
                (Word::Retired, Some(shape)) => self.shape(shape),
                (Word::Retired, None) => {
                    let d = Diagnostic::new(
                        &codes::UNKNOWN_SHAPE,
                        format!("`retired` in `{}` does not say a shape", owner.name),
                        line.span.after(),
                        "the shape stands here",
                    );
                    self.report(
                        d.note("Readers skip old bytes by shape: bit, varint, fixed4, fixed8, fixed16 or len."),
                    );
                    None
                }
                (Word::Unused, Some(shape)) => {
                    let d =
                        Diagnostic::new(&codes::UNKNOWN_SHAPE, "`unused` ids have no shape", shape.span, "remove this");
                    self.report(
                        d.note("`unused` ids never travelled; ids of fields that are gone are `retired ID SHAPE`."),
                    );
                    None
                }
                (Word::Reserved, _) => {
                    let d = Diagnostic::new(
                        &codes::UNWANTED_ID,
                        "fields are not `reserved`",
                        line.span,
                        "written `retired ID SHAPE` or `unused ID`",
                    );
                    self.report(
                        d.note("`retired` keeps the shape of a field that is gone, so that old bytes can be skipped."),
                    );
                    None
                }
                _ => None,
            };
            let Some(shape) = shape else { continue };
            for (low, high) in &line.ranges {
                let bounds = low.value.zip(high.value);
                let (Some((low, high)), max) = (bounds, i128::from(MAX_FIELDS)) else { continue };
                retired.extend((low.max(1)..=high.min(max)).map(|id| ir::Retired { id: id as u32, shape }));
            }
        }
        retired.sort_by_key(|r| r.id);
        retired.dedup_by_key(|r| r.id);
        retired
    }

    /// The shape that a word names.
    pub(super) fn shape(&mut self, name: &Name) -> Option<Shape> {
        if let Some((_, shape)) = words::SHAPES.iter().find(|(text, _)| *text == name.text) {
            return Some(*shape);
        }
        let of_type = shape_of_scalar(&name.text);
        let right = of_type.or_else(|| suggest::closest(&name.text, words::SHAPES.iter().map(|(text, _)| *text)));
        let message = format!("`{}` is not a shape", name.text);
        let d = Diagnostic::new(
            &codes::UNKNOWN_SHAPE,
            message,
            name.span,
            "expected bit, varint, fixed4, fixed8, fixed16 or len",
        );
        let d = d.did_you_mean(&name.text, right);
        self.report(match of_type {
            Some(shape) => d.note(format!(
                "Only the shape is kept, since types may be deleted; `{}` has the shape `{shape}`.",
                name.text
            )),
            None => d,
        });
        None
    }
}

fn shape_of_scalar(name: &str) -> Option<&'static str> {
    Some(match name {
        "bool" => "bit",
        "u8" | "u16" | "u32" | "u64" | "i8" | "i16" | "i32" | "i64" | "timestamp" | "duration" => "varint",
        "f32" => "fixed4",
        "f64" => "fixed8",
        "uuid" => "fixed16",
        "string" | "bytes" | "bigint" | "list" | "map" | "set" => "len",
        _ => return None,
    })
}
