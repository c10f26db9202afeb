//! Golden files: what the emitters write for each `golden/<case>.rss`, and that it is what it must be: parsed, formatted
//! and compiled. `RSS_BLESS=1 cargo test -p suites --test golden` rewrites the files.
//!
//! `<case>.toml` has options of its outputs. A case that needs several files separates them by lines `//@ file NAME`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rssc::emit::{self, Options};
use rssc::project::{self, Config};
use rssc::source::{FileId, SourceMap};
use suites::code;
use suites::tree::{read_all, replace_all};
use suites::{bless, entries, find, root};

type Files = BTreeMap<String, String>;

fn folder() -> PathBuf {
    root().join("tests/golden")
}

/// The names and texts of all cases.
fn cases() -> Vec<(String, String)> {
    let schemas = entries(&folder()).into_iter().filter(|path| path.extension().is_some_and(|e| e == "rss"));
    let cases: Vec<_> = schemas.map(|path| (name(&path, Path::file_stem), read(&path))).collect();
    assert!(cases.len() >= 10, "the golden cases are missing");
    cases
}

fn name(path: &Path, part: impl Fn(&Path) -> Option<&OsStr>) -> String {
    part(path).map_or(String::new(), |name| name.to_string_lossy().into_owned())
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of a case.
fn sources(case: &str, text: &str) -> SourceMap {
    let mut sources = SourceMap::new();
    if !text.starts_with("//@ file ") {
        sources.add(format!("{case}.rss"), text);
        return sources;
    }
    for part in text.split("//@ file ").skip(1) {
        let (name, text) = part.split_once('\n').expect("a name and a text");
        sources.add(name, text);
    }
    sources
}

/// What `<case>.toml` says, in the form of an rss.toml; most cases have none.
fn config(case: &str) -> Config {
    let path = folder().join(case).with_extension("toml");
    let text = if path.exists() { read(&path) } else { String::new() };
    let (config, findings) = project::parse(FileId(0), &text);
    assert!(findings.is_empty(), "{case}: {findings:#?}");
    config
}

fn emitted(case: &str, text: &str) -> Files {
    let checked = rssc::analyze(&sources(case, text));
    let findings: Vec<_> = checked.diagnostics.iter().map(|finding| (&finding.message, finding.primary.span)).collect();
    let schema = checked.schema.unwrap_or_else(|| panic!("{case}: {findings:#?}"));
    let config = config(case);
    let options = |target| Options { version: "0.1.0".to_owned(), ..Options::of(target) };
    let rust = emit::rust::emit(&schema, &options(&config.rust));
    let ts = emit::ts::emit(&schema, &options(&config.ts));
    let rust = rust.into_iter().map(|(path, text)| (format!("rust/{path}"), text));
    rust.chain(ts.into_iter().map(|(path, text)| (format!("ts/{path}"), text))).collect()
}

#[test]
fn output_is_as_written_down() {
    let mut wrong = Vec::new();
    for (case, text) in cases() {
        let emitted = emitted(&case, &text);
        let folder = folder().join(&case);
        if bless() {
            replace_all(&folder, &emitted).unwrap();
            continue;
        }
        let expected = read_all(&folder).unwrap();
        for path in emitted.keys().chain(expected.keys()) {
            if emitted.get(path) != expected.get(path) {
                wrong.push(format!("{case}/{path}"));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "RSS_BLESS=1 rewrites these golden files; read the difference: {wrong:#?}");
}

/// Every comment of the case `comments` reaches the readers of both languages.
#[test]
fn comments_are_carried_over() {
    let text = read(&folder().join("comments.rss"));
    let emitted = emitted("comments", &text);
    let numbers: Vec<&str> = text.split("doc ").skip(1).filter_map(|rest| rest.split(':').next()).collect();
    assert!(numbers.len() > 25);
    let mut missing = Vec::new();
    for language in ["rust", "ts"] {
        let files = emitted.iter().filter(|(path, _)| path.starts_with(language));
        let output: String = files.map(|(_, text)| text.as_str()).collect();
        missing.extend(
            numbers.iter().filter(|n| !output.contains(&format!("doc {n}:"))).map(|n| format!("{n} in {language}")),
        );
    }
    assert!(missing.is_empty(), "these comments are lost: {missing:?}");
}

#[test]
fn output_does_not_depend_on_the_run() {
    for (case, text) in cases() {
        assert_eq!(emitted(&case, &text), emitted(&case, &text), "{case}");
    }
}

fn golden(extension: &str) -> Vec<PathBuf> {
    let paths = find(&folder(), extension);
    assert!(paths.len() >= 10, "no golden .{extension} files");
    paths
}

#[test]
fn rust_parses_and_nothing_was_smuggled_in() {
    for path in golden("rs") {
        let text = read(&path);
        syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let code = code::rust(&text);
        assert!(!code.contains("pwned"), "{} has schema text outside of literals and docs", path.display());
    }
}

#[test]
fn typescript_has_nothing_smuggled_in() {
    for path in golden("ts") {
        let code = code::typescript(&read(&path));
        assert!(!code.contains("pwned"), "{} has schema text outside of literals and comments", path.display());
    }
}

#[test]
fn rustfmt_leaves_the_rust_alone() {
    let mut command = Command::new("rustfmt");
    command.args(["--check", "--edition", "2024", "--config-path"]).arg(root().join("rustfmt.toml"));
    succeeds(command.args(golden("rs")));
}

#[test]
fn the_formatter_leaves_the_typescript_alone() {
    succeeds(npm_tool("biome").args(["format", "--max-diagnostics=50"]).args(golden("ts")));
}

#[test]
fn the_typescript_compiles_under_the_strict_flags() {
    succeeds(npm_tool("tsc").arg("-p").arg(folder().join("tsconfig.json")));
}

fn npm_tool(name: &str) -> Command {
    let path = root().join("node_modules/.bin").join(name);
    assert!(path.exists(), "{} is missing: run `npm ci` in {}", path.display(), root().display());
    let mut command = Command::new(path);
    command.current_dir(root());
    command
}

fn succeeds(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{:?}: {error}", command.get_program()));
    let text = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    let shown: String = text.chars().take(20_000).collect();
    assert!(output.status.success(), "{:?} failed:\n{shown}", command.get_program());
}

/// Each case is compiled by the suite `golden_compiled`.
#[test]
fn every_case_is_compiled() {
    let text = read(&root().join("tests/golden_compiled.rs"));
    for (case, _) in cases() {
        let line = format!("#[path = \"golden/{case}/rust/mod.rs\"]");
        assert!(text.contains(&line), "tests/golden_compiled.rs lacks {line}");
    }
}

#[test]
fn a_golden_folder_belongs_to_a_case() {
    let cases = cases();
    for path in entries(&folder()) {
        let name = name(&path, Path::file_name);
        assert!(!path.is_dir() || cases.iter().any(|(case, _)| *case == name), "{name} has no .rss file");
    }
}
