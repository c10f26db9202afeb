//! An import that nothing in its file uses.

use super::Cx;
use crate::diag::{Diagnostic, Fix, codes};
use crate::resolve::Resolved;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::ast::{File, Import, ImportKind, Name};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn find(cx: &Cx<'_>, found: &mut Vec<Diagnostic>) {
    let used = used_names(cx);
    let levels = levels(cx.resolved);
    let none = BTreeSet::new();
    for file in cx.files() {
        let used = used.get(&file.id).unwrap_or(&none);
        for import in file.imports.iter().filter(|import| !levels.contains(&import.package.dotted())) {
            let names = names(import);
            let unused: Vec<&Name> = names.iter().copied().filter(|name| !used.contains(name.text.as_str())).collect();
            found.extend(diagnostic(cx.sources, file, import, &names, &unused));
        }
    }
}

/// The first word of everything that each file names.
fn used_names<'a>(cx: &Cx<'a>) -> BTreeMap<FileId, BTreeSet<&'a str>> {
    let mut used: BTreeMap<FileId, BTreeSet<&str>> = BTreeMap::new();
    for (span, _) in &cx.uses {
        let text = cx.sources.slice(*span).trim_start_matches('@');
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
        used.entry(span.file).or_default().insert(&text[..end]);
    }
    used
}

/// The packages that declare access levels. Levels have no names to import, but a package of another root is only there if it is imported.
fn levels(resolved: &Resolved<'_>) -> BTreeSet<String> {
    let all = resolved.files.iter().filter(|file| !file.access.is_empty());
    all.filter_map(|file| file.package.as_ref().map(|package| package.dotted())).collect()
}

fn names(import: &Import) -> Vec<&Name> {
    match &import.kind {
        ImportKind::Names(names) => names.iter().collect(),
        ImportKind::Alias(name) => vec![name],
    }
}

fn diagnostic(
    sources: &SourceMap,
    file: &File,
    import: &Import,
    names: &[&Name],
    unused: &[&Name],
) -> Option<Diagnostic> {
    let is_all = unused.len() == names.len();
    let (message, span, others) = match unused {
        [] if !names.is_empty() => return None,
        [] => ("an import of nothing".to_owned(), import.span, unused),
        [one] => (format!("`{}` is imported, but not used", one.text), one.span, &[][..]),
        [first, others @ ..] => {
            let list: Vec<String> = unused.iter().take(4).map(|name| format!("`{}`", name.text)).collect();
            let more = if unused.len() > list.len() { ", .." } else { "" };
            (format!("{}{more} are imported, but not used", list.join(", ")), first.span, others)
        }
    };
    let d = Diagnostic::warning(&codes::UNUSED_IMPORT, message, span, "nothing in this file uses it");
    let d = others.iter().take(3).fold(d, |d, name| d.label(name.span, "nor this"));
    let d = d.note("`@allow(unused_import, \"why\")` behind `package NAME` allows it in this file.");
    let fix = if is_all { whole(sources, import.span) } else { some(sources, names, unused) };
    // A comment belongs to somebody.
    let keeps_comments = |fix: &Fix| fix.edits.iter().all(|edit| !has_comment(file, edit.span));
    Some(match fix.filter(keeps_comments) {
        Some(fix) => d.fix(fix),
        None => d,
    })
}

fn has_comment(file: &File, span: Span) -> bool {
    let next = file.comments.partition_point(|comment| comment.span.start < span.start);
    file.comments.get(next).is_some_and(|comment| comment.span.start < span.end)
}

/// Takes out an import that stands alone on its lines.
fn whole(sources: &SourceMap, span: Span) -> Option<Fix> {
    let text = &sources.get(span.file).text;
    let before = text[..span.start as usize].trim_end_matches([' ', '\t']);
    let rest = text[span.end as usize..].trim_start_matches([' ', '\t']);
    let end = match rest.split_once('\n') {
        Some(("" | "\r", rest)) => text.len() - rest.len(),
        None if rest.is_empty() => text.len(),
        _ => return None,
    };
    let stands_alone = before.is_empty() || before.ends_with('\n');
    stands_alone.then(|| Fix::safe("remove the import").edit(Span::new(span.file, before.len(), end), ""))
}

/// Takes out some of the names of an import.
fn some(sources: &SourceMap, names: &[&Name], unused: &[&Name]) -> Option<Fix> {
    let (first, last) = (names.first()?, names.last()?);
    let second = names.get(1)?;
    let between = Span::new(first.span.file, first.span.end as usize, second.span.start as usize);
    let spans: BTreeSet<Span> = unused.iter().map(|name| name.span).collect();
    let kept: Vec<&str> =
        names.iter().filter(|name| !spans.contains(&name.span)).map(|name| name.text.as_str()).collect();
    let gone: Vec<String> = unused.iter().take(4).map(|name| format!("`{}`", name.text)).collect();
    let more = if unused.len() > gone.len() { ", .." } else { "" };
    let fix = Fix::safe(format!("remove {}{more}", gone.join(", ")));
    Some(fix.edit(first.span.to(last.span), kept.join(sources.slice(between))))
}
