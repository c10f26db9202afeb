//! Writes missing ids into schemas.

use super::load::{self, Project};
use super::report::{self, Findings};
use super::write::Changes;
use super::{IdsArgs, Outcome, Terminal};
use crate::check::Checked;
use crate::diag::{Diagnostic, Edit};
use crate::source::{FileId, Role};
use std::collections::BTreeMap;

/// `rssc ids`.
pub(super) fn run(args: &IdsArgs, terminal: &mut Terminal<'_>) -> anyhow::Result<Outcome> {
    let mut projects = load::projects(&args.inputs.paths)?;
    let mut changes = Changes::default();
    let (mut left, mut said) = (Vec::new(), Vec::new());
    let mut n_missing = 0;
    for project in &mut projects {
        let mut checked = crate::analyze(&project.sources);
        checked.diagnostics.append(&mut project.diagnostics);
        let (missing, others): (Vec<_>, Vec<_>) = checked.diagnostics.into_iter().partition(|d| is_id_fix(project, d));
        n_missing += missing.len();
        if args.write {
            said.extend(missing.iter().map(|d| describe(project, d)));
            write(project, &missing, &mut changes);
            left.push(others);
        } else {
            left.push(missing.into_iter().chain(others).collect());
        }
    }
    changes.commit()?;
    said.iter().for_each(|line| terminal.say(line));
    let any_other = left.iter().flatten().any(|d| d.fix.as_ref().is_none_or(|f| !f.writes_ids));
    // Places of what is left have moved with the ids, so it is looked for again.
    let findings: Vec<Findings<'_>> = match args.write {
        true => projects.iter().map(|p| (p, crate::analyze(&p.sources).diagnostics)).collect(),
        false => projects.iter().zip(left).collect(),
    };
    report::report(&findings, args.inputs.format(), "", terminal);
    Ok(match (any_other, n_missing > 0 && !args.write) {
        (true, _) => Outcome::Findings,
        (false, true) => Outcome::Stale,
        (false, false) => Outcome::Fine,
    })
}

/// Would the fix of this finding only write ids, and into a file of the project itself?
pub(super) fn is_id_fix(project: &Project, diagnostic: &Diagnostic) -> bool {
    let own = project.sources.get(diagnostic.primary.span.file).role == Role::Own;
    own && diagnostic.fix.as_ref().is_some_and(|fix| fix.writes_ids)
}

/// If ids are all that is missing: puts them into the sources and checks again.
pub(super) fn complete(project: &mut Project, checked: Checked, changes: &mut Changes) -> (Checked, Vec<String>) {
    let found = &checked.diagnostics;
    if found.is_empty() || !project.diagnostics.is_empty() || !found.iter().all(|d| is_id_fix(project, d)) {
        return (checked, Vec::new());
    }
    let said = found.iter().map(|d| describe(project, d)).collect();
    write(project, found, changes);
    (crate::analyze(&project.sources), said)
}

fn describe(project: &Project, diagnostic: &Diagnostic) -> String {
    let path = &project.sources.get(diagnostic.primary.span.file).path;
    let title = diagnostic.fix.as_ref().map_or("", |fix| fix.title.as_str());
    format!("{path}: {title}")
}

fn write(project: &mut Project, diagnostics: &[Diagnostic], changes: &mut Changes) {
    let mut edits: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in diagnostics.iter().filter_map(|d| d.fix.as_ref()).flat_map(|fix| &fix.edits) {
        edits.entry(edit.span.file).or_default().push(edit);
    }
    for (file, edits) in edits {
        let text = apply(&project.sources.get(file).text, edits);
        changes.write(project.paths[file.0 as usize].clone(), text.clone());
        project.sources.replace(file, text);
    }
}

/// The text with edits applied; where two meet, the first one wins.
fn apply(text: &str, mut edits: Vec<&Edit>) -> String {
    edits.sort_by_key(|e| (e.span.start, e.span.end));
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        if range.start >= at {
            out.push_str(&text[at..range.start]);
            out.push_str(&edit.text);
            at = range.end;
        }
    }
    out + &text[at..]
}
