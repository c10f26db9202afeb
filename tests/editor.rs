//! What editors get: a grammar made from the parser's words, and snippets that are good schemas.

use rssc::source::FileId;
use rssc::syntax::{self, words};
use rssc::{fmt, textmate};
use serde_json::Value;
use std::fs;
use suites::{all_hold, compare, root};

const FOLDER: &str = "editors/vscode";

#[test]
fn the_grammar_is_fresh() {
    let file = root().join(FOLDER).join("syntaxes/rss.tmLanguage.json");
    all_hold(&Vec::from_iter(compare(&file, &textmate::grammar()).err()));
}

#[test]
fn every_word_of_the_parser_is_in_the_sample_that_the_grammar_is_tested_with() {
    let text = fs::read_to_string(root().join(FOLDER).join("test/language.rss")).unwrap();
    let (_, found) = syntax::parse(FileId(0), &text);
    assert!(found.is_empty(), "{found:#?}");
    let code = text.lines().filter(|l| !l.trim_start().starts_with("//"));
    let used: Vec<&str> = code.flat_map(|l| l.split(|c: char| !c.is_ascii_alphanumeric())).collect();
    let lines = words::LINES.iter().map(|(word, _)| *word);
    let methods = words::METHODS.iter().map(|(word, _)| *word);
    let all =
        words::declarations().chain(lines).chain(methods).chain(words::BOUNDS).chain([words::ALIAS, words::THROWS]);
    let missing: Vec<&str> = all.filter(|word| !used.contains(word)).collect();
    assert_eq!(missing, [""; 0], "test/language.rss does not show these words");
}

#[test]
fn snippets_are_formatted_schemas() {
    let text = fs::read_to_string(root().join(FOLDER).join("snippets/rss.json")).unwrap();
    let snippets: serde_json::Map<String, Value> = serde_json::from_str(&text).unwrap();
    assert!(snippets.len() > 10);
    let mut failures = Vec::new();
    for (name, snippet) in &snippets {
        let lines: Vec<&str> = snippet["body"].as_array().unwrap().iter().map(|l| l.as_str().unwrap()).collect();
        let schema = in_a_file(&filled(&lines.join("\n")));
        match fmt::format(FileId(0), &schema) {
            Ok(formatted) if formatted.trim_end() == schema.trim_end() => {}
            Ok(formatted) => failures.push(format!("{name}: is not formatted:\n{schema}\n--- formatted\n{formatted}")),
            Err(found) => failures.push(format!("{name}: {found:#?}\n{schema}")),
        }
    }
    all_hold(&failures);
}

/// A snippet with its places filled by what they propose.
fn filled(body: &str) -> String {
    let mut out = String::new();
    let mut rest = body;
    while let Some((before, place)) = rest.split_once("${") {
        let (_, proposal) = place.split_once(':').expect("every place proposes something");
        let (text, after) = proposal.split_once('}').expect("a place ends");
        out.push_str(before);
        out.push_str(text);
        rest = after;
    }
    // Where the cursor ends up nothing is written yet.
    (out + rest).replace("    $0\n", "    rpc x()\n").replace("$0", "")
}

fn in_a_file(body: &str) -> String {
    let is_line = words::METHODS.iter().any(|(word, _)| body.starts_with(&format!("{word} ")));
    match (is_line, body.contains("edition ")) {
        (_, true) => body.to_owned(),
        (true, _) => format!("edition 2026\npackage a.v1\n\nservice S {{\n    {body}\n}}\n"),
        (false, _) => format!("edition 2026\npackage a.v1\n\n{body}"),
    }
}
