//! The rules of the language: resolved trees in, the checked model out. Whatever an emitter cannot express ends here.

mod access;
mod aliases;
mod annotations;
mod constants;
mod constraints;
mod declared;
mod defaults;
mod docs;
mod enums;
mod fields;
mod generics;
mod growth;
mod ids;
mod names;
mod pattern;
mod recursion;
mod streams;
mod types;
mod unions;
mod units;
mod values;
mod views;

use crate::diag::{self, Diagnostic};
use crate::ir;
use crate::resolve::Resolved;
use crate::source::{SourceMap, Span};
use crate::syntax::annotations::Place;
use crate::syntax::ast::{Item, ItemKind};
use std::collections::{BTreeMap, BTreeSet};

/// What checking gives.
#[derive(Debug)]
pub struct Checked {
    /// The model; `None` if there is any finding.
    pub schema: Option<ir::Schema>,
    /// Where its parts are declared.
    pub places: Places,
    /// Errors.
    pub diagnostics: Vec<Diagnostic>,
    /// What lint rules say, if there are no errors.
    pub warnings: Vec<Diagnostic>,
}

/// Where the parts of the model are declared, by their handles.
#[derive(Debug, Default)]
pub struct Places {
    /// Structs.
    pub structs: Vec<BodyPlaces>,
    /// Enums: name and members by number.
    pub enums: Vec<(Option<Span>, BTreeMap<u64, Span>)>,
    /// Unions: name and cases by id.
    pub unions: Vec<(Option<Span>, BTreeMap<u32, BodyPlaces>)>,
    /// Stores and services: name, and methods and events by name.
    pub units: Vec<(Option<Span>, BTreeMap<String, BodyPlaces>)>,
}

/// Where a struct, case or method and its fields are declared.
#[derive(Debug, Default, Clone)]
pub struct BodyPlaces {
    /// Its name.
    pub name: Option<Span>,
    /// Its fields by id.
    pub fields: BTreeMap<u32, Span>,
}

/// Checks a project.
pub fn check(resolved: &Resolved<'_>, sources: &SourceMap) -> Checked {
    let mut cx = Cx {
        resolved,
        sources,
        schema: ir::Schema::default(),
        aliases: aliases::Aliases::default(),
        constants: constants::Constants::default(),
        generics: generics::Generics::default(),
        structs: handles(resolved, |id| matches!(id, ir::Item::Struct(_))),
        unions: handles(resolved, |id| matches!(id, ir::Item::Union(_))),
        inline: BTreeSet::new(),
        declared: BTreeMap::new(),
        places: Places::default(),
        diagnostics: Vec::new(),
    };
    cx.packages();
    cx.levels();
    // Enums first: whether one has a zero decides about the fields that use it.
    cx.each(|cx, item, package| cx.enum_item(item, package));
    cx.type_params();
    cx.annotation_items();
    cx.enum_annotations();
    cx.alias_items();
    cx.const_items();
    cx.package_annotations();
    cx.each(|cx, item, package| cx.struct_item(item, package));
    cx.each(|cx, item, package| cx.union_item(item, package));
    cx.each(|cx, item, package| cx.unit_item(item, package));
    cx.views();
    cx.zero_arguments();
    cx.names();
    if cx.diagnostics.is_empty() {
        cx.generics();
    }
    if cx.diagnostics.is_empty() {
        cx.recursion();
    }
    diag::sort(&mut cx.diagnostics);
    let mut schema = cx.diagnostics.is_empty().then_some(cx.schema);
    if let Some(schema) = &mut schema {
        schema.recursive = ir::cycles::find(schema);
        schema.hiding = ir::hiding::find(schema);
        ir::wire::set_digests(schema);
        schema.set_constrained();
    }
    Checked { schema, places: cx.places, diagnostics: cx.diagnostics, warnings: Vec::new() }
}

/// State of checking.
struct Cx<'a> {
    resolved: &'a Resolved<'a>,
    sources: &'a SourceMap,
    schema: ir::Schema,
    aliases: aliases::Aliases,
    constants: constants::Constants,
    generics: generics::Generics,
    /// Positions in the resolved items, by handle.
    structs: Vec<usize>,
    unions: Vec<usize>,
    /// Parameters whose arguments are held by value.
    inline: BTreeSet<(recursion::Node, u32)>,
    /// Declared annotations by position in the resolved items.
    declared: BTreeMap<usize, std::rc::Rc<declared::Declared<'a>>>,
    places: Places,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Cx<'a> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn each(&mut self, check: impl Fn(&mut Self, &'a Item, ir::PackageId)) {
        for (idx, declared) in self.resolved.items.iter().enumerate() {
            let outer = self.enter(idx);
            check(self, declared.item, ir::PackageId(declared.package as u32));
            self.leave(outer);
        }
    }

    fn packages(&mut self) {
        for package in &self.resolved.packages {
            let files = package.files.iter().map(|&f| &self.resolved.files[f]);
            let docs = files.clone().flat_map(|f| f.docs.iter().cloned()).collect::<Vec<_>>().into();
            let mut names: Vec<String> = files.map(|f| self.sources.get(f.id).name.clone()).collect();
            names.sort_unstable();
            let items = Vec::new();
            self.schema.packages.push(ir::Package { name: package.name.clone(), docs, files: names, items });
        }
        for declared in &self.resolved.items {
            self.schema.packages[declared.package].items.push(declared.id);
            if declared.item.internal.is_some() {
                self.schema.internal.insert(declared.id);
            }
        }
    }

    /// What stands on packages means nothing to the checked model.
    fn package_annotations(&mut self) {
        for file in self.resolved.files {
            self.annotations(&file.annotations, Place::Package);
        }
    }

    fn struct_item(&mut self, item: &'a Item, package: ir::PackageId) {
        let ItemKind::Struct { level, body } = &item.kind else { return };
        let annotations = self.annotations(&item.annotations, Place::Struct);
        let docs = self.docs(&item.docs, &annotations);
        // A missing level word has been reported; `fields` is what most structs are.
        let level = level.unwrap_or(ir::StructLevel::Fields);
        let owner = fields::Owner { name: &item.name.text, level, may_restrict: true };
        let (body, fields) = self.field_body(&owner, body);
        self.places.structs.push(BodyPlaces { name: Some(item.name.span), fields });
        self.unused_params(item);
        let (name, params) = (item.name.text.clone(), self.own_params());
        self.schema.structs.push(ir::Struct {
            package,
            name,
            docs,
            level,
            params,
            body,
            projects: None,
            digest: [0; 16],
            constrained: false,
        });
    }
}

/// The positions of some declarations, which are numbered in that order.
fn handles(resolved: &Resolved<'_>, is_one: impl Fn(ir::Item) -> bool) -> Vec<usize> {
    resolved.items.iter().enumerate().filter(|(_, declared)| is_one(declared.id)).map(|(idx, _)| idx).collect()
}
