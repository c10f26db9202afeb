//! Compiling from a build script: into one folder, changing nothing else.

use super::compile::judge;
use super::lints::Lints;
use super::load::{self, Project, shown};
use super::report::{self, Terminal};
use super::write::Changes;
use crate::compat;
use crate::diag::render::Format;
use crate::emit::{self, Options};
use anyhow::bail;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What to compile, and where to. Schemas and rss.lock are never changed.
#[derive(Clone, Debug)]
pub struct Build {
    /// A schema or a folder of them, with or without rss.toml: one project.
    pub paths: Vec<PathBuf>,
    /// The folder for `mod.rs` and the modules below it. Whatever rss.toml says, nothing is written elsewhere.
    pub out: PathBuf,
    /// The path of the runtime crate in generated code, instead of the one in rss.toml.
    pub runtime: Option<String>,
    /// Leading package segments that module paths leave out, instead of those in rss.toml.
    pub strip: Option<String>,
}

/// What a build did.
#[derive(Clone, Debug)]
pub struct Built {
    /// Every file that was read, and the folders in which new ones would be found.
    pub inputs: Vec<PathBuf>,
    /// How many errors were reported. Nothing was written if there are any.
    pub n_findings: usize,
}

impl Build {
    /// Compiles to Rust and reports what is wrong.
    /// # Errors
    /// What is no finding in a schema: paths that are not one project, files that cannot be read or written.
    pub fn run(&self, terminal: &mut Terminal<'_>) -> anyhow::Result<Built> {
        let projects = load::projects(&self.paths)?;
        let [project] = projects.as_slice() else {
            let dirs: Vec<String> = projects.iter().map(|p| format!("`{}`", shown(&p.dir))).collect();
            bail!("one project makes one module tree, but these are {}: {}", dirs.len(), dirs.join(", "));
        };
        let inputs = inputs(project, &self.out);
        let (schema, diagnostics) = judge(project, crate::analyze(&project.sources), &[], &Lints::default());
        let n_findings = diagnostics.iter().filter(|d| d.is_error()).count();
        let outcome = if n_findings > 0 { "; nothing was written" } else { "" };
        report::report(&[(project, diagnostics)], Format::Human, outcome, terminal);
        if let (Some(mut schema), 0) = (schema, n_findings) {
            compat::set_ancestors(&mut schema, &project.lock);
            let mut changes = Changes::default();
            let options = self.options(project);
            changes.replace_folder(&self.out, emit::rust::emit(&schema, &options), &options.project)?;
            changes.commit()?;
        }
        Ok(Built { inputs, n_findings })
    }

    fn options(&self, project: &Project) -> Options {
        let config = &project.config.rust;
        // The project is not named: folders of build scripts are shared by copies of a repository.
        let options = Options::of(config);
        Options {
            runtime: self.runtime.clone().unwrap_or(options.runtime),
            strip: self.strip.clone().unwrap_or(options.strip),
            ..options
        }
    }
}

/// Cargo looks at everything below a folder, so one that holds the output or a whole crate would always seem changed.
fn inputs(project: &Project, out: &Path) -> Vec<PathBuf> {
    let out = out.canonicalize().unwrap_or_else(|_| out.to_path_buf());
    let roots = project.config.roots.iter().map(|root| load::normal(&project.dir.join(&root.path)));
    let folders = roots.chain([project.dir.clone()]).filter(|dir| dir.is_dir());
    let is_watched = |dir: &PathBuf| {
        let holds_out = dir.canonicalize().is_ok_and(|real| out.starts_with(real));
        !holds_out && !dir.join("Cargo.toml").is_file()
    };
    let all: BTreeSet<PathBuf> = folders.filter(is_watched).chain(project.paths.iter().cloned()).collect();
    all.into_iter().collect()
}
