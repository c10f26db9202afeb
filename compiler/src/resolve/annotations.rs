//! Names behind an `@` that are not built in: which declared annotation each of them means.

use super::imports::{FileScope, Imported};
use super::{Resolved, Target};
use crate::source::{FileId, Span};
use crate::syntax::ast::{ItemKind, Path};
use crate::syntax::walk;
use std::collections::HashMap;

/// Binds every name of an annotation that is declared somewhere.
pub(super) fn bind(resolved: &Resolved<'_>, scopes: &[FileScope<'_>]) -> HashMap<Span, Target> {
    let mut bound = HashMap::new();
    for (package, of) in resolved.packages.iter().enumerate() {
        for &file in &of.files {
            for annotation in &resolved.files[file].annotations {
                let target = scopes.get(file).and_then(|scope| find(resolved, scope, package, &annotation.name));
                bound.extend(target.map(|target| (annotation.name.span, target)));
            }
        }
    }
    for declared in &resolved.items {
        walk::annotations(declared.item, &mut |annotations, _| {
            for annotation in annotations {
                let target = scopes
                    .get(declared.file)
                    .and_then(|scope| find(resolved, scope, declared.package, &annotation.name));
                bound.extend(target.map(|target| (annotation.name.span, target)));
            }
        });
    }
    bound
}

fn find(resolved: &Resolved<'_>, scope: &FileScope<'_>, package: usize, path: &Path) -> Option<Target> {
    let imported = |name: &str| scope.get(name).map(|(imported, _)| *imported);
    match path.segments.as_slice() {
        [name] => in_package(resolved, package, &name.text).or_else(|| match imported(&name.text)? {
            Imported::Item(item) => Some(Target::Item(item)),
            Imported::Error => Some(Target::Error),
            Imported::Package(_) => None,
        }),
        [first, name] => match imported(&first.text)? {
            Imported::Package(package) => in_package(resolved, package, &name.text),
            Imported::Error => Some(Target::Error),
            Imported::Item(_) => None,
        },
        _ => None,
    }
}

fn in_package(resolved: &Resolved<'_>, package: usize, name: &str) -> Option<Target> {
    let package = &resolved.packages[package];
    match package.scope.get(name) {
        Some(entry) => Some(Target::Item(entry.item)),
        None => package.lost.contains(name).then_some(Target::Error),
    }
}

/// The annotations that a file sees, as it writes them.
pub(super) fn visible(resolved: &Resolved<'_>, file: FileId) -> Vec<String> {
    let Some(idx) = resolved.files.iter().position(|f| f.id == file) else { return Vec::new() };
    let is_annotation = |item: usize| matches!(resolved.items[item].item.kind, ItemKind::Annotation { .. });
    let of = |package: &super::Package<'_>| -> Vec<String> {
        let found = package.scope.iter().filter(|(_, entry)| is_annotation(entry.item));
        found.map(|(name, _)| (*name).to_owned()).collect()
    };
    let mut names: Vec<String> = resolved.packages.iter().filter(|p| p.files.contains(&idx)).flat_map(of).collect();
    for (name, (imported, _)) in resolved.scopes.get(idx).into_iter().flatten() {
        match imported {
            Imported::Item(item) if is_annotation(*item) => names.push((*name).to_owned()),
            Imported::Package(p) => {
                names.extend(of(&resolved.packages[*p]).into_iter().map(|found| format!("{name}.{found}")));
            }
            _ => {}
        }
    }
    names
}
