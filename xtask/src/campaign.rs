//! `cargo xtask campaign`: long searches for bugs. The suites of `cargo xtask test` run the short forms.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::run::{cargo, command, root, run};

/// How much a campaign tries.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// For every run of the suites.
    Short,
    /// For a night.
    Long,
}

/// A campaign: its name and its run.
type Campaign = (&'static str, fn(Form) -> Result<()>);

const CAMPAIGNS: &[Campaign] = &[("fuzz", fuzz), ("cuts", cuts), ("typos", typos), ("smith", smith)];

/// Runs the long forms of the campaigns that are named, or of all.
pub(crate) fn campaign(arguments: &[String]) -> Result<()> {
    if let Some(unknown) = arguments.iter().find(|name| CAMPAIGNS.iter().all(|(known, _)| known != name)) {
        let known: Vec<&str> = CAMPAIGNS.iter().map(|(name, _)| *name).collect();
        bail!("there is no campaign `{unknown}`; there are: {}", known.join(", "));
    }
    let chosen = CAMPAIGNS.iter().filter(|(name, _)| arguments.is_empty() || arguments.iter().any(|a| a == name));
    for (name, run) in chosen {
        println!("\n== {name}");
        run(Form::Long)?;
    }
    Ok(())
}

/// The short forms of all campaigns that need no npm packages.
pub(crate) fn compiler() -> Result<()> {
    [fuzz, cuts, typos].into_iter().try_for_each(|run| run(Form::Short))
}

fn fuzz(form: Form) -> Result<()> {
    search("fuzz", if form == Form::Short { 200_000 } else { 10_000_000 })
}

fn cuts(form: Form) -> Result<()> {
    search("cuts", if form == Form::Short { 2_000 } else { 0 })
}

fn typos(form: Form) -> Result<()> {
    search("typos", if form == Form::Short { 200 } else { 20_000 })
}

/// How a package is run: optimised, with every check on.
const RUN: [&str; 5] = ["run", "--quiet", "--profile", "campaign", "--package"];

fn search(name: &str, runs: usize) -> Result<()> {
    cargo(&[&RUN[..], &["campaign", "--", name, "--runs", &runs.to_string()]].concat())
}

/// Runs the compiler, which says something only if it fails.
fn rssc(arguments: &[&str]) -> Result<()> {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = command(program, &[&RUN[..], &["rssc", "--"], arguments].concat()).output()?;
    if !output.status.success() {
        bail!("`rssc {}` failed:\n{}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// How many random packages are compiled by rustc and tsc at one time.
const PACKAGES_AT_ONCE: usize = 50;

/// Random valid schemas, whose Rust must compile as one crate and whose TypeScript as one project.
pub(crate) fn smith(form: Form) -> Result<()> {
    let rounds = if form == Form::Short { 1 } else { 40 };
    for round in 0..rounds {
        let seed = 2026 + round * PACKAGES_AT_ONCE;
        one_project(seed).with_context(|| format!("the schemas of `rssc smith --seed {seed}`"))?;
    }
    Ok(())
}

fn one_project(seed: usize) -> Result<()> {
    let folder = root().join("target/smith");
    match fs::remove_dir_all(folder.join("schemas")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    write(&folder.join("Cargo.toml"), MANIFEST)?;
    write(&folder.join("tsconfig.json"), TSCONFIG)?;
    write(&folder.join("src/lib.rs"), LIB)?;
    // The same versions as everywhere else.
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).context("cannot copy Cargo.lock")?;
    let packages = PACKAGES_AT_ONCE.to_string();
    let seed = seed.to_string();
    rssc(&["smith", "--out", "target/smith/schemas", "--seed", &seed, "--packages", &packages])?;
    rssc(&["fmt", "target/smith/schemas"])?;
    let outputs = ["--rust=target/smith/src/generated", "--ts=target/smith/ts"];
    rssc(&[&["compile", "target/smith/schemas", "--locked"], &outputs[..]].concat())?;
    // Its own workspace, with the build of the dependencies that the suites have made already.
    cargo(&["check", "--quiet", "--manifest-path", "target/smith/Cargo.toml", "--target-dir", "target"])?;
    run("node_modules/.bin/tsc", &["-p", "target/smith/tsconfig.json"])
}

fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().context("a file lies in a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .with_context(|| format!("cannot write {}", path.display()))
}

const MANIFEST: &str = r#"[package]
name = "smith"
version = "0.0.0"
edition = "2024"

[dependencies]
restream = { path = "../../runtime-rs" }

[workspace]

# As in the repository's own workspace, so that what was built for it is used.
[profile.dev]
debug = "line-tables-only"
"#;

const LIB: &str =
    "//! What was made from random schemas.\n#![deny(warnings)]\n#![forbid(unsafe_code)]\npub mod generated;\n";

const TSCONFIG: &str = r#"{
  "extends": "../../tests/golden/tsconfig.json",
  "compilerOptions": { "paths": { "@restream/runtime/wire": ["../../runtime-ts/src/wire.ts"] } },
  "include": ["ts/**/*.ts"]
}
"#;
