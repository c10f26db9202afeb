//! Views: the store that each belongs to, and the types of what they show.

use super::{BodyPlaces, Cx};
use crate::diag::{Diagnostic, codes, suggest};
use crate::ir::{self, StructId, StructLevel, Type, UnitId, UnitKind, wire};
use crate::resolve::Target;
use crate::source::Span;
use crate::syntax::annotations::Place;
use crate::syntax::ast::{Item, ItemKind, Path, Pick, Picks};
use heck::ToPascalCase;
use std::collections::{BTreeMap, BTreeSet};

/// The view that is being checked.
struct View<'a> {
    item: &'a Item,
    package: ir::PackageId,
}

impl<'a> Cx<'a> {
    /// Checks all views; structs and stores have been.
    pub(super) fn views(&mut self) {
        for declared in &self.resolved.items {
            if let (ItemKind::View { of, picks }, ir::Item::Unit(id)) = (&declared.item.kind, declared.id) {
                let view = View { item: declared.item, package: ir::PackageId(declared.package as u32) };
                self.view(&view, id, of, picks);
            }
        }
    }

    fn view(&mut self, view: &View<'a>, id: UnitId, of: &'a Path, picks: &'a Picks) {
        let annotations = self.annotations(&view.item.annotations, Place::View);
        let own = Self::access(&annotations).map(|(number, _)| number);
        let docs = self.docs(&view.item.docs, &annotations);
        let Some(store) = self.viewed_store(of) else { return };
        let UnitKind::Store { state, key } = self.schema[store].kind.clone() else { return };
        let first = self.schema.structs.len();
        let name = view.item.name.text.clone();
        let Some(shown) = self.projection(view, &name, &state, picks) else { return };
        let access = own.unwrap_or(self.schema[store].access);
        let unit = &mut self.schema.units[id.0 as usize];
        unit.kind = UnitKind::Store { state: Type::Struct(shown, Vec::new()), key };
        unit.access = access;
        unit.of = Some(store);
        unit.docs.clone_from(&docs);
        let shown = &mut self.schema.structs[shown.0 as usize].docs;
        shown.deprecated = docs.deprecated;
        if !docs.lines.is_empty() {
            shown.lines = docs.lines;
        }
        let new = (first..self.schema.structs.len()).map(|i| ir::Item::Struct(StructId(i as u32)));
        if self.schema.internal.contains(&ir::Item::Unit(id)) {
            self.schema.internal.extend(new.clone());
        }
        let items = &mut self.schema.packages[view.package.0 as usize].items;
        let at = items.iter().position(|item| *item == ir::Item::Unit(id)).unwrap_or(items.len());
        items.splice(at..at, new);
    }

    /// The store that a view is of, by its own name or by that of its state.
    fn viewed_store(&mut self, of: &'a Path) -> Option<UnitId> {
        let (message, label) = match self.resolved.target(of) {
            Target::Error | Target::Param(_) => return None,
            Target::Builtin(_) => (format!("`{}` is a built-in type, not a store", of.dotted()), "no store holds this"),
            Target::Item(idx) => {
                let declared = &self.resolved.items[idx];
                match (declared.id, &declared.item.kind) {
                    (ir::Item::Unit(id), ItemKind::Store { .. }) => {
                        // A store that could not be checked has been reported.
                        return matches!(self.schema[id].kind, UnitKind::Store { .. }).then_some(id);
                    }
                    (ir::Item::Struct(id), ItemKind::Struct { .. }) => return self.holder(of, id, declared.item),
                    _ => (format!("`{}` is not a store", of.dotted()), "neither a store nor the state of one"),
                }
            }
        };
        let d = Diagnostic::new(&codes::VIEW_OF, message, of.span, label);
        self.report(d.note("A view shows a part of a store: `view Lobby of BoardState { turn }`."));
        None
    }

    /// The one store whose state is this struct.
    fn holder(&mut self, of: &Path, state: StructId, declared: &Item) -> Option<UnitId> {
        let holds = |unit: &ir::Unit| {
            unit.of.is_none()
                && matches!(&unit.kind, UnitKind::Store { state: Type::Struct(id, _), .. } if *id == state)
        };
        let holders: Vec<UnitId> =
            (0..).zip(&self.schema.units).filter(|(_, unit)| holds(unit)).map(|(i, _)| UnitId(i)).collect();
        let name = &declared.name.text;
        match holders.as_slice() {
            [store] => return Some(*store),
            [] => {
                let message = format!("no store holds a `{name}`");
                let d = Diagnostic::new(&codes::VIEW_OF, message, of.span, "not the state of a store")
                    .label(declared.name.span, "declared here")
                    .note("A view shows a part of a store, and clients open it with the key of that store.");
                self.report(d);
            }
            several => {
                let message = format!("{} stores hold a `{name}`", several.len());
                let names: Vec<_> = several.iter().map(|id| format!("`{}`", self.schema[*id].name)).collect();
                let d = Diagnostic::new(&codes::VIEW_OF, message, of.span, "which of them is meant?");
                self.report(d.note(format!("Name the store instead of its state: {}.", names.join(" or "))));
            }
        }
        None
    }

    /// Adds the struct of what a selection leaves of another one.
    fn projection(&mut self, view: &View<'a>, name: &str, of: &Type, picks: &'a Picks) -> Option<StructId> {
        let Type::Struct(id, args) = of else { return None };
        let source = ir::Struct { body: self.schema.struct_body(*id, args), ..self.schema[*id].clone() };
        if picks.fields.is_empty() {
            if picks.broken {
                return None;
            }
            let message = format!("`{}` selects nothing of `{}`", view.item.name.text, source.name);
            let open = Span { end: picks.span.start + 1, ..picks.span };
            self.report(Diagnostic::new(&codes::EMPTY, message, open, "at least one field is needed"));
            return None;
        }
        let mut places = BTreeMap::new();
        let mut fields: Vec<ir::Field> = Vec::new();
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for pick in &picks.fields {
            if let Some(first) = seen.insert(&pick.name.text, pick.name.span) {
                let message = format!("`{}` is selected twice", pick.name.text);
                let d = Diagnostic::new(&codes::DUPLICATE_NAME, message, pick.name.span, "selected again here");
                self.report(d.label(first, "first selected here"));
                continue;
            }
            let Some(field) = self.picked(&source, *id, pick) else { continue };
            let ty = match &pick.inside {
                Some(inside) => self.inside(view, name, &source, &field, pick, inside),
                None => Some(field.ty.clone()),
            };
            if let Some(ty) = ty {
                places.insert(field.id, pick.name.span);
                fields.push(ir::Field { ty, ..field });
            }
        }
        let slots = fields.iter().map(|field| field.id).max().unwrap_or(0);
        let retired = hidden(&source.body, &fields, slots);
        let line = format!("What the view `{}` shows of `{}`.", view.item.name.text, source.name);
        let docs = ir::Docs { lines: vec![line], ..ir::Docs::default() };
        let body = ir::Body { fields, retired, slots };
        self.places.structs.push(BodyPlaces { name: Some(view.item.name.span), fields: places });
        let (package, name, projects, params) = (view.package, name.to_owned(), Some(of.clone()), Vec::new());
        self.schema.structs.push(ir::Struct { package, name, docs, params, body, projects, ..source });
        Some(StructId(self.schema.structs.len() as u32 - 1))
    }

    /// The field that is selected.
    fn picked(&mut self, source: &ir::Struct, of: StructId, pick: &Pick) -> Option<ir::Field> {
        let name = &pick.name.text;
        if let Some(field) = source.body.fields.iter().find(|field| field.name == *name) {
            return Some(field.clone());
        }
        let declared = self.resolved.items.iter().find(|d| d.id == ir::Item::Struct(of)).map(|d| d.item)?;
        let ItemKind::Struct { body, .. } = &declared.kind else { return None };
        // A field or a body that could not be read has been reported.
        if body.broken || !body.lost.is_empty() || body.fields.iter().any(|field| field.name.text == *name) {
            return None;
        }
        let right = suggest::closest(name, body.fields.iter().map(|field| field.name.text.as_str()));
        let message = format!("`{}` has no field `{name}`", source.name);
        let d = Diagnostic::new(&codes::UNKNOWN_FIELD, message, pick.name.span, "there is no such field");
        self.report(d.did_you_mean(name, right).label(declared.name.span, "declared here"));
        None
    }

    /// The type of a field of which only a part is selected.
    fn inside(
        &mut self,
        view: &View<'a>,
        outer: &str,
        source: &ir::Struct,
        field: &ir::Field,
        pick: &'a Pick,
        inside: &'a Picks,
    ) -> Option<Type> {
        let element = match struct_in(&field.ty) {
            Some((id, ty)) if self.schema[id].level != StructLevel::Serializers => ty,
            found => {
                let label = match found {
                    Some(_) => "a `serializers` struct travels as a whole",
                    None => "not a struct, nor a collection of structs",
                };
                let message = format!("nothing can be selected inside `{}` of `{}`", pick.name.text, source.name);
                let d = Diagnostic::new(&codes::SELECTION, message, pick.name.span, label);
                self.report(d.note("Without braces the field is shown as it is."));
                return None;
            }
        };
        let name = format!("{outer}{}", pick.name.text.to_pascal_case());
        let shown = self.projection(view, &name, element, inside)?;
        Some(with_struct(&field.ty, shown))
    }
}

/// The struct that a type holds, however deep in collections.
fn struct_in(ty: &Type) -> Option<(StructId, &Type)> {
    match ty {
        Type::Struct(id, _) => Some((*id, ty)),
        Type::List(item) | Type::Optional(item) | Type::Map(_, item) => struct_in(item),
        _ => None,
    }
}

/// The type with another struct in the place of the one that it holds.
fn with_struct(ty: &Type, id: StructId) -> Type {
    match ty {
        Type::List(item) => Type::List(Box::new(with_struct(item, id))),
        Type::Optional(item) => Type::Optional(Box::new(with_struct(item, id))),
        Type::Map(key, item) => Type::Map(key.clone(), Box::new(with_struct(item, id))),
        _ => Type::Struct(id, Vec::new()),
    }
}

/// Ids that a reader of the projection must be able to skip, because a later one may show them.
fn hidden(source: &ir::Body, shown: &[ir::Field], slots: u32) -> Vec<ir::Retired> {
    let shown: BTreeSet<u32> = shown.iter().map(|field| field.id).collect();
    let fields = source.fields.iter().map(|field| ir::Retired { id: field.id, shape: wire::shape(&field.ty) });
    let all = fields.chain(source.retired.iter().copied());
    let mut hidden: Vec<_> = all.filter(|gap| gap.id < slots && !shown.contains(&gap.id)).collect();
    hidden.sort_unstable_by_key(|gap| gap.id);
    hidden
}
