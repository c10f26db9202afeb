//! `rssc release`: records the current schemas in rss.lock.

use super::compile::{any_error, judge, refuse};
use super::lints::Lints;
use super::load::{self, Project, shown};
use super::report::{self, Findings};
use super::write::Changes;
use super::{Outcome, ReleaseArgs, Terminal};
use crate::compat;
use crate::diag::suggest;
use crate::ir;
use anyhow::bail;

/// Runs the command.
pub(super) fn run(args: &ReleaseArgs, terminal: &mut Terminal<'_>) -> anyhow::Result<Outcome> {
    let projects = load::projects(&args.inputs.paths)?;
    if let Some(plain) = projects.iter().find(|p| !p.has_config) {
        bail!("`{}` is not a project: releases are recorded beside an rss.toml", shown(&plain.dir));
    }
    let (mut schemas, mut found) = (Vec::new(), Vec::new());
    for project in &projects {
        let (schema, diagnostics) = judge(project, crate::analyze(&project.sources), &args.broken, &Lints::default());
        schemas.push(schema);
        found.push(diagnostics);
    }
    let findings: Vec<Findings<'_>> = projects.iter().zip(found).collect();
    if any_error(&findings) {
        return Ok(refuse(&findings, &args.inputs, "; nothing was released", terminal));
    }
    report::report(&findings, args.inputs.format(), "", terminal);
    check_names(&projects, &schemas, &args.broken)?;
    let mut changes = Changes::default();
    let mut said = Vec::new();
    for (project, schema) in projects.iter().zip(&schemas) {
        let Some(schema) = schema else { continue };
        let (lock, lines) = compat::release(&project.lock, schema, &args.broken);
        said.extend(lines);
        changes.write(project.dir.join("rss.lock"), lock.text());
    }
    changes.commit()?;
    match said.is_empty() {
        true => terminal.say("nothing has changed since the last release"),
        false => said.iter().for_each(|line| terminal.say(line)),
    }
    Ok(Outcome::Fine)
}

/// Every name behind `--break` must be one that is or was released.
fn check_names(projects: &[Project], schemas: &[Option<ir::Schema>], broken: &[String]) -> anyhow::Result<()> {
    let mut known: Vec<String> = schemas.iter().flatten().flat_map(compat::subjects).map(|(name, _)| name).collect();
    known.extend(projects.iter().flat_map(|p| &p.lock.entries).map(|e| e.name.clone()));
    let Some(name) = broken.iter().find(|name| !known.contains(name)) else { return Ok(()) };
    match suggest::closest(name, known.iter().map(String::as_str)) {
        Some(right) => bail!("`{name}` is not declared and was never released; did you mean `{right}`?"),
        None => bail!("`{name}` is not declared and was never released; names are written `package.Name`"),
    }
}
