//! Stores and services.

use super::constraints::unplaced;
use super::{BodyPlaces, Cx, types};
use crate::diag::{Diagnostic, codes};
use crate::ir::{self, StructLevel, Type};
use crate::resolve::Target;
use crate::source::Span;
use crate::syntax::annotations::Place;
use crate::syntax::ast::{self, Item, ItemKind, Method, MethodWord, Param, Path, TypeKind};
use crate::syntax::walk;
use std::collections::BTreeMap;

impl<'a> Cx<'a> {
    pub(super) fn unit_item(&mut self, item: &'a Item, package: ir::PackageId) {
        let (kind, body) = match &item.kind {
            ItemKind::Store { key, state, body } => {
                let key = key.as_ref().map(|key| self.key(&item.name, "store Name[game: string]: State", key));
                (self.state(state).map(|state| ir::UnitKind::Store { state, key }), body)
            }
            ItemKind::Service { body } => (Some(ir::UnitKind::Service), body),
            // What a view shows is known when all stores are.
            ItemKind::View { .. } => return self.view_place(item, package),
            _ => return,
        };
        let annotations = self.annotations(&item.annotations, walk::target_of(item));
        let docs = self.docs(&item.docs, &annotations);
        let access = Self::access(&annotations).map_or(self.lowest(), |(number, _)| number);
        let (mut methods, mut events) = (Vec::new(), Vec::new());
        let mut places = BTreeMap::new();
        let mut ids: BTreeMap<u32, &'a ast::Name> = BTreeMap::new();
        for method in &body.methods {
            let id = self.method_id(item, method, &mut ids);
            let lowered = self.method(item, method, id, access, &mut places);
            match lowered {
                Lowered::Method(method) => methods.push(method),
                Lowered::Event(event) => events.push(event),
            }
        }
        let names: Vec<&'a ast::Name> = body.methods.iter().map(|m| &m.name).collect();
        self.unique_names(&item.name.text, "method or event", &names);
        self.handler_names(&names);
        self.places.units.push((Some(item.name.span), places));
        let name = item.name.text.clone();
        // Without a usable state the schema is dropped anyway; a place is kept so that handles stay right.
        let kind = kind.unwrap_or(ir::UnitKind::Service);
        let digest = [0; 16];
        self.schema.units.push(ir::Unit {
            package,
            name,
            docs,
            kind,
            access,
            methods,
            events,
            digest,
            ancestors: Vec::new(),
            of: None,
        });
    }

    fn view_place(&mut self, item: &Item, package: ir::PackageId) {
        self.places.units.push((Some(item.name.span), BTreeMap::new()));
        let (name, docs) = (item.name.text.clone(), ir::Docs::default());
        let (methods, events, ancestors) = (Vec::new(), Vec::new(), Vec::new());
        let (kind, access, digest, of) = (ir::UnitKind::Service, 0, [0; 16], None);
        self.schema.units.push(ir::Unit { package, name, docs, kind, access, methods, events, digest, ancestors, of });
    }

    fn state(&mut self, ty: &'a ast::Type) -> Option<Type> {
        let lowered = self.ty(ty)?;
        let (what, declared) = match &lowered {
            Type::Struct(id, _) => {
                let item = self.structs.get(id.0 as usize).map(|idx| self.resolved.items[*idx].item)?;
                match &item.kind {
                    ItemKind::Struct { level: Some(StructLevel::Partials) | None, .. } => return Some(lowered),
                    ItemKind::Struct { level: Some(StructLevel::Fields), .. } => {
                        ("a `fields` struct", Some(item.name.span))
                    }
                    _ => ("a `serializers` struct", Some(item.name.span)),
                }
            }
            _ => ("not a struct", None),
        };
        let message = format!("`{}` cannot be the state of a store", self.sources.slice(ty.span));
        let mut d = Diagnostic::new(&codes::STORE_STATE, message, ty.span, format!("this is {what}"));
        if let Some(declared) = declared {
            d = d.label(declared, "declared here");
        }
        self.report(d.note("A store sends deltas, so its state is a `partials struct`."));
        None
    }

    fn key(&mut self, owner: &'a ast::Name, form: &str, params: &'a [Param]) -> ir::Body {
        if params.is_empty() {
            let message = format!("the key of `{}` is empty", owner.text);
            let d = Diagnostic::new(&codes::EMPTY, message, owner.span, format!("written `{form}`"));
            self.report(d.note("Without the brackets there is no key."));
        }
        for param in params {
            let annotations = self.annotations(&param.annotations, Place::KeyPart);
            if let Some(stream) = param.stream {
                self.stream_place(stream, "a key has no `stream`", "A key is one value.");
            }
            if param.name.text == "_" {
                let d = Diagnostic::new(
                    &codes::UNWANTED_ID,
                    "a key has no parameters that are gone",
                    param.span,
                    "cannot stand here",
                );
                self.report(d.note("A key is an identity: with another part it is another key."));
            } else if let Some(value) = &param.default {
                let d = Diagnostic::new(
                    &codes::DEFAULT_PLACE,
                    format!("`{}` is part of a key", param.name.text),
                    value.span,
                    "not possible here",
                );
                self.report(d.note("Every part of a key is given, so that equal keys have equal bytes."));
            } else if let Some(ty) = self.ty(&param.ty) {
                let what = format!("`{}` of `{}`", param.name.text, owner.text);
                self.constraints(&what, &annotations, Some(&ty), param.ty.span);
                if !types::is_key(&ty) {
                    self.bad_key(&ty, param.ty.span, "part of a key");
                }
            }
        }
        // Defaults and zeros play no part in keys, and types have been looked at once.
        let before = self.diagnostics.len();
        let (body, _) = self.params(&owner.text, params);
        self.diagnostics.truncate(before);
        let names: Vec<&'a ast::Name> = params.iter().map(|p| &p.name).filter(|n| n.text != "_").collect();
        self.unique_names(&owner.text, "key part", &names);
        body
    }

    fn method_id(&mut self, item: &'a Item, method: &'a Method, ids: &mut BTreeMap<u32, &'a ast::Name>) -> u32 {
        let id = ir::wire::method_id(&item.name.text, &method.name.text);
        if let Some(other) = ids.insert(id, &method.name).filter(|o| o.text != method.name.text) {
            let message = format!("`{}` and `{}` have the same wire id", other.text, method.name.text);
            let d = Diagnostic::new(&codes::METHOD_ID, message, method.name.span, format!("{id:#010x}"));
            self.report(
                d.label(other.span, "so has this").note("The id is computed from the name; rename one of them."),
            );
        }
        id
    }

    fn method(
        &mut self,
        item: &'a Item,
        method: &'a Method,
        id: u32,
        unit_access: u32,
        places: &mut BTreeMap<String, BodyPlaces>,
    ) -> Lowered {
        let annotations = self.annotations(&method.annotations, walk::target_of_method(method));
        let docs = self.docs(&method.docs, &annotations);
        let own = Self::access(&annotations).map(|(number, _)| number);
        // Whoever may not open the unit cannot call anything on it.
        let access = own.unwrap_or(unit_access).max(unit_access);
        let owner = format!("{}.{}", item.name.text, method.name.text);
        let takes = self.streams(&owner, method);
        let (params, fields) = self.params(&owner, &method.params);
        places.insert(method.name.text.clone(), BodyPlaces { name: Some(method.name.span), fields });
        let name = method.name.text.clone();
        if method.word != MethodWord::Rpc {
            self.no_answer(method);
        }
        if method.word != MethodWord::Event && method.key.is_some() {
            self.no_key(method, "Only an `event` has a key, and a `store`.");
        }
        let kind = match method.word {
            MethodWord::Event => {
                let key = method.key.as_ref().map(|key| self.event_key(item, method, key));
                return Lowered::Event(ir::Event { name, docs, id, access, key, params });
            }
            MethodWord::Send => ir::MethodKind::Send,
            MethodWord::Rpc => {
                let result = method.result.as_ref().and_then(|ty| self.result(&owner, ty));
                let error = method.throws.as_ref().and_then(|path| self.throws(path));
                ir::MethodKind::Rpc { result, error }
            }
        };
        let streams = ir::Streams { takes, gives: method.stream.is_some() };
        Lowered::Method(ir::Method { name, docs, id, access, params, kind, streams })
    }

    fn event_key(&mut self, item: &'a Item, method: &'a Method, key: &'a [Param]) -> ir::Body {
        if matches!(item.kind, ItemKind::Service { .. }) {
            self.no_key(method, "Clients listen at the instances of a store; a service has none.");
        }
        self.key(&method.name, "event name[radio: string](frame: bytes)", key)
    }

    fn no_key(&mut self, method: &Method, note: &str) {
        let message = format!("`{}` has no key", method.name.text);
        let d = Diagnostic::new(&codes::UNWANTED_ID, message, method.name.span, "a key has no place here");
        self.report(d.note(note));
    }

    /// `send` and `event` get no answer.
    fn no_answer(&mut self, method: &Method) {
        let what = if method.word == MethodWord::Send { "send" } else { "event" };
        let places =
            [method.result.as_ref().map(|t| (t.span, "result")), method.throws.as_ref().map(|p| (p.span, "error"))];
        for (span, part) in places.into_iter().flatten() {
            let message = format!("{what} `{}` has no {part}", method.name.text);
            let d = Diagnostic::new(&codes::UNWANTED_ID, message, span, "has no place here");
            self.report(d.note("Only an `rpc` is answered."));
        }
    }

    fn result(&mut self, owner: &str, ty: &'a ast::Type) -> Option<Type> {
        let lowered = self.ty(ty)?;
        self.check_zero(&format!("the result of `{owner}`"), &lowered, ty.span);
        Some(lowered)
    }

    fn throws(&mut self, path: &Path) -> Option<ir::UnionId> {
        match self.resolved.target(path) {
            Target::Item(idx) => match self.resolved.items[idx].id {
                ir::Item::Union(id) => Some(id),
                _ => None,
            },
            _ => None,
        }
    }

    /// Parameters are an implicit `fields` struct with ids by position.
    fn params(&mut self, owner: &str, params: &'a [Param]) -> (ir::Body, BTreeMap<u32, Span>) {
        self.too_many_params(owner, params);
        let mut body = ir::Body { slots: params.len() as u32, ..Default::default() };
        let mut places = BTreeMap::new();
        for (id, param) in (1..).zip(params) {
            if param.stream.is_some() {
                body.slots -= 1;
                continue;
            }
            let annotations = self.annotations(&param.annotations, Place::Param);
            let docs = self.docs(&[], &annotations);
            if param.name.text == "_" {
                body.retired.extend(self.gone(param).map(|shape| ir::Retired { id, shape }));
                continue;
            }
            let what = format!("`{}` of `{owner}`", param.name.text);
            let ty = self.ty(&param.ty);
            let default = param.default.as_ref().and_then(|value| self.default(&what, ty.as_ref(), &param.ty, value));
            let constraints = self.constraints(&what, &annotations, ty.as_ref(), param.ty.span);
            let Some(ty) = ty else { continue };
            // Without a default an absent argument is its zero, which a constraint refuses like any other value.
            if let (Some(literal), Some(value)) = (&default, &param.default) {
                self.check_constrained(&what, &ty, param.ty.span, (Some(literal), Some(value.span)), &constraints);
            }
            if param.default.is_none() {
                self.check_zero(&what, &ty, param.ty.span);
            }
            places.insert(id, param.name.span);
            body.fields.push(ir::Field {
                id,
                name: param.name.text.clone(),
                docs,
                ty,
                default,
                access: None,
                constraints: unplaced(constraints),
            });
        }
        let names: Vec<&'a ast::Name> = params.iter().map(|p| &p.name).filter(|n| n.text != "_").collect();
        self.unique_names(owner, "parameter", &names);
        (body, places)
    }

    fn too_many_params(&mut self, owner: &str, params: &[Param]) {
        if let Some(last) = params.last() {
            self.too_many(owner, params.len(), last.span);
        }
    }

    /// `_: shape`.
    fn gone(&mut self, param: &'a Param) -> Option<ir::Shape> {
        match &param.ty.kind {
            TypeKind::Named { path, args, numbers } if args.is_empty() && numbers.is_empty() => {
                let [name] = path.segments.as_slice() else {
                    return path.segments.first().and_then(|name| self.shape(name));
                };
                self.shape(name)
            }
            TypeKind::Error => None,
            _ => {
                let text = self.sources.slice(param.ty.span).to_owned();
                self.shape(&ast::Name { text, span: param.ty.span })
            }
        }
    }
}

enum Lowered {
    Method(ir::Method),
    Event(ir::Event),
}
