//! Unions and errors.

use super::fields::Owner;
use super::ids::{Bodies, Slot};
use super::{BodyPlaces, Cx};
use crate::diag::{Diagnostic, codes};
use crate::ir;
use crate::syntax::annotations::Place;
use crate::syntax::ast::{Item, ItemKind, UnionBody};
use crate::syntax::walk;
use std::collections::BTreeMap;

impl<'a> Cx<'a> {
    pub(super) fn union_item(&mut self, item: &'a Item, package: ir::PackageId) {
        let ItemKind::Union { is_error, open, body } = &item.kind else { return };
        let annotations = self.annotations(&item.annotations, walk::target_of(item));
        let docs = self.docs(&item.docs, &annotations);
        if body.cases.is_empty() && !body.broken && body.lost.is_empty() {
            let what = if *is_error { "error" } else { "union" };
            let message = format!("{what} `{}` has no cases", item.name.text);
            self.report(Diagnostic::new(&codes::EMPTY, message, item.name.span, "no value could have this type"));
        }
        let (cases, places) = self.cases(&item.name.text, body);
        self.unused_params(item);
        self.places.unions.push((Some(item.name.span), places));
        self.schema.unions.push(ir::Union {
            package,
            name: item.name.text.clone(),
            docs,
            is_error: *is_error,
            open: open.unwrap_or(true),
            params: self.own_params(),
            cases,
            constrained: false,
        });
    }

    fn cases(&mut self, owner: &str, body: &'a UnionBody) -> (Vec<ir::Case>, BTreeMap<u32, BodyPlaces>) {
        let slots: Vec<Slot<'a>> = body.cases.iter().map(|c| Slot { id: c.id, name: &c.name }).collect();
        let ids = self.ids(&Bodies {
            owner,
            noun: "case",
            slots: &slots,
            next: &body.next,
            holes: &body.holes,
            lost: &body.lost,
            span: body.span,
            broken: body.broken,
        });
        if body.broken || !body.lost.is_empty() {
            self.unclear();
        }
        let (mut cases, mut places) = (Vec::new(), BTreeMap::new());
        for (case, id) in body.cases.iter().zip(ids) {
            let annotations = self.annotations(&case.annotations, Place::Case);
            let docs = self.docs(&case.docs, &annotations);
            let name = format!("{owner}.{}", case.name.text);
            let (body, fields) = match &case.payload {
                Some(payload) => {
                    let names: Vec<_> = payload.fields.iter().map(|f| &f.name).collect();
                    self.reserved_name(&names, "kind", "In TypeScript `kind` tells the cases of a union apart.");
                    let owner = Owner { name: &name, level: ir::StructLevel::Fields, may_restrict: false };
                    self.field_body(&owner, payload)
                }
                None => Default::default(),
            };
            let Some(id) = id else { continue };
            places.insert(id, BodyPlaces { name: Some(case.name.span), fields });
            cases.push(ir::Case { id, name: case.name.text.clone(), docs, body });
        }
        let names: Vec<_> = body.cases.iter().map(|c| &c.name).collect();
        self.unique_names(owner, "case", &names);
        self.reserved_name(
            &names,
            "Unrecognized",
            "Open enums and unions keep what they do not know as `Unrecognized`.",
        );
        (cases, places)
    }
}
