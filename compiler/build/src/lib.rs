//! Compiles ReStream schemas to Rust while the crate that uses them is built. The compiler is linked: nothing has to be
//! installed.
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), restream_build::Error> {
//!     restream_build::compile("schemas")
//! }
//! ```
//!
//! The crate then includes the module tree with `restream::include_schema!()`. Only `OUT_DIR` is written: neither schemas
//! nor rss.lock change.

#[cfg(test)]
mod tests;

use rssc::cli::{Build, Terminal};
use std::fmt;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

/// The folder in `OUT_DIR` that is written unless another one is asked for.
const DEFAULT_DIR: &str = "restream";

/// Why a build script must fail. Its `Debug` form is its message, as that is what a failing `main` prints.
#[derive(thiserror::Error)]
pub enum Error {
    /// Only Cargo's build scripts have an `OUT_DIR`.
    #[error("OUT_DIR is not set: this is not a build script")]
    NoOutDir,
    /// [`Config::out_dir`] names something that is not below `OUT_DIR`.
    #[error("`{}` is not inside of OUT_DIR, and a build script writes nowhere else", .0.display())]
    Outside(PathBuf),
    /// The schemas have findings, which are on standard error.
    #[error("the schemas in {paths} have {n_findings} error{}, shown above; nothing was generated", if *.n_findings == 1 { "" } else { "s" })]
    Findings {
        /// What was compiled.
        paths: String,
        /// How many there are.
        n_findings: usize,
    },
    /// Something cannot be read or written, or is not one project.
    #[error("cannot compile {paths}: {reason}")]
    Failed {
        /// What was compiled.
        paths: String,
        /// What is wrong.
        reason: String,
    },
    /// Cargo does not listen.
    #[error("cannot tell Cargo what to watch: {0}")]
    Output(#[from] io::Error),
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Compiles a folder of schemas to `OUT_DIR/restream`, as its rss.toml says if there is one.
/// # Errors
/// See [`Error`]. Findings in schemas are written to standard error first.
pub fn compile(path: impl AsRef<Path>) -> Result<(), Error> {
    Config::new().compile(&[path])
}

/// How schemas are compiled. What is not set here is taken from rss.toml, or has the default of `rssc compile`.
#[derive(Clone, Debug, Default)]
pub struct Config {
    runtime: Option<String>,
    strip: Option<String>,
    out_dir: Option<PathBuf>,
}

impl Config {
    /// A configuration that leaves everything to rss.toml.
    pub fn new() -> Self {
        Self::default()
    }

    /// The path of the runtime crate in generated code, e.g. `::restream`.
    #[must_use]
    pub fn runtime(mut self, path: impl Into<String>) -> Self {
        self.runtime = Some(path.into());
        self
    }

    /// Leading package segments that module paths leave out: with `game`, the package `game.board` is the module `board`.
    #[must_use]
    pub fn strip(mut self, segments: impl Into<String>) -> Self {
        self.strip = Some(segments.into());
        self
    }

    /// The folder to write, relative to `OUT_DIR`, instead of `restream`. `restream::include_schema!("name")` includes it.
    #[must_use]
    pub fn out_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(dir.into());
        self
    }

    /// Compiles one project, and tells Cargo to run the build script again when something that was read changes.
    /// # Errors
    /// See [`Error`]. Findings in schemas are written to standard error first.
    pub fn compile(&self, paths: &[impl AsRef<Path>]) -> Result<(), Error> {
        let root = std::env::var_os("OUT_DIR").map(PathBuf::from).ok_or(Error::NoOutDir)?;
        let paths = paths.iter().map(|path| path.as_ref().to_path_buf()).collect();
        self.run(paths, &root, &mut io::stdout().lock(), &mut io::stderr().lock())
    }

    fn run(&self, paths: Vec<PathBuf>, root: &Path, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
        let list = paths.iter().map(|path| format!("`{}`", path.display())).collect::<Vec<_>>().join(", ");
        let build = Build { paths, out: self.folder(root)?, runtime: self.runtime.clone(), strip: self.strip.clone() };
        // Standard output belongs to Cargo, so nothing of the compiler may get there.
        let mut terminal = Terminal { out: &mut io::sink(), err, colors: false };
        let built = build.run(&mut terminal);
        let built = built.map_err(|error| Error::Failed { paths: list.clone(), reason: format!("{error:#}") })?;
        for input in &built.inputs {
            writeln!(out, "cargo:rerun-if-changed={}", input.display())?;
        }
        match built.n_findings {
            0 => Ok(()),
            n_findings => Err(Error::Findings { paths: list, n_findings }),
        }
    }

    /// The folder to write, which must lie in `OUT_DIR`.
    fn folder(&self, root: &Path) -> Result<PathBuf, Error> {
        let dir = self.out_dir.as_deref().unwrap_or(Path::new(DEFAULT_DIR));
        let relative = dir.strip_prefix(root).unwrap_or(dir);
        match relative.components().all(|part| matches!(part, Component::Normal(_))) {
            true => Ok(root.join(relative)),
            false => Err(Error::Outside(dir.to_path_buf())),
        }
    }
}
