//! What both main commands need: Node, npm packages, compiled schemas, built runtimes and pages, a browser.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::run::{cargo, command, on_path, output, root, run};

/// The oldest Node that the tools of the repository run on.
const NODE: (u32, u32) = (20, 19);

/// What the compiler may do about fields without an id.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ids {
    /// Write the next id into the schema.
    WriteBack,
    /// Fail and say so.
    Locked,
}

/// Checks Node and installs the locked npm packages if the lock or Node has changed since.
pub(crate) fn npm() -> Result<()> {
    let node = node()?;
    let lock = fs::read_to_string(root().join("package-lock.json")).context("cannot read package-lock.json")?;
    let stamp = root().join("node_modules/.installed-for");
    let wanted = format!("{node}\n{lock}");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run("npm", &["ci"])?;
    fs::write(&stamp, wanted).context("cannot write node_modules/.installed-for")
}

fn node() -> Result<String> {
    let need = format!("Node {}.{} or newer is needed (https://nodejs.org)", NODE.0, NODE.1);
    let Some(version) = output("node", &["--version"]) else { bail!("{need}; `node` is not on the PATH") };
    let mut parts = version.trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    if (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) < NODE {
        bail!("{need}; `node --version` says {version}");
    }
    Ok(version)
}

/// Compiles every schema of the repository and, unless locked, writes the grammar for editors.
pub(crate) fn generate(ids: Ids) -> Result<()> {
    let mut arguments = vec!["run", "--quiet", "--package", "rssc", "--", "compile", "schemas/", "--rust", "--ts"];
    if ids == Ids::Locked {
        arguments.push("--locked");
    }
    cargo(&arguments)?;
    if ids == Ids::WriteBack { grammar() } else { Ok(()) }
}

fn grammar() -> Result<()> {
    let grammar = output("cargo", &["run", "--quiet", "--package", "rssc", "--", "grammar"]);
    let text = format!("{}\n", grammar.context("`rssc grammar` failed")?);
    let path = root().join("editors/vscode/syntaxes/rss.tmLanguage.json");
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(path, text).context("cannot write the grammar for editors")
}

/// Fails if a generated file in the repository is not what its schema gives.
pub(crate) fn generated_is_fresh() -> Result<()> {
    cargo(&[
        "run",
        "--quiet",
        "--package",
        "rssc",
        "--",
        "compile",
        "schemas/",
        "--rust",
        "--ts",
        "--locked",
        "--check",
    ])
}

/// Builds `@restream/runtime`, then the page of the example.
pub(crate) fn pages() -> Result<()> {
    run("npm", &["run", "--silent", "build", "--workspace", "runtime-ts"])?;
    run("npm", &["run", "--silent", "build", "--workspace", "tictactoe-web"])
}

/// A Chromium: from the variable `CHROMIUM`, from the PATH, or installed by the system's package manager if we may.
pub(crate) fn chromium() -> Result<PathBuf> {
    const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    if let Some(path) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        if !path.is_file() {
            bail!("the variable CHROMIUM names `{}`, which is no file", path.display());
        }
        return Ok(path);
    }
    if let Some(path) = on_path(NAMES) {
        return Ok(path);
    }
    const INSTALL: &str = "apt-get update && apt-get install --yes --no-install-recommends chromium";
    let is_root = output("id", &["-u"]).as_deref() == Some("0");
    if is_root && on_path(&["apt-get"]).is_some() {
        println!("no Chromium found: {INSTALL}");
        let mut install = command("sh", &["-c", INSTALL]);
        install.env("DEBIAN_FRONTEND", "noninteractive");
        crate::run::check(&mut install)?;
        if let Some(path) = on_path(NAMES) {
            return Ok(path);
        }
    }
    bail!(
        "the browser suite needs Chromium: install it (Debian, Ubuntu: `sudo sh -c '{INSTALL}'`), or set the variable CHROMIUM \
         to the path of a Chromium or Chrome"
    )
}
