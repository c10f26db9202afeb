//! Packages and what they declare.

use super::{Declared, Entry, Package};
use crate::diag::{Diagnostic, codes};
use crate::ir;
use crate::syntax::ast::{self, ItemKind};
use crate::syntax::{annotations, words};
use std::collections::{BTreeMap, BTreeSet};

/// Collects the packages and declarations of all files.
pub(super) fn collect<'a>(
    files: &'a [ast::File],
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Package<'a>>, Vec<Declared<'a>>) {
    let mut packages: Vec<Package<'a>> = Vec::new();
    let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
    for (file_idx, file) in files.iter().enumerate() {
        let name = file.package.as_ref().map(ast::Path::dotted).unwrap_or_default();
        let package = *by_name.entry(name.clone()).or_insert_with(|| {
            let span = file.package.as_ref().map(|p| p.span);
            packages.push(Package { name, files: Vec::new(), span, scope: BTreeMap::new(), lost: BTreeSet::new() });
            packages.len() - 1
        });
        packages[package].files.push(file_idx);
        packages[package].lost.extend(file.lost.iter().map(|n| n.text.as_str()));
    }
    let mut items = Vec::new();
    let mut counts = Counts::default();
    for (package_idx, package) in packages.iter_mut().enumerate() {
        for &file in &package.files {
            for item in &files[file].items {
                declare(&mut package.scope, item, items.len(), diagnostics);
                items.push(Declared { item, package: package_idx, file, id: counts.next(&item.kind) });
            }
        }
    }
    (packages, items)
}

fn declare<'a>(
    scope: &mut BTreeMap<&'a str, Entry>,
    item: &'a ast::Item,
    idx: usize,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let name = &item.name;
    if words::TYPES.contains(&name.text.as_str()) || matches!(name.text.as_str(), "any" | "_") {
        let message = format!("`{}` is the name of a built-in type", name.text);
        diagnostics.push(Diagnostic::new(&codes::BUILTIN_NAME, message, name.span, "choose another name"));
        return;
    }
    if matches!(item.kind, ItemKind::Annotation { .. }) && annotations::is_taken(&name.text) {
        let message = format!("`@{}` is a built-in annotation", name.text);
        diagnostics.push(Diagnostic::new(&codes::BUILTIN_NAME, message, name.span, "choose another name"));
        return;
    }
    match scope.get(name.text.as_str()) {
        Some(first) => {
            let message = format!("`{}` is declared twice in this package", name.text);
            let d = Diagnostic::new(&codes::DUPLICATE_NAME, message, name.span, "declared again here");
            diagnostics.push(d.label(first.span, "first declared here"));
        }
        None => {
            scope.insert(&name.text, Entry { item: idx, span: name.span });
        }
    }
}

/// Hands out the handles of the checked model.
#[derive(Default)]
struct Counts {
    structs: u32,
    enums: u32,
    unions: u32,
    units: u32,
    aliases: u32,
    constants: u32,
    newtypes: u32,
    annotations: u32,
}

impl Counts {
    fn next(&mut self, kind: &ItemKind) -> ir::Item {
        fn take(n: &mut u32) -> u32 {
            *n += 1;
            *n - 1
        }
        match kind {
            ItemKind::Struct { .. } => ir::Item::Struct(ir::StructId(take(&mut self.structs))),
            ItemKind::Enum { .. } => ir::Item::Enum(ir::EnumId(take(&mut self.enums))),
            ItemKind::Union { .. } => ir::Item::Union(ir::UnionId(take(&mut self.unions))),
            ItemKind::Store { .. } | ItemKind::Service { .. } | ItemKind::View { .. } => {
                ir::Item::Unit(ir::UnitId(take(&mut self.units)))
            }
            ItemKind::Alias { .. } => ir::Item::Alias(ir::AliasId(take(&mut self.aliases))),
            ItemKind::Const { .. } => ir::Item::Const(ir::ConstId(take(&mut self.constants))),
            ItemKind::Annotation { .. } => ir::Item::Annotation(ir::AnnotationId(take(&mut self.annotations))),
            ItemKind::Newtype { .. } => ir::Item::Newtype(ir::NewtypeId(take(&mut self.newtypes))),
        }
    }
}
