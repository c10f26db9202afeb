//! Every finding as the user sees it: `ui/<area>/<case>.rss`, or a folder that is a project, with `<case>.stderr` beside.
//! The first line of a file, `//@ check`, says how it is run; a folder is checked.

use rssc::diag::codes;
use std::fs;
use std::path::{Path, PathBuf};
use suites::{all_hold, compare, entries, run};

/// Files and folders that are cases.
fn cases() -> Vec<PathBuf> {
    let areas = entries(Path::new("ui"));
    let all = areas.iter().flat_map(|area| entries(area));
    all.filter(|p| p.is_dir() || p.extension().is_some_and(|e| e == "rss")).collect()
}

fn args(case: &Path) -> Vec<String> {
    let path = case.to_string_lossy().into_owned();
    if case.is_dir() {
        return vec!["check".to_owned(), path];
    }
    let text = fs::read(case).expect("the case was just listed");
    let text = String::from_utf8_lossy(&text);
    let first = text.lines().next().unwrap_or_default();
    let words = first.strip_prefix("//@ ").unwrap_or_else(|| panic!("{path}: the first line is not `//@ COMMAND`"));
    words.split(' ').map(str::to_owned).chain([path]).collect()
}

#[test]
fn findings_look_as_expected() {
    let cases = cases();
    assert!(cases.len() > 50, "the cases were not found");
    let mut failures = Vec::new();
    for case in &cases {
        let run = run(args(case));
        let actual = format!("{}{}exit {}\n", run.out, run.err, run.code);
        failures.extend(compare(&case.with_extension("stderr"), &actual).err());
    }
    all_hold(&failures);
}

/// One case shows that a code exists, a second one that it is not made for the first alone.
#[test]
fn every_code_has_two_cases() {
    let texts: Vec<String> =
        suites::find(Path::new("ui"), "stderr").iter().map(|p| fs::read_to_string(p).unwrap()).collect();
    let n_shown = |id: &str| texts.iter().filter(|t| t.contains(&format!("[{id}]"))).count();
    let missing = codes::ALL
        .iter()
        .chain(codes::RULES)
        .filter(|c| n_shown(c.id) < 2)
        .map(|c| format!("{}: {} of 2", c.id, n_shown(c.id)));
    all_hold(&missing.collect::<Vec<_>>());
}

#[test]
fn every_expectation_has_a_case() {
    let cases = cases();
    let orphans = suites::find(Path::new("ui"), "stderr")
        .into_iter()
        .filter(|e| !cases.iter().any(|c| c.with_extension("stderr") == *e));
    all_hold(&orphans.map(|p| p.display().to_string()).collect::<Vec<_>>());
}

/// A finding is one headline, at most three notes and a fix; no follow-ups are marked by counting what was planted.
#[test]
fn planted_mistakes_are_all_reported() {
    let path = "ui/syntax/many_mistakes.rss";
    let text = fs::read_to_string(path).unwrap();
    let planted: Vec<(usize, &str)> = text
        .lines()
        .zip(1..)
        .filter_map(|(line, n)| line.split_once("//~ ").map(|(_, codes)| (n, codes)))
        .flat_map(|(n, codes)| codes.split(' ').map(move |code| (n, code)))
        .collect();
    assert!(planted.len() > 25);
    let run = run(["check", "--message-format", "json", path]);
    let mut found: Vec<(usize, String)> = run
        .out
        .lines()
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let line = value["primary"]["place"]["line"].as_u64().unwrap() as usize;
            (line, value["code"].as_str().unwrap().to_owned())
        })
        .collect();
    let mut failures = Vec::new();
    for (line, code) in planted {
        match found.iter().position(|f| f.0 == line && f.1 == code) {
            Some(at) => drop(found.remove(at)),
            None => failures.push(format!("line {line}: {code} is not reported")),
        }
    }
    failures.extend(found.iter().map(|(line, code)| format!("line {line}: {code} is reported but was not planted")));
    all_hold(&failures);
}
