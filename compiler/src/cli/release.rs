//! `rssc release`: records the current schemas in rss.lock.

use super::compile::{judge, refuse};
use super::load::{self, Project, shown};
use super::report::Findings;
use super::write::Changes;
use super::{Outcome, ReleaseArgs};
use crate::compat;
use crate::diag::suggest;
use crate::ir;
use crate::lock::{Entry, Lock};
use anyhow::bail;

/// Runs the command.
pub(super) fn run(args: &ReleaseArgs) -> anyhow::Result<Outcome> {
    let projects = load::projects(&args.inputs.paths)?;
    if let Some(plain) = projects.iter().find(|p| !p.has_config) {
        bail!("`{}` is not a project: releases are recorded beside an rss.toml", shown(&plain.dir));
    }
    let (mut schemas, mut found) = (Vec::new(), Vec::new());
    for project in &projects {
        let (schema, diagnostics) = judge(project, crate::analyze(&project.sources), &args.broken);
        schemas.push(schema);
        found.push(diagnostics);
    }
    if found.iter().any(|d| !d.is_empty()) {
        let findings: Vec<Findings<'_>> = projects.iter().zip(found).collect();
        return Ok(refuse(&findings, &args.inputs, "; nothing was released"));
    }
    check_names(&projects, &schemas, &args.broken)?;
    let mut changes = Changes::default();
    let mut said = Vec::new();
    for (project, schema) in projects.iter().zip(&schemas) {
        let Some(schema) = schema else { continue };
        let lock = next(&project.lock, schema, &args.broken, &mut said);
        changes.write(project.dir.join("rss.lock"), lock.text());
    }
    changes.commit()?;
    match said.is_empty() {
        true => eprintln!("nothing has changed since the last release"),
        false => said.iter().for_each(|line| eprintln!("{line}")),
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

/// The lock file after this release.
fn next(lock: &Lock, schema: &ir::Schema, broken: &[String], said: &mut Vec<String>) -> Lock {
    let mut entries = Vec::new();
    for (name, subject) in compat::subjects(schema) {
        let (descriptor, _) = compat::describe(schema, subject);
        let digest = descriptor.digest();
        let starts_over = broken.contains(&name);
        let mut digests = match lock.find(&name) {
            Some(entry) if !starts_over => entry.digests.clone(),
            _ => Vec::new(),
        };
        if digests.first() != Some(&digest) {
            let what = match (digests.is_empty(), starts_over) {
                (_, true) => "starts over",
                (true, _) => "first release",
                (false, _) => "new release",
            };
            said.push(format!("{name}: {what}"));
            // A release that returns to an older one stands in front again.
            digests.retain(|d| *d != digest);
            digests.insert(0, digest);
        }
        entries.push(Entry { name, digests, descriptor });
    }
    for gone in lock.entries.iter().filter(|e| !entries.iter().any(|n| n.name == e.name)) {
        said.push(format!("{}: no longer released", gone.name));
    }
    Lock { entries }
}
