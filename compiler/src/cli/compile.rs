//! `rssc compile` and `rssc check`.

use super::lints::Lints;
use super::load::{self, Project, shown};
use super::output::{self, Outputs};
use super::report::{self, Findings};
use super::write::Changes;
use super::{CheckArgs, CompileArgs, Inputs, Outcome, Terminal, ids};
use crate::check::Checked;
use crate::diag::{Diagnostic, codes};
use crate::emit::{self, Options};
use crate::source::{FileId, Role};
use crate::{compat, ir};
use anyhow::bail;

/// `rssc compile`.
pub(super) fn run(args: &CompileArgs, terminal: &mut Terminal<'_>) -> anyhow::Result<Outcome> {
    args.lints.check()?;
    let mut projects = load::projects(&args.inputs.paths)?;
    let outputs = output::plan(&projects, args)?;
    let mut changes = Changes::default();
    let locked = args.locked || args.check;
    let (mut schemas, mut found, mut said) = (Vec::new(), Vec::new(), Vec::new());
    for project in &mut projects {
        let mut checked = crate::analyze(&project.sources);
        if !locked {
            let (again, ids) = ids::complete(project, checked, &mut changes);
            checked = again;
            said.extend(ids);
        }
        let (schema, diagnostics) = judge(project, checked, &[], &args.lints);
        schemas.push(schema);
        found.push(diagnostics);
    }
    let findings: Vec<Findings<'_>> = projects.iter().zip(found).collect();
    if any_error(&findings) {
        return Ok(refuse(&findings, &args.inputs, "; nothing was written", terminal));
    }
    report::report(&findings, args.inputs.format(), "", terminal);
    for ((project, schema), outputs) in projects.iter().zip(schemas).zip(&outputs) {
        let Some(mut schema) = schema else { continue };
        compat::set_ancestors(&mut schema, &project.lock);
        if project.has_config && project.lock_file.is_none() {
            if args.locked {
                bail!(
                    "`{}` is missing; `rssc compile` without --locked creates it",
                    shown(&project.dir.join("rss.lock"))
                );
            }
            changes.write(project.dir.join("rss.lock"), project.lock.text());
        }
        add_outputs(&schema, outputs, &mut changes)?;
    }
    finish(args, &changes, &said, terminal)
}

/// `rssc check`.
pub(super) fn check(args: &CheckArgs, terminal: &mut Terminal<'_>) -> anyhow::Result<Outcome> {
    args.lints.check()?;
    let projects = load::projects(&args.inputs.paths)?;
    let mut findings: Vec<Findings<'_>> = Vec::new();
    for project in &projects {
        let checked = crate::analyze(&project.sources);
        findings.push((project, judge(project, checked, &[], &args.lints).1));
    }
    Ok(verdict(&findings, &args.inputs, terminal))
}

/// Says what was found, or that nothing was.
pub(super) fn verdict(findings: &[Findings<'_>], inputs: &Inputs, terminal: &mut Terminal<'_>) -> Outcome {
    if any_error(findings) {
        return refuse(findings, inputs, "", terminal);
    }
    report::report(findings, inputs.format(), "", terminal);
    let any_warning = findings.iter().any(|(_, found)| !found.is_empty());
    if !any_warning && inputs.format() == crate::diag::render::Format::Human {
        let n_files: usize =
            findings.iter().map(|(p, _)| p.sources.iter().filter(|(_, s)| s.role != Role::Project).count()).sum();
        terminal.say(&format!("no errors in {n_files} file{}", if n_files == 1 { "" } else { "s" }));
    }
    Outcome::Fine
}

/// Is there anything that stops all output?
pub(super) fn any_error(findings: &[Findings<'_>]) -> bool {
    findings.iter().any(|(_, found)| found.iter().any(Diagnostic::is_error))
}

/// All findings of a project: its files, its schemas and what was released; if these are in order, what lint rules say.
pub(super) fn judge(
    project: &Project,
    checked: Checked,
    broken: &[String],
    lints: &Lints,
) -> (Option<ir::Schema>, Vec<Diagnostic>) {
    let mut diagnostics = project.diagnostics.clone();
    diagnostics.extend(checked.diagnostics);
    if let (Some(schema), true) = (&checked.schema, diagnostics.is_empty()) {
        diagnostics.extend(beyond_numbers(schema, &project.config.ts));
        let lock_file = project.lock_file.unwrap_or(FileId(0));
        diagnostics.extend(compat::check(schema, &checked.places, &project.lock, lock_file, broken));
    }
    if diagnostics.is_empty() {
        diagnostics = lints.levels(&project.config.lints).apply(checked.warnings);
    }
    (checked.schema, diagnostics)
}

/// An integer of the schemas that no `number` holds, although `rss.toml` says that numbers hold integers.
fn beyond_numbers(schema: &ir::Schema, config: &crate::project::Target) -> Option<Diagnostic> {
    let said = config.int64_number?;
    let (package, value) = emit::ts::beyond_numbers(schema, &Options::of(config))?;
    let message = format!("a number of TypeScript does not hold {value}, which is written in {package}");
    let label = "numbers go up to 9007199254740991 in both directions";
    Some(Diagnostic::new(&codes::CONFIG_VALUE, message, said, label))
}

/// Reports findings with an error among them. If only ids are missing, nothing is wrong that a command would not write.
pub(super) fn refuse(
    findings: &[Findings<'_>],
    inputs: &Inputs,
    outcome: &str,
    terminal: &mut Terminal<'_>,
) -> Outcome {
    report::report(findings, inputs.format(), outcome, terminal);
    let only_ids =
        findings.iter().all(|(project, found)| found.iter().all(|d| !d.is_error() || ids::is_id_fix(project, d)));
    if only_ids { Outcome::Stale } else { Outcome::Findings }
}

fn add_outputs(schema: &ir::Schema, outputs: &Outputs, changes: &mut Changes) -> anyhow::Result<()> {
    for target in &outputs.targets {
        let files = (target.emit)(schema, &target.options);
        changes.replace_folder(&target.dir, files, &target.options.project)?;
    }
    Ok(())
}

fn finish(
    args: &CompileArgs,
    changes: &Changes,
    said: &[String],
    terminal: &mut Terminal<'_>,
) -> anyhow::Result<Outcome> {
    if args.check {
        let stale = changes.stale()?;
        stale.iter().for_each(|line| terminal.say(line));
        if stale.is_empty() {
            return Ok(Outcome::Fine);
        }
        terminal.say(&format!("{} not up to date; `rssc compile` writes what is missing", plural(stale.len())));
        return Ok(Outcome::Stale);
    }
    let done = changes.commit()?;
    said.iter().for_each(|line| terminal.say(line));
    done.lines.iter().for_each(|line| terminal.say(line));
    if done.lines.is_empty() {
        terminal.say(&format!("everything is up to date ({})", plural(done.n_equal)));
    }
    Ok(Outcome::Fine)
}

fn plural(n: usize) -> String {
    if n == 1 { "1 file".to_owned() } else { format!("{n} files") }
}
