//! Imports: what each file sees of other packages.

use super::{Declared, Package, Resolved, internal};
use crate::diag::{Diagnostic, codes, suggest};
use crate::source::Span;
use crate::syntax::ast::{Import, ImportKind, Name};
use std::collections::{BTreeMap, BTreeSet};

/// Longest chain of packages that import each other.
const MAX_DEPTH: usize = 64;

/// What an imported name stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Imported {
    Item(usize),
    Package(usize),
    Error,
}

/// The imported names of one file.
pub(super) type FileScope<'a> = BTreeMap<&'a str, (Imported, Span)>;

/// Binds the imports of every file, by position in [`Resolved::files`].
pub(super) fn bind<'a>(resolved: &Resolved<'a>, diagnostics: &mut Vec<Diagnostic>) -> Vec<FileScope<'a>> {
    let by_name: BTreeMap<&str, usize> =
        resolved.packages.iter().enumerate().map(|(i, p)| (p.name.as_str(), i)).collect();
    let mut scopes: Vec<FileScope<'a>> = vec![BTreeMap::new(); resolved.files.len()];
    let mut edges: Vec<BTreeMap<usize, Span>> = vec![BTreeMap::new(); resolved.packages.len()];
    for (package_idx, package) in resolved.packages.iter().enumerate() {
        for &file in &package.files {
            for import in &resolved.files[file].imports {
                let target = by_name.get(import.package.dotted().as_str()).copied();
                match target {
                    Some(target) => {
                        edges[package_idx].entry(target).or_insert(import.package.span);
                    }
                    None => diagnostics.push(unknown_package(import, &by_name)),
                }
                let mut binder = Binder { own: package, items: &resolved.items, scope: &mut scopes[file], diagnostics };
                binder.bind(import, target.map(|t| (t, &resolved.packages[t])));
            }
        }
    }
    cycles(resolved, &edges, diagnostics);
    depth(resolved, &edges, diagnostics);
    scopes
}

fn unknown_package(import: &Import, known: &BTreeMap<&str, usize>) -> Diagnostic {
    let name = import.package.dotted();
    let right = suggest::closest(&name, known.keys().copied().filter(|k| !k.is_empty()));
    let message = format!("there is no package `{name}`");
    Diagnostic::new(
        &codes::UNKNOWN_PACKAGE,
        message,
        import.package.span,
        "no input file says `package` with this name",
    )
    .did_you_mean(&name, right)
}

struct Binder<'s, 'a> {
    own: &'s Package<'a>,
    items: &'s [Declared<'a>],
    scope: &'s mut FileScope<'a>,
    diagnostics: &'s mut Vec<Diagnostic>,
}

impl<'a> Binder<'_, 'a> {
    fn bind(&mut self, import: &'a Import, target: Option<(usize, &Package<'a>)>) {
        match &import.kind {
            ImportKind::Alias(alias) => {
                self.insert(alias, target.map_or(Imported::Error, |(idx, _)| Imported::Package(idx)));
            }
            ImportKind::Names(names) => {
                for name in names {
                    let imported = target.map_or(Imported::Error, |(_, package)| self.item(name, package));
                    self.insert(name, imported);
                }
            }
        }
    }

    fn item(&mut self, name: &Name, package: &Package<'a>) -> Imported {
        if let Some(entry) = package.scope.get(name.text.as_str()) {
            let item = self.items[entry.item].item;
            if item.internal.is_none() || package.span == self.own.span {
                return Imported::Item(entry.item);
            }
            self.diagnostics.push(internal::foreign(item, &package.name, name.span));
            return Imported::Error;
        }
        if !package.lost.contains(name.text.as_str()) {
            let message = format!("package `{}` has no `{}`", package.name, name.text);
            let right = suggest::closest(&name.text, package.scope.keys().copied());
            let d = Diagnostic::new(&codes::UNKNOWN_IMPORT, message, name.span, "not declared there");
            self.diagnostics.push(d.did_you_mean(&name.text, right));
        }
        Imported::Error
    }

    fn insert(&mut self, name: &'a Name, imported: Imported) {
        let text = name.text.as_str();
        let declared = self.own.scope.get(text).map(|e| (e.span, "declared here"));
        let earlier = self.scope.get(text).map(|(_, span)| (*span, "imported here first"));
        match declared.or(earlier) {
            Some((span, what)) => {
                let message = format!("`{text}` is imported, but the name is taken");
                let d = Diagnostic::new(&codes::DUPLICATE_NAME, message, name.span, "imported here");
                self.diagnostics
                    .push(d.label(span, what).note("An alias keeps them apart: `import a.b.v1 as b`, then `b.Name`."));
            }
            None => {
                self.scope.insert(text, (imported, name.span));
            }
        }
    }
}

/// Reports packages that stand on a chain of more than [`MAX_DEPTH`] imports.
fn depth(resolved: &Resolved<'_>, edges: &[BTreeMap<usize, Span>], diagnostics: &mut Vec<Diagnostic>) {
    let mut way: BTreeSet<usize> = (0..edges.len()).collect();
    for _ in 0..MAX_DEPTH {
        // After n rounds: the packages that n imports lead away from.
        way = way.iter().copied().filter(|p| edges[*p].keys().any(|q| way.contains(q))).collect();
    }
    let too_deep = way.iter().find(|p| edges[**p].keys().any(|q| way.contains(q)) && circle_from(**p, edges).is_none());
    let Some((&package, (_, span))) = too_deep.and_then(|p| Some((p, edges[*p].first_key_value()?))) else { return };
    let message =
        format!("package `{}` stands on more than {MAX_DEPTH} imports in a row", resolved.packages[package].name);
    diagnostics.push(Diagnostic::new(&codes::LIMIT, message, *span, "the chain starts here"));
}

/// Reports each circle of packages once.
fn cycles(resolved: &Resolved<'_>, edges: &[BTreeMap<usize, Span>], diagnostics: &mut Vec<Diagnostic>) {
    let mut reported: BTreeSet<usize> = BTreeSet::new();
    for start in 0..edges.len() {
        if reported.contains(&start) {
            continue;
        }
        let Some(circle) = circle_from(start, edges) else { continue };
        reported.extend(circle.iter().copied());
        let names: Vec<&str> = circle.iter().map(|&p| resolved.packages[p].name.as_str()).collect();
        let step = |i: usize| edges[circle[i]].get(&circle[(i + 1) % circle.len()]).copied();
        let Some(first) = step(0) else { continue };
        let message = match names.as_slice() {
            [own] => format!("package `{own}` imports itself"),
            _ => format!(
                "packages import each other in a circle: `{}`",
                [&names[..], &names[..1]].concat().join("` -> `")
            ),
        };
        let label = format!("`{}` imports `{}` here", names[0], names[1 % names.len()]);
        let mut d = Diagnostic::new(&codes::IMPORT_CYCLE, message, first, label);
        for i in 1..circle.len().min(5) {
            if let Some(span) = step(i) {
                d = d.label(span, format!("`{}` imports `{}` here", names[i], names[(i + 1) % names.len()]));
            }
        }
        diagnostics.push(
            d.note("Files of one package see each other without imports; shared types can move to a third package."),
        );
    }
}

/// A shortest way from a package back to itself.
fn circle_from(start: usize, edges: &[BTreeMap<usize, Span>]) -> Option<Vec<usize>> {
    let mut from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &next in edges[at].keys() {
            if next == start {
                let mut way = vec![at];
                while let Some(&previous) = from.get(way.last()?).filter(|_| way.last() != Some(&start)) {
                    way.push(previous);
                }
                way.reverse();
                return Some(way);
            }
            if let std::collections::btree_map::Entry::Vacant(slot) = from.entry(next) {
                slot.insert(at);
                queue.push_back(next);
            }
        }
    }
    None
}
