//! Which folders a run writes.

use super::CompileArgs;
use super::load::{self, Project};
use super::owner;
use crate::emit::{self, Files, Options};
use crate::ir;
use crate::project;
use anyhow::bail;
use std::path::{Path, PathBuf};

/// The outputs of one project.
pub(super) struct Outputs {
    pub(super) targets: Vec<Target>,
}

/// One output folder.
pub(super) struct Target {
    pub(super) dir: PathBuf,
    pub(super) options: Options,
    pub(super) emit: fn(&ir::Schema, &Options) -> Files,
}

/// Decides where each project writes; two must not write to one folder.
pub(super) fn plan(projects: &[Project], args: &CompileArgs) -> anyhow::Result<Vec<Outputs>> {
    let mut all = Vec::new();
    let mut dirs: Vec<PathBuf> = Vec::new();
    for project in projects {
        let sections = args.rust.is_none() && args.ts.is_none();
        let config = &project.config;
        let rust = wanted(&args.rust, &config.rust, &config.ts, sections);
        let ts = wanted(&args.ts, &config.ts, &config.rust, sections);
        let mut targets = Vec::new();
        if let Some(dir) = rust {
            targets.push(target(project, dir, &project.config.rust, "generated/rust", emit::rust::emit));
        }
        if let Some(dir) = ts {
            targets.push(target(project, dir, &project.config.ts, "generated/ts", emit::ts::emit));
        }
        for target in &targets {
            if dirs.contains(&target.dir) {
                bail!(
                    "two outputs would be written to `{}`; compile one project at a time or set `out` in rss.toml",
                    load::shown(&target.dir)
                );
            }
            dirs.push(target.dir.clone());
        }
        all.push(Outputs { targets });
    }
    if dirs.is_empty() && !projects.is_empty() {
        bail!("nothing to write: give --rust, --ts or both, or add [rust] and [ts] to rss.toml");
    }
    Ok(all)
}

/// Is this target asked for, and with which folder on the command line? A project whose rss.toml has a section for the
/// other target only takes part in `--rust --ts` with that one.
fn wanted<'a>(
    flag: &'a Option<Option<PathBuf>>,
    config: &project::Target,
    other: &project::Target,
    sections: bool,
) -> Option<Option<&'a Path>> {
    match flag {
        Some(None) if other.wanted && !config.wanted => None,
        Some(dir) => Some(dir.as_deref()),
        None => (sections && config.wanted).then_some(None),
    }
}

fn target(
    project: &Project,
    flag: Option<&Path>,
    config: &project::Target,
    default: &str,
    emit: fn(&ir::Schema, &Options) -> Files,
) -> Target {
    let dir = match (flag, &config.out) {
        (Some(dir), _) => dir.to_path_buf(),
        (None, Some(out)) => project.dir.join(out),
        (None, None) if project.has_config => project.dir.join(default),
        // Without rss.toml there is no project folder: the current one is.
        (None, None) => PathBuf::from(default),
    };
    let dir = load::normal(&dir);
    let options = Options { project: owner::name(&project.dir, &dir), ..Options::of(config) };
    Target { dir, options, emit }
}
