//! The formatter: `fmt/<case>.rss` becomes `<case>.out` (none: it stays as it is). Every schema of the repository that
//! parses keeps its tree and its comments, and formatting it twice is formatting it once.

use proptest::prelude::*;
use rssc::source::FileId;
use rssc::{fmt, syntax};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use suites::{all_hold, compare, find, root, run};

const FILE: FileId = FileId(0);

#[test]
fn cases() {
    let mut failures = Vec::new();
    for path in find(&root().join("tests/fmt"), "rss") {
        let text = fs::read_to_string(&path).unwrap();
        let expected = path.with_extension("out");
        match fmt::format(FILE, &text) {
            Err(found) => failures.push(format!("{}: does not parse: {found:#?}", path.display())),
            Ok(formatted) if formatted == text && !expected.exists() => {}
            Ok(formatted) => failures.extend(compare(&expected, &formatted).err()),
        }
    }
    all_hold(&failures);
}

#[test]
fn every_schema_keeps_its_meaning_and_its_comments() {
    assert!(CORPUS.len() > 10, "only {} schemas were found", CORPUS.len());
    let failures: Vec<String> =
        CORPUS.iter().filter_map(|(path, text)| Some(format!("{}: {}", path.display(), broken(text)?))).collect();
    all_hold(&failures);
}

#[test]
fn schemas_of_the_repository_are_formatted() {
    let run = run(["fmt", "--check", root().join("schemas").to_str().unwrap()]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "`rssc fmt schemas` repairs it");
}

#[test]
fn a_range_is_the_whole_file_or_leaves_the_rest_alone() {
    let mut failures = Vec::new();
    for (path, text) in CORPUS.iter() {
        let whole = fmt::format(FILE, text).unwrap();
        let n_lines = text.lines().count();
        // Blank lines at the top belong to no item.
        if fmt::format_range(FILE, text, 1..=n_lines).unwrap().trim_matches(['\r', '\n', '\u{feff}']) != whole.trim() {
            failures.push(format!("{}: all lines are not the file", path.display()));
        }
        for line in (1..=n_lines).step_by(1 + n_lines / 5) {
            let part = fmt::format_range(FILE, text, line..=line + 2).unwrap();
            let problem = match part == *text {
                true => None,
                false if *text == whole => Some("it was formatted already".to_owned()),
                false => differs(text, &part),
            };
            failures.extend(problem.map(|p| format!("{}:{line}: {p}", path.display())));
        }
    }
    all_hold(&failures);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// White space and comments between any two tokens.
    #[test]
    fn any_spacing_keeps_meaning_and_comments(case in any::<prop::sample::Index>(), seed in any::<u64>()) {
        let (path, text) = case.get(&CORPUS);
        let spaced = respace(text, seed);
        let (tree, found) = syntax::parse(FILE, &spaced);
        prop_assert!(found.is_empty(), "{}: the test makes no sense here: {found:#?}\n{spaced}", path.display());
        let same = shape(tree) == shape(syntax::parse(FILE, text).0);
        prop_assert!(same, "{}: the test has made another tree\n{spaced}", path.display());
        if let Some(problem) = broken(&spaced) {
            return Err(TestCaseError::fail(format!("{}: {problem}\n{spaced}", path.display())));
        }
    }
}

#[test]
fn command_line() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (good, bad, broken) = (path("good.rss"), path("sub/bad.rss"), path("broken.rss"));
    fs::create_dir(dir.path().join("sub")).unwrap();
    fs::write(&good, "edition 2026\npackage a\n").unwrap();
    fs::write(&bad, "edition  2026\npackage a\nopen enum E:u8{0 A}\nopen enum F:u8{0 A}\n").unwrap();
    fs::write(&broken, "edition  2026\npackage a\nopen enum E: u8 {\n").unwrap();

    let check = run(["fmt", "--check", &good, &bad]);
    assert_eq!(check.code, 1);
    assert_eq!(check.err, format!("not formatted: {bad}\n1 of 2 files is not formatted; `rssc fmt` formats them\n"));
    let diff = run(["fmt", "--diff", &bad]);
    assert_eq!(diff.code, 1);
    let wanted = "-edition  2026\n+edition 2026\n package a\n-open enum E:u8{0 A}\n-open enum F:u8{0 A}\n\
                  +open enum E: u8 { 0 A }\n+open enum F: u8 { 0 A }\n";
    assert_eq!(diff.out, format!("--- {bad}\n+++ {bad}\n@@ -1,4 +1,4 @@\n{wanted}"));

    assert_eq!(run(["fmt", "--range", "4:4", &bad]).code, 0);
    assert_eq!(
        fs::read_to_string(&bad).unwrap(),
        "edition  2026\npackage a\nopen enum E:u8{0 A}\nopen enum F: u8 { 0 A }\n"
    );
    assert_eq!(run(["fmt", "--range", "4:4", &bad, &good]).code, 2);
    assert_eq!(run(["fmt", "--range", "4:3", &bad]).code, 2);
    assert_eq!(run(["fmt", &path("missing.rss")]).code, 2);
    assert_eq!(run(["fmt"]).code, 2);

    // What has errors is left alone, the rest is formatted.
    let before = fs::metadata(&good).unwrap().modified().unwrap();
    let all = run(["fmt", dir.path().to_str().unwrap()]);
    assert_eq!(all.code, 1);
    assert!(all.err.contains("error[RSS0105]") && all.err.contains(&format!("formatted {bad}")), "{}", all.err);
    assert_eq!(fs::read_to_string(&broken).unwrap(), "edition  2026\npackage a\nopen enum E: u8 {\n");
    assert!(fs::read_to_string(&bad).unwrap().starts_with("edition 2026\n"));
    assert_eq!(fs::metadata(&good).unwrap().modified().unwrap(), before);
    assert_eq!(run(["fmt", "--check", &good, &bad]).code, 0);
}

/// All schemas of the repository that have no syntax errors.
static CORPUS: LazyLock<Vec<(PathBuf, String)>> = LazyLock::new(|| {
    let folders = ["schemas", "tests/fmt", "tests/golden", "tests/ui", "editors/vscode/test"];
    let paths = folders.iter().flat_map(|folder| find(&root().join(folder), "rss"));
    let read = |path: PathBuf| Some((path.clone(), String::from_utf8(fs::read(path).ok()?).ok()?));
    paths.filter_map(read).filter(|(_, text)| syntax::parse(FILE, text).1.is_empty()).collect()
});

/// What is wrong with the formatted text, if anything is.
fn broken(text: &str) -> Option<String> {
    let formatted = match fmt::format(FILE, text) {
        Ok(formatted) => formatted,
        Err(found) => return Some(format!("does not parse: {found:#?}")),
    };
    let again = fmt::format(FILE, &formatted);
    if again.as_ref().ok() != Some(&formatted) {
        let again = again.unwrap_or_else(|found| format!("{found:#?}"));
        let line = formatted.lines().zip(again.lines()).take_while(|(a, b)| a == b).count();
        let show = |text: &str| text.lines().skip(line.saturating_sub(2)).take(5).collect::<Vec<_>>().join("\n");
        let (once, twice) = (show(&formatted), show(&again));
        return Some(format!("formatting it twice changes line {}:\n{once}\n--- becomes\n{twice}\n", line + 1));
    }
    let is_ugly = |l: &str| l.ends_with([' ', '\t']) || (l.ends_with(',') && !l.contains("//"));
    let ugly = formatted.lines().position(|l| is_ugly(l) && !in_block_comment(&formatted, l));
    if let Some(line) = ugly {
        return Some(format!("line {} ends with a space or comma:\n{formatted}", line + 1));
    }
    differs(text, &formatted)
}

/// Text of comments stays as it is, so lines inside of a block comment may end with anything.
fn in_block_comment(text: &str, line: &str) -> bool {
    pieces(text).iter().any(|piece| piece.starts_with("/*") && piece.contains(line))
}

/// What two texts say differently.
fn differs(text: &str, formatted: &str) -> Option<String> {
    let (before, after) = (syntax::parse(FILE, text), syntax::parse(FILE, formatted));
    if !after.1.is_empty() {
        return Some(format!("does not parse any more: {:#?}\n{formatted}", after.1));
    }
    if shape(before.0) != shape(after.0) {
        return Some(format!("is another tree:\n{formatted}"));
    }
    // The strongest check: the same tokens and comments in the same order, but for commas.
    let words = |text: &str| pieces(text).into_iter().filter(|p| *p != ",").map(str::to_owned).collect::<Vec<_>>();
    (words(&text.replace("\r\n", "\n")) != words(&formatted.replace("\r\n", "\n")))
        .then(|| format!("tokens or comments have changed:\n{formatted}"))
}

/// A tree without places, and without the spaces between the arguments of annotations.
fn shape(mut file: syntax::ast::File) -> String {
    const ARGS: &str = "args: Some(Name { text: \"";
    file.comments.clear();
    let text = format!("{file:?}");
    let mut out = String::new();
    for (i, part) in text.split("Span {").enumerate() {
        let part = if i == 0 { part } else { part.split_once('}').expect("a span ends").1 };
        match part.split_once(ARGS) {
            Some((before, args)) => {
                out.push_str(before);
                out.extend(args.chars().filter(|c| *c != ' '));
            }
            None => out.push_str(part),
        }
    }
    out
}

/// Tokens and comments, cut without the help of the compiler.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let len = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").expect("comments end") + 2,
            '"' => string_len(rest),
            '-' if rest.starts_with("->") => 2,
            '.' if rest.starts_with("..") => 2,
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        pieces.push(rest[..len].trim_end());
        rest = rest[len..].trim_start();
    }
    pieces
}

fn string_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// The text with other white space and more comments, wherever the language allows them.
fn respace(text: &str, mut seed: u64) -> String {
    let mut random = move |n: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % n
    };
    let pieces = pieces(text);
    let mut out = String::new();
    let mut rest = text;
    let mut in_arguments = 0_usize;
    for (i, piece) in pieces.iter().enumerate() {
        let (gap, _) = rest.split_once(piece).expect("pieces are cut from the text");
        let before = if i == 0 { "" } else { pieces[i - 1] };
        let is_line = before.starts_with("//");
        // Paths, numbers and shifts are not to be torn.
        let torn = matches!((before, *piece), ("." | "-" | "", _) | (_, "." | "-") | ("<", "<") | (">", ">"));
        let tight = gap.is_empty() && torn;
        let continues = matches!(*piece, "@" | "{" | "->" | "throws" | ",") || before == ",";
        if tight || in_arguments > 0 || (gap.contains('\n') && continues) {
            out.push_str(gap);
        } else if gap.contains('\n') {
            let gaps = [
                "\n",
                "\n\n\n\n",
                "\n \t",
                "\n// x, y\n",
                "\n\n/* y\n  { */\n\n",
                " /* z */\n",
                " // t\n",
                "\n  /* l */ ",
            ];
            // Nothing fits behind a line comment, and documentation stays in front of what it documents.
            let n = if is_line { 5 } else { gaps.len() };
            let n = if piece.starts_with("//!") || before.starts_with("//!") { 3 } else { n };
            out.push_str(gaps[random(n)]);
        } else if (before == "{" || *piece == "}") && random(3) == 0 {
            out.push_str(["\n", "\n\n", " // o\n"][random(3)]);
        } else {
            out.push_str(gap);
            out.push_str(["", "", "", " ", "  \t", " /* i */ "][random(6)]);
        }
        out.push_str(piece);
        rest = &rest[gap.len() + piece.len()..];
        let is_call = *piece == "(" && i >= 2 && is_annotation(&pieces[..i]);
        in_arguments = match *piece {
            "(" if in_arguments > 0 || is_call => in_arguments + 1,
            ")" => in_arguments.saturating_sub(1),
            _ => in_arguments,
        };
    }
    out + rest
}

/// Do the pieces end with `@name` or `@path.to.name`?
fn is_annotation(pieces: &[&str]) -> bool {
    let is_name = |p: &str| p == "." || p.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    pieces.iter().rev().find(|p| !is_name(p)).is_some_and(|p| *p == "@")
}

/// The corpus must not be empty because of a wrong folder.
#[test]
fn the_corpus_has_the_shipped_schemas() {
    assert!(CORPUS.iter().any(|(path, _)| path.ends_with(Path::new("tictactoe/board.rss"))));
}
