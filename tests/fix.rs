//! `rssc fix`: `fix/<case>.rss` becomes `<case>.out`. The first line, `//@ fix [--unsafe-fixes] CODE..`, says how it is
//! run and which codes have gone afterwards; `//@ file NAME` starts a file of a case with several.

use proptest::prelude::*;
use rssc::diag::{Diagnostic, codes};
use rssc::source::{FileId, SourceMap};
use rssc::{fmt, project, syntax};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use suites::{all_hold, compare, entries, find, run};

/// Names and texts.
type Files = Vec<(String, String)>;

struct Case {
    path: PathBuf,
    flags: Vec<String>,
    codes: Vec<String>,
    files: Files,
}

fn cases() -> Vec<Case> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("the case was just listed");
        let (first, rest) = text.split_once('\n').expect("there is a first line");
        let words = first.strip_prefix("//@ fix ").unwrap_or_else(|| panic!("{}: no `//@ fix`", path.display()));
        let (flags, codes) = words.split(' ').map(str::to_owned).partition(|word| word.starts_with("--"));
        Case { path, flags, codes, files: split(rest) }
    };
    find(Path::new("fix"), "rss").into_iter().map(read).collect()
}

fn split(text: &str) -> Files {
    let part = |part: &str| {
        part.split_once('\n').map(|(name, text)| (name.to_owned(), text.to_owned())).expect("a name and a text")
    };
    match text.strip_prefix("//@ file ") {
        Some(files) => files.split("//@ file ").map(part).collect(),
        None => vec![("case.rss".to_owned(), text.to_owned())],
    }
}

fn join(files: &Files) -> String {
    match files.as_slice() {
        [(name, text)] if name == "case.rss" => text.clone(),
        files => files.iter().map(|(name, text)| format!("//@ file {name}\n{text}")).collect(),
    }
}

/// Fixes the files and gives their new texts.
fn fixed(files: &Files, flags: &[String]) -> Files {
    let dir = tempfile::tempdir().expect("there is room");
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("there is room");
        fs::write(path, text).expect("there is room");
    }
    let path = dir.path().to_string_lossy().into_owned();
    let words = ["fix".to_owned()].into_iter().chain(flags.iter().cloned()).chain([path]);
    let run = run(words);
    assert!(run.code < 2, "{}", run.err);
    files
        .iter()
        .map(|(name, _)| (name.clone(), fs::read_to_string(dir.path().join(name)).expect("it was just written")))
        .collect()
}

/// What is found in the files.
fn found(files: &Files) -> Vec<Diagnostic> {
    let mut sources = SourceMap::new();
    let (configs, schemas): (Files, Files) = files.iter().cloned().partition(|(name, _)| name.ends_with(".toml"));
    for (name, text) in schemas {
        sources.add(name, text);
    }
    let configs = configs.iter().flat_map(|(_, text)| project::parse(FileId(0), text).1);
    let checked = rssc::analyze(&sources);
    checked.diagnostics.into_iter().chain(checked.warnings).chain(configs).collect()
}

fn codes_of(files: &Files) -> BTreeSet<&'static str> {
    found(files).iter().map(|d| d.code.id).collect()
}

#[test]
fn cases_become_what_is_expected() {
    let mut failures = Vec::new();
    for case in cases() {
        let name = case.path.display();
        let out = fixed(&case.files, &case.flags);
        failures.extend(compare(&case.path.with_extension("out"), &join(&out)).err());
        let (before, after) = (codes_of(&case.files), codes_of(&out));
        for code in &case.codes {
            if !before.contains(code.as_str()) || after.contains(code.as_str()) {
                failures.push(format!("{name}: {code} is not what it fixes: {before:?} became {after:?}"));
            }
        }
        failures.extend(unsound(&case.files, &out, &case.flags).map(|problem| format!("{name}: {problem}")));
    }
    all_hold(&failures);
}

/// What no fix may do, whatever it is for.
fn unsound(before: &Files, after: &Files, flags: &[String]) -> Option<String> {
    if fixed(after, flags) != *after {
        return Some(format!("fixing it twice changes it again: {}", join(after)));
    }
    for ((name, old), (_, new)) in before.iter().zip(after).filter(|((name, _), _)| name.ends_with(".rss")) {
        if comments(old) != comments(new) {
            return Some(format!("{name}: other comments:\n{new}"));
        }
        if let Ok(formatted) = fmt::format(FileId(0), old) {
            match fmt::format(FileId(0), new) {
                Err(found) => return Some(format!("{name}: does not parse any more: {found:#?}\n{new}")),
                Ok(again) if formatted == *old && again != *new => return Some(format!("{name}: layout lost:\n{new}")),
                Ok(_) => {}
            }
        }
    }
    None
}

/// The texts of all comments, without what marks them as documentation.
fn comments(text: &str) -> Vec<String> {
    let comments = syntax::parse(FileId(0), text).0.comments;
    let texts = comments.iter().filter_map(|comment| text.get(comment.span.range()));
    texts.map(|text| text.trim_start_matches(['/', '!']).trim().to_owned()).collect()
}

/// The cases of the findings' own suite.
fn planted() -> Vec<(PathBuf, Files)> {
    let read = |path: PathBuf| fs::read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let mut all = Vec::new();
    for path in entries(Path::new("ui")).iter().flat_map(|area| entries(area)) {
        let inside = if path.is_dir() { entries(&path) } else { vec![path.clone()] };
        let inside = inside.into_iter().filter(|p| p.extension().is_some_and(|e| e == "rss" || e == "toml"));
        let name = |p: &Path| p.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let files: Option<Files> = inside.map(|p| Some((name(&p), read(p)?))).collect();
        all.extend(files.filter(|files| !files.is_empty()).map(|files| (path.clone(), files)));
    }
    all
}

#[test]
fn every_fixable_code_has_a_case() {
    let shown: BTreeSet<String> = cases().into_iter().flat_map(|case| case.codes).collect();
    let mut missing = BTreeSet::new();
    for (path, files) in planted() {
        let found = found(&files);
        let fixable = found.iter().filter(|d| d.fix.as_ref().is_some_and(|fix| !fix.edits.is_empty()));
        let new = fixable.map(|d| d.code.id).filter(|id| !shown.contains(*id));
        missing.extend(new.map(|id| format!("{id}, e.g. in {}", path.display())));
    }
    all_hold(&missing.into_iter().collect::<Vec<_>>());
    assert!(shown.len() >= 20, "{shown:?}");
    assert!(shown.iter().all(|id| codes::find(id).is_some()));
}

/// Everything at once, guesses included: it ends, and leaves what can be read readable.
#[test]
fn planted_mistakes_are_fixed_soundly() {
    let planted = planted();
    assert!(planted.len() > 50);
    let mut failures = Vec::new();
    for (path, files) in planted {
        for flags in [vec![], vec!["--unsafe-fixes".to_owned()]] {
            let problem = unsound(&files, &fixed(&files, &flags), &flags);
            failures.extend(problem.map(|problem| format!("{} {flags:?}: {problem}", path.display())));
        }
    }
    all_hold(&failures);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Something is cut out of a schema. What is left may have any mistakes; fixing them ends and is sound.
    #[test]
    fn cuts_are_fixed_soundly(
        case in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        n_bytes in 1_usize..40,
        guesses in any::<bool>(),
    ) {
        let paths = find(&suites::root().join("schemas"), "rss");
        let mut text = fs::read_to_string(case.get(&paths)).expect("the file was just found");
        let start = text.floor_char_boundary(at.index(text.len()));
        let end = text.floor_char_boundary((start + n_bytes).min(text.len()));
        text.replace_range(start..end, "");
        let files = vec![("case.rss".to_owned(), text)];
        let flags = if guesses { vec!["--unsafe-fixes".to_owned()] } else { vec![] };
        if let Some(problem) = unsound(&files, &fixed(&files, &flags), &flags) {
            return Err(TestCaseError::fail(format!("{problem}\n--- was:\n{}", files[0].1)));
        }
    }
}

#[test]
fn command_line() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    let (bad, good) = (path("bad.rss"), path("good.rss"));
    let text = "edition 2026\npackage a.v1\nfields struct A { next 2, 1 x: strng };\n";
    fs::write(&bad, text).unwrap();
    fs::write(&good, "edition  2026\npackage b.v1\n").unwrap();
    let all = dir.path().to_string_lossy().into_owned();

    let diff = run(["fix", "--diff", &all]);
    assert_eq!(diff.code, 1);
    assert!(diff.out.starts_with(&format!("--- {bad}\n+++ {bad}\n@@ -1,3 +1,3 @@\n")), "{}", diff.out);
    assert!(diff.out.ends_with("strng };\n+fields struct A { next 2, 1 x: strng }\n"), "{}", diff.out);
    assert!(diff.err.contains("error[RSS0201]") && !diff.err.contains("RSS0107"), "{}", diff.err);
    assert_eq!(fs::read_to_string(&bad).unwrap(), text, "--diff writes nothing");
    assert_eq!(run(["fix", "--diff", "--message-format", "json", &all]).code, 2);

    let before = fs::metadata(&good).unwrap().modified().unwrap();
    let safe = run(["fix", &all]);
    assert_eq!((safe.code, safe.out.as_str()), (1, ""));
    assert!(safe.err.starts_with(&format!("fixed 1 finding in {bad}\n")), "{}", safe.err);
    assert!(safe.err.ends_with("1 fix can be guessed; --unsafe-fixes applies it\n"), "{}", safe.err);
    assert_eq!(fs::read_to_string(&bad).unwrap(), text.replace(';', ""));

    let json = run(["fix", "--message-format", "json", &all]);
    assert_eq!((json.code, json.out.lines().count()), (1, 1));
    let guess = run(["fix", "--unsafe-fixes", &all]);
    assert_eq!((guess.code, guess.err), (0, format!("fixed 1 finding in {bad}\nno errors in 2 files\n")));
    assert_eq!(fs::read_to_string(&bad).unwrap(), text.replace(';', "").replace("strng", "string"));
    assert_eq!(fs::metadata(&good).unwrap().modified().unwrap(), before, "what needs no fix is not touched");
    assert_eq!(run(["fix", &all]).err, "no errors in 2 files\n");
    assert_eq!(run(["fix", "--diff", &all]).code, 0);
    assert_eq!(run(["fix", &path("missing.rss")]).code, 2);
    assert_eq!(run(["fix"]).code, 2);
}

#[test]
fn only_what_belongs_to_the_arguments_is_changed() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    let text = |package: &str| format!("edition 2026;\npackage {package}\n");
    let files = [("one/a.rss", "a"), ("one/b.rss", "b"), ("two/c.rss", "c"), ("three/d.rss", "d")];
    for folder in ["one", "two", "three", "four"] {
        fs::create_dir(path(folder)).unwrap();
    }
    files.iter().for_each(|(name, package)| fs::write(path(name), text(package)).unwrap());
    fs::write(path("one/rss.toml"), "[inputs]\nroots = [\".\", \"../two\"]\n").unwrap();
    // Their roots are all that these projects have, so both own the same file.
    fs::write(path("three/rss.toml"), "").unwrap();
    fs::write(path("four/rss.toml"), "[inputs]\nroots = [\"../three\"]\n").unwrap();
    let changed = || {
        let is_changed = |name: &str| !fs::read_to_string(path(name)).unwrap().contains(';');
        files.iter().filter(|(name, _)| is_changed(name)).map(|(name, _)| *name).collect::<Vec<_>>()
    };

    let one_file = run(["fix", &path("one/a.rss")]);
    assert!(one_file.err.contains("error[RSS0107]"), "the rest of the project is still reported: {}", one_file.err);
    assert_eq!((one_file.code, changed()), (1, vec!["one/a.rss"]));
    run(["fix", &path("one")]);
    assert_eq!(changed(), ["one/a.rss", "one/b.rss"], "what is only imported belongs to another project");
    let shared = run(["fix", &path("three"), &path("four")]);
    assert_eq!((shared.code, changed().len()), (0, 3), "{}", shared.err);
    assert_eq!(shared.err.lines().filter(|line| line.starts_with("fixed 1 finding in ")).count(), 1);
}
