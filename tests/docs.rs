//! What README.md and the guide show is real: their schemas compile, and their code stands in files that compile.

#[path = "docs/board.rs"]
#[allow(dead_code)]
mod board;
#[path = "docs/chat.rs"]
#[allow(dead_code)]
mod chat;
#[path = "docs/generated/mod.rs"]
mod generated;

use std::fs;

use rssc::analyze;
use rssc::diag::codes;
use rssc::source::SourceMap;
use suites::{all_hold, compare, root};

/// What a page shows: the file that holds it.
const SHOWN: [(&str, &str, &str); 6] = [
    ("README.md", "rss", "schemas/docs/board.rss"),
    ("README.md", "rust", "tests/docs/board.rs"),
    ("README.md", "tsx", "tests/interop/src/docs/readme.tsx"),
    ("docs/guide.md", "rss", "schemas/docs/chat.rss"),
    ("docs/guide.md", "rust", "tests/docs/chat.rs"),
    ("docs/guide.md", "tsx", "tests/interop/src/docs/chat.tsx"),
];

/// What the fragments of the language page name without declaring it.
const BESIDE_LANGUAGE: &str = "edition 2026
package game.board.v1
fields struct Item { next 2, 1 name: string }
fields struct Point { next 3, 1 x: f32, 2 y: f32 }
partials struct BoardState { next 2, 1 turn: Mark }
partials struct ClockState { next 2, 1 now: timestamp }
error LogInError { next 2, 1 Refused }
";
const COMMON: &str = "edition 2026
package game.common.v1
fields struct PlayerId { next 2, 1 number: u32 }
";
const UNITS: &str = "edition 2026
package game.units.v1
fields struct Speed { next 2, 1 metresPerSecond: f64 }
";

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The fenced blocks of a page in one language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let text = text(page);
    let fences = text.split("\n```").skip(1).step_by(2);
    fences.filter_map(|block| Some(block.strip_prefix(language)?.strip_prefix('\n')?.to_owned())).collect()
}

/// A text without indentation and empty lines, so that a page may show the inner part of something.
fn flat(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).fold(String::new(), |all, line| all + line + "\n")
}

#[test]
fn what_a_page_shows_stands_in_a_file_that_compiles() {
    let mut failures = Vec::new();
    for (page, language, file) in SHOWN {
        let blocks = blocks(page, language);
        assert!(!blocks.is_empty(), "{page} shows no {language}");
        let whole = flat(&text(file));
        let strange = blocks.iter().filter(|block| !whole.contains(&flat(block)));
        failures.extend(strange.map(|block| format!("{page} shows what {file} does not hold:\n{block}")));
    }
    all_hold(&failures);
}

/// The parts of the language page that the compiler writes.
fn tables() -> Vec<(&'static str, String)> {
    let grammar = suites::grammar::ebnf(&text("compiler/src/syntax/grammar.pest"));
    let rules: String = codes::RULES.iter().map(|rule| format!("| `{}` | {} |\n", rule.id, rule.meaning)).collect();
    vec![
        ("annotations", rssc::syntax::annotations::table()),
        ("lints", format!("| rule | what it tells |\n|---|---|\n{rules}")),
        ("grammar", format!("```ebnf\n{grammar}```\n")),
        ("options", rssc::project::options::table()),
    ]
}

/// What a page holds between `<!-- NAME -->` and `<!-- end -->` is made from a table of the compiler.
#[test]
fn the_language_page_holds_the_tables_of_the_compiler() {
    let page = text("docs/language.md");
    let mut fresh = page.clone();
    for (name, table) in tables() {
        let (open, close) = (format!("<!-- {name} -->\n"), "<!-- end -->");
        let (before, rest) = fresh.split_once(&open).unwrap_or_else(|| panic!("the page has no {open}"));
        let (_, after) = rest.split_once(close).expect("the table ends");
        fresh = format!("{before}{open}{table}{close}{after}");
    }
    all_hold(&Vec::from_iter(compare(&root().join("docs/language.md"), &fresh).err()));
}

#[test]
fn the_language_page_is_one_package_without_errors() {
    let blocks = blocks("docs/language.md", "rss");
    assert!(blocks.len() > 4);
    let mut sources = SourceMap::new();
    sources.add("language.rss", blocks.join("\n"));
    for (name, beside) in [("beside.rss", BESIDE_LANGUAGE), ("common.rss", COMMON), ("units.rss", UNITS)] {
        sources.add(name, beside);
    }
    let checked = analyze(&sources);
    let found: Vec<_> = checked.diagnostics.iter().chain(&checked.warnings).collect();
    assert!(found.is_empty(), "{found:#?}");
}
