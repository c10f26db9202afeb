//! The repository itself: which module uses which, and that codes and their pages say the truth.

use rssc::diag::codes;
use rssc::lock::Lock;
use rssc::source::{FileId, Role, SourceMap};
use rssc::{compat, project};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use suites::{all_hold, find, root};

/// Each module of the compiler and the modules it may use. The order is the order of the pipeline.
const COMPILER: [(&str, &[&str]); 15] = [
    ("source", &[]),
    ("diag", &["source"]),
    ("syntax", &["diag", "source", "ir"]),
    ("resolve", &["diag", "source", "syntax", "ir"]),
    ("check", &["diag", "source", "syntax", "resolve", "ir"]),
    ("ir", &[]),
    ("lint", &["diag", "source", "syntax", "resolve", "ir"]),
    ("emit", &["ir"]),
    ("lock", &["diag", "source", "ir"]),
    ("project", &["diag", "source"]),
    ("compat", &["check", "diag", "ir", "lock", "source"]),
    ("fmt", &["diag", "source", "syntax"]),
    ("textmate", &["syntax"]),
    ("smith", &[]),
    (
        "cli",
        &["check", "compat", "diag", "emit", "fmt", "ir", "lock", "project", "smith", "source", "syntax", "textmate"],
    ),
];

/// Each room of the Rust runtime and the rooms it may use. Sockets and tasks are known to the last one only.
const RUNTIME: [(&str, &[&str]); 7] = [
    ("scalar", &[]),
    ("error", &[]),
    ("codec", &["error", "scalar"]),
    ("delta", &["codec", "error", "scalar"]),
    ("store", &["codec", "delta", "error"]),
    ("protocol", &["codec", "delta", "error", "store"]),
    ("server", &["codec", "delta", "error", "protocol", "store"]),
];

/// The top-level modules that a file names behind `crate::`.
fn uses(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let code = text.lines().filter(|l| !l.trim_start().starts_with("//"));
    for line in code.take_while(|l| !l.starts_with("#[cfg(test)]")) {
        for rest in line.split("crate::").skip(1) {
            let list = rest.strip_prefix('{').map_or(rest, |r| r.split('}').next().unwrap_or(r));
            let many = rest.starts_with('{');
            for part in list.split(", ").take(if many { usize::MAX } else { 1 }) {
                let name: String = part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                found.insert(name);
            }
        }
    }
    found
}

#[test]
fn compiler_modules_use_only_earlier_ones() {
    arrows_hold("compiler/src", &COMPILER);
}

#[test]
fn runtime_rooms_use_only_lower_ones() {
    arrows_hold("runtime-rs/src", &RUNTIME);
    for file in find(&root().join("runtime-rs/src"), "rs") {
        let text = fs::read_to_string(&file).unwrap();
        let inside = file.starts_with(root().join("runtime-rs/src/server")) || file.ends_with("src/server.rs");
        for library in ["tokio::", "tungstenite::", "hyper::"] {
            assert!(inside || !text.contains(library), "{} knows {library}", file.display());
        }
    }
}

fn arrows_hold(src: &str, table: &[(&str, &[&str])]) {
    let src = root().join(src);
    let mut failures = Vec::new();
    let files = find(&src, "rs");
    assert!(files.len() > 30);
    for file in files {
        let relative = file.strip_prefix(&src).expect("the file was found below it");
        let module = relative.iter().next().expect("a file has a name").to_string_lossy();
        let module = module.trim_end_matches(".rs");
        if matches!(module, "lib" | "main") {
            continue;
        }
        let Some((_, allowed)) = table.iter().find(|(name, _)| *name == module) else {
            failures.push(format!("{}: `{module}` is not in the table of modules", relative.display()));
            continue;
        };
        for used in uses(&fs::read_to_string(&file).expect("the file was just found")) {
            let is_module = table.iter().any(|(name, _)| *name == used);
            if is_module && used != module && !allowed.contains(&used.as_str()) {
                failures.push(format!("{}: `{module}` may not use `{used}`", relative.display()));
            }
        }
    }
    all_hold(&failures);
}

#[test]
fn only_the_command_line_touches_the_system() {
    let src = root().join("compiler/src");
    let mut failures = Vec::new();
    for file in find(&src, "rs") {
        let relative = file.strip_prefix(&src).unwrap().display().to_string();
        // The emitters' tests read their sample.
        if relative.starts_with("cli") || relative == "main.rs" || relative == "emit/sample.rs" {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        for call in ["std::fs", "std::env", "std::process", "std::net", "println!", "eprintln!"] {
            if text.contains(call) {
                failures.push(format!("{relative}: {call}"));
            }
        }
    }
    all_hold(&failures);
}

#[test]
fn pest_is_known_to_the_parser_only() {
    let src = root().join("compiler/src");
    let files = find(&src, "rs").into_iter().filter(|f| fs::read_to_string(f).unwrap().contains("pest::"));
    let outside = files.filter(|f| !f.starts_with(src.join("syntax/parser")) && *f != src.join("syntax/parser.rs"));
    all_hold(&outside.map(|f| f.display().to_string()).collect::<Vec<_>>());
}

#[test]
fn codes_are_made_in_their_table_only() {
    let src = root().join("compiler/src");
    let mut failures = Vec::new();
    for file in find(&src, "rs").into_iter().filter(|f| !f.ends_with("diag/codes.rs")) {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let made = code.lines().filter(|l| !l.trim_start().starts_with("//")).any(|l| l.contains("\"RSS0"));
        let allowed = code.contains("unwrap_or(\"RSS0101\")");
        if made && !allowed {
            failures.push(file.display().to_string());
        }
    }
    all_hold(&failures);
}

#[test]
fn pages_and_codes_belong_together() {
    let pages = find(&root().join("compiler/docs/errors"), "md");
    let names: BTreeSet<String> = pages.iter().map(|p| p.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    let codes: BTreeSet<String> = codes::ALL.iter().map(|c| c.id.to_owned()).collect();
    assert_eq!(names, codes);
    let pages = find(&root().join("compiler/docs/lints"), "md");
    let names: Vec<String> = pages.iter().map(|p| p.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(names, codes::RULES.iter().map(|rule| rule.id).collect::<Vec<_>>());
    for code in codes::ALL.iter().chain(codes::RULES) {
        let title = code.page.lines().next().unwrap_or_default();
        assert_eq!(title, format!("# {}: {}", code.id, code.meaning));
        assert!(code.page.lines().count() > 3, "{} explains nothing", code.id);
    }
}

/// A fenced example of a page: what stands behind the fence, and the text.
fn examples(page: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let text: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
            found.push((info, text.join("\n") + "\n"));
        }
    }
    found
}

/// The sources of an example. Pages leave out `edition` and `package` where they do not matter.
fn sources(example: &str) -> SourceMap {
    let mut sources = SourceMap::new();
    if example.starts_with("//@ file ") {
        for part in example.split("//@ file ").skip(1) {
            let (name, text) = part.split_once('\n').expect("a name and a text");
            sources.add(name, text);
        }
        return sources;
    }
    let has_header = example.lines().any(|l| l.starts_with("edition "));
    let header = if has_header { "" } else { "edition 2026\npackage example.v1\n" };
    sources.add("example.rss", format!("{header}{example}"));
    sources
}

/// The codes that an example gives, behind what was released.
fn codes_of(example: &str, lock: &Lock) -> BTreeSet<&'static str> {
    let mut sources = sources(example);
    let lock_file = sources.add_as("rss.lock", "rss.lock", "", Role::Project);
    let checked = rssc::analyze(&sources);
    let mut found = checked.diagnostics;
    found.extend(checked.warnings);
    if let Some(schema) = &checked.schema {
        found.extend(compat::check(schema, &checked.places, lock, lock_file, &[]));
    }
    found.iter().map(|d| d.code.id).collect()
}

/// Does an example show what the page is about? Errors fail, lint is told.
fn is_wrong(info: &str) -> bool {
    info.ends_with("fails") || info.ends_with("told")
}

#[test]
fn examples_of_pages_do_what_they_say() {
    let mut failures = Vec::new();
    for code in codes::ALL.iter().chain(codes::RULES) {
        let mut lock = Lock::default();
        let examples = examples(code.page);
        for (info, text) in &examples {
            let wanted: BTreeSet<&str> = if is_wrong(info) { [code.id].into() } else { BTreeSet::new() };
            let found: BTreeSet<&str> = match *info {
                "toml" | "toml fails" => project::parse(FileId(0), text).1.iter().map(|d| d.code.id).collect(),
                _ => codes_of(text, &lock),
            };
            if found != wanted {
                failures
                    .push(format!("{}: an example ({info}) gives {found:?} instead of {wanted:?}:\n{text}", code.id));
            }
            if *info == "rss released" {
                let schema = rssc::analyze(&sources(text)).schema.unwrap();
                lock = compat::release(&lock, &schema, &[]).0;
            }
        }
        let fails = examples.iter().filter(|(info, _)| is_wrong(info)).count();
        // What is wrong with a lock file or with bytes cannot be shown as an example.
        if fails == 0 && !matches!(code.id, "RSS0503" | "RSS0504") {
            failures.push(format!("{}: no failing example", code.id));
        }
    }
    all_hold(&failures);
}

#[test]
fn every_schema_of_the_repository_is_fine() {
    let schemas = root().join("schemas");
    assert!(Path::new(&schemas).is_dir());
    let run = suites::run(["check", "-D", "warnings", &schemas.to_string_lossy()]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
}

/// The repository's promises name their tests; a promise without a test is not published.
#[test]
fn promises_have_their_tests() {
    let read = |file: &str| fs::read_to_string(root().join(file)).unwrap();
    let promises = read("docs/guarantees.md");
    let rows: Vec<&str> = promises.lines().filter(|line| line.starts_with("| D")).collect();
    assert!(rows.len() > 10, "the table of promises has gone");
    for row in rows {
        let tests: Vec<(&str, &str)> = row.split('`').filter_map(|part| part.split_once(": ")).collect();
        assert!(!tests.is_empty(), "no test stands behind: {row}");
        for (file, test) in tests.iter().filter(|(file, _)| file.contains('/')) {
            assert!(read(file).contains(test), "docs/guarantees.md names `{test}`, which is not in {file}");
        }
    }
}
