//! `rssc fix`: applies the fixes that findings carry.

use super::compile::{self, judge};
use super::load::{self, Project};
use super::report::Findings;
use super::write::Changes;
use super::{FixArgs, Outcome, Terminal, diff};
use crate::diag::render::Format;
use crate::diag::{Applicability, Code, Diagnostic, Edit, Fix};
use crate::fmt;
use crate::source::{FileId, Role, Span};
use anyhow::bail;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Fixes that meet wait for the next round, so that each sees what the others did. No sensible schema needs this many.
const MAX_ROUNDS: usize = 100;

/// What became of a file.
struct Fixed {
    /// As people see its path.
    shown: String,
    old: String,
    new: String,
    n_fixes: usize,
}

/// Texts that differ from what is on disk, by the real path of their file: two projects may read the same one.
type Texts = BTreeMap<PathBuf, Fixed>;

/// Runs the command.
pub(super) fn run(args: &FixArgs, terminal: &mut Terminal<'_>) -> anyhow::Result<Outcome> {
    if args.diff && args.inputs.format() == Format::Json {
        bail!("--diff and --message-format json both write to standard output: choose one");
    }
    args.lints.check()?;
    let mut texts = Texts::new();
    let mut projects = with_fixed_configs(args, &mut texts)?;
    for project in &mut projects {
        take(project, &texts);
        fix(project, args, &mut texts);
    }
    texts.retain(|_, text| text.old != text.new);
    texts.values_mut().for_each(keep_format);
    projects.iter_mut().for_each(|project| take(project, &texts));
    match args.diff {
        true => texts.values().for_each(|t| terminal.print(&diff::unified(&t.shown, &t.old, &t.new))),
        false => write(&texts, terminal)?,
    }
    let left = finish(&projects, args, terminal);
    Ok(if args.diff && !texts.is_empty() { Outcome::Findings } else { left })
}

/// The projects with their rss.toml in order, as what it says decides what is read.
fn with_fixed_configs(args: &FixArgs, texts: &mut Texts) -> anyhow::Result<Vec<Project>> {
    let mut configs = BTreeMap::new();
    for _ in 0..MAX_ROUNDS {
        let mut projects = load::projects_with(&args.inputs.paths, &configs)?;
        let mut any = false;
        for project in &mut projects {
            let found = project.diagnostics.clone();
            let config = |file| project.sources.get(file).name == "rss.toml" && may_edit(project, file, args);
            let wanted = found.iter().filter(|d| config(d.primary.span.file)).filter_map(|d| wanted_fix(d, args));
            let wanted: Vec<&Fix> = wanted.collect();
            let changed = apply(project, &wanted, texts);
            any |= !changed.is_empty();
            for file in changed {
                let path = project.paths[file.0 as usize].clone();
                configs.insert(path, project.sources.get(file).text.clone());
            }
        }
        if !any {
            return Ok(projects);
        }
    }
    load::projects_with(&args.inputs.paths, &configs)
}

/// Whoever names files, and no folder, wants no others changed.
fn may_edit(project: &Project, file: FileId, args: &FixArgs) -> bool {
    let named = &args.inputs.paths;
    let real = real(project, file);
    named.iter().any(|path| path.is_dir() || path.canonicalize().is_ok_and(|path| path == real))
}

/// Applies what can be applied to the schemas of a project until nothing changes.
fn fix(project: &mut Project, args: &FixArgs, texts: &mut Texts) {
    let own = project.sources.iter().filter(|(file, s)| s.role == Role::Own && may_edit(project, *file, args));
    let own: BTreeSet<FileId> = own.map(|(file, _)| file).collect();
    for _ in 0..MAX_ROUNDS {
        let found = judge(project, crate::analyze(&project.sources), &[], &args.lints).1;
        let doubts = Doubts::new(&found);
        let now = found.iter().filter(|d| doubts.allow(d));
        let fixes = now.filter_map(|d| wanted_fix(d, args));
        let fixes: Vec<&Fix> = fixes.filter(|fix| fix.edits.iter().all(|e| own.contains(&e.span.file))).collect();
        if apply(project, &fixes, texts).is_empty() {
            return;
        }
    }
}

/// Files of which something is not known, so that other findings may only follow from it.
struct Doubts {
    /// Files with syntax errors.
    torn: BTreeSet<FileId>,
    /// Files with imports that lead nowhere.
    imports: BTreeSet<FileId>,
}

impl Doubts {
    fn new(found: &[Diagnostic]) -> Self {
        let files = |is: fn(&Code) -> bool| found.iter().filter(|d| is(d.code)).map(|d| d.primary.span.file).collect();
        Self { torn: files(Code::is_syntax), imports: files(Code::is_import) }
    }

    /// What a torn text declares is not known: a name may be missing everywhere, an id in its own file.
    fn allow(&self, diagnostic: &Diagnostic) -> bool {
        let (code, file) = (diagnostic.code, diagnostic.primary.span.file);
        match (code.is_syntax(), code.is_import(), code.is_name()) {
            (true, ..) => true,
            (_, true, _) => self.torn.is_empty(),
            (.., true) => self.torn.is_empty() && !self.imports.contains(&file),
            _ => !self.torn.contains(&file),
        }
    }
}

/// The fix of a finding, if it is one to apply.
fn wanted_fix<'d>(diagnostic: &'d Diagnostic, args: &FixArgs) -> Option<&'d Fix> {
    let fix = diagnostic.fix.as_ref()?;
    let wanted = args.unsafe_fixes || fix.applicability == Applicability::Safe;
    (wanted && !fix.edits.is_empty()).then_some(fix)
}

/// Applies fixes, each whole or not at all, and gives the files that changed.
fn apply(project: &mut Project, fixes: &[&Fix], texts: &mut Texts) -> BTreeSet<FileId> {
    let mut edits: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    let mut n_fixes: BTreeMap<FileId, usize> = BTreeMap::new();
    let mut taken = Taken::default();
    for fix in fixes {
        if fix.edits.iter().any(|edit| taken.meets(edit)) {
            continue;
        }
        *n_fixes.entry(fix.edits[0].span.file).or_default() += 1;
        for edit in &fix.edits {
            taken.take(edit);
            edits.entry(edit.span.file).or_default().push(edit);
        }
    }
    for (file, edits) in &mut edits {
        let source = project.sources.get(*file);
        let new = edited(&source.text, edits);
        let text = texts.entry(real(project, *file)).or_insert_with(|| Fixed {
            shown: source.path.clone(),
            old: source.text.clone(),
            new: String::new(),
            n_fixes: 0,
        });
        text.n_fixes += n_fixes.get(file).copied().unwrap_or(0);
        text.new = new.clone();
        project.sources.replace(*file, new);
    }
    edits.into_keys().collect()
}

/// The ends of the edits of a round by where they start.
#[derive(Default)]
struct Taken(BTreeMap<(FileId, u32), u32>);

impl Taken {
    fn take(&mut self, edit: &Edit) {
        let end = self.0.entry((edit.span.file, edit.span.start)).or_default();
        *end = edit.span.end.max(*end);
    }

    /// Does an edit touch the text of an earlier one, or insert where that one begins or ends?
    fn meets(&self, edit: &Edit) -> bool {
        let Span { file, start, end } = edit.span;
        // They are apart from each other, so only the last ones can reach this far.
        let near = self.0.range((file, 0)..=(file, end)).rev().take(2);
        near.into_iter().any(|((_, first), last)| {
            let side_by_side = (end == *first || start == *last) && start != end && first != last;
            *last >= start && !side_by_side
        })
    }
}

/// The text with edits that do not meet.
fn edited(text: &str, edits: &mut [&Edit]) -> String {
    let is_crlf = text.split_once('\n').is_some_and(|(line, _)| line.ends_with('\r'));
    edits.sort_by_key(|edit| edit.span.start);
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        out.push_str(&text[at..range.start]);
        match is_crlf {
            true => out.push_str(&edit.text.replace('\n', "\r\n")),
            false => out.push_str(&edit.text),
        }
        at = range.end;
    }
    out + &text[at..]
}

/// A file that was formatted stays so.
fn keep_format(text: &mut Fixed) {
    let formatted = |text: &str| fmt::format(FileId(0), text).ok();
    if formatted(&text.old).is_some_and(|old| old == text.old) {
        text.new = formatted(&text.new).unwrap_or_else(|| text.new.clone());
    }
}

fn real(project: &Project, file: FileId) -> PathBuf {
    let path = &project.paths[file.0 as usize];
    path.canonicalize().unwrap_or_else(|_| path.clone())
}

/// Puts changed texts into a project.
fn take(project: &mut Project, texts: &Texts) {
    for file in (0..project.paths.len() as u32).map(FileId) {
        if let Some(text) = texts.get(&real(project, file)).filter(|_| !texts.is_empty()) {
            project.sources.replace(file, text.new.clone());
        }
    }
}

fn write(texts: &Texts, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let mut changes = Changes::default();
    for (path, text) in texts {
        changes.write(path.clone(), text.new.clone());
    }
    changes.commit()?;
    for text in texts.values() {
        terminal.say(&format!("fixed {} in {}", plural(text.n_fixes, "finding"), text.shown));
    }
    Ok(())
}

/// Reports what is left.
fn finish(projects: &[Project], args: &FixArgs, terminal: &mut Terminal<'_>) -> Outcome {
    let judged = |project| judge(project, crate::analyze(&project.sources), &[], &args.lints).1;
    let findings: Vec<Findings<'_>> = projects.iter().map(|project| (project, judged(project))).collect();
    let outcome = compile::verdict(&findings, &args.inputs, terminal);
    let all = findings.iter().flat_map(|(_, found)| found);
    let n_guesses = all.filter(|d| d.fix.as_ref().is_some_and(|fix| !fix.edits.is_empty())).count();
    if n_guesses > 0 && !args.unsafe_fixes {
        let them = if n_guesses == 1 { "it" } else { "them" };
        terminal.say(&format!("{} can be guessed; --unsafe-fixes applies {them}", plural(n_guesses, "fix")));
    }
    outcome
}

fn plural(n: usize, what: &str) -> String {
    let end = match (n, what.ends_with('x')) {
        (1, _) => "",
        (_, true) => "es",
        (_, false) => "s",
    };
    format!("{n} {what}{end}")
}
