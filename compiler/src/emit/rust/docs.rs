//! Schema text in Rust: doc comments and string literals.

use std::fmt::Write as _;

use crate::emit::writer::Writer;
use crate::ir::Docs;

/// Writes what a declaration says about itself: comments and attributes.
pub(super) fn docs(w: &mut Writer, docs: &Docs) {
    lines(w, &docs.text());
    attributes(w, docs);
}

/// Writes the docs of the schema, or `otherwise` where it has none.
pub(super) fn docs_or(w: &mut Writer, docs: &Docs, otherwise: &str) {
    docs_and(w, docs, otherwise, &[]);
}

/// The same, and more paragraphs behind it.
pub(super) fn docs_and(w: &mut Writer, docs: &Docs, otherwise: &str, more: &[&str]) {
    let text = docs.text();
    if text.is_empty() {
        w.line(format_args!("/// {otherwise}"));
    } else {
        lines(w, &text);
    }
    for paragraph in more {
        w.line("///");
        w.line(format_args!("/// {paragraph}"));
    }
    attributes(w, docs);
}

/// Writes attributes alone, for what is generated beside a declaration.
pub(super) fn attributes(w: &mut Writer, docs: &Docs) {
    let Some(deprecated) = &docs.deprecated else { return };
    // Tools take nothing but versions with three numbers behind `since`.
    let items = match deprecated.since.as_deref().filter(|since| is_version(since)) {
        Some(since) => {
            vec![format!("since = {}", string(since)), format!("note = {}", string(&deprecated.reason))]
        }
        None => vec![format!("note = {}", string(&deprecated.sentence()))],
    };
    w.list("#[deprecated(", &items, ")]");
}

fn is_version(text: &str) -> bool {
    let numbers: Vec<&str> = text.split('.').collect();
    // A number with a zero in front is no version number.
    let is_number = |n: &str| n == "0" || (n.len() < 9 && !n.starts_with('0') && n.parse::<u32>().is_ok());
    numbers.len() == 3 && numbers.iter().all(|n| n.bytes().all(|b| b.is_ascii_digit()) && is_number(n))
}

/// Writes doc lines. They are text: rustdoc finds no code in them.
fn lines(w: &mut Writer, lines: &[String]) {
    for line in lines {
        let text = as_text(line);
        if text.chars().all(is_harmless) {
            w.line(format!("/// {text}").trim_end());
        } else {
            w.line(format_args!("#[doc = {}]", string(&text)));
        }
    }
}

/// Takes from a line what Markdown would make code of: indentation and fences. (Code would be run as a test.)
fn as_text(line: &str) -> String {
    let mut text = String::new();
    for word in line.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        if word.contains("```") || word.contains("~~~") {
            text.push_str(&word.replace('`', "\\`").replace('~', "\\~"));
        } else {
            text.push_str(word);
        }
    }
    text
}

/// Whether a character may stand in a `///` comment: no control characters, nothing that turns the direction of text.
fn is_harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A string literal: everything beyond printable ASCII is escaped.
pub(super) fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            _ => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(lines: &[&str]) -> String {
        let mut w = Writer::new("    ");
        docs(&mut w, &lines.iter().map(|&line| line.to_owned()).collect::<Vec<_>>().into());
        w.into_text()
    }

    #[test]
    fn docs_are_text_and_never_code() {
        assert_eq!(
            written(&["A line.", "", "    let x = 1;", "-      code"]),
            "/// A line.\n///\n/// let x = 1;\n/// - code\n"
        );
        assert_eq!(written(&["```rust"]), "/// \\`\\`\\`rust\n");
        assert_eq!(written(&["~~~"]), "/// \\~\\~\\~\n");
    }

    #[test]
    fn unusual_characters_go_into_an_attribute() {
        assert_eq!(written(&["a\u{7}b\"]"]), "#[doc = \"a\\u{7}b\\\"]\"]\n");
        assert_eq!(written(&["a\u{202e}b"]), "#[doc = \"a\\u{202e}b\"]\n");
    }

    #[test]
    fn strings_are_escaped() {
        assert_eq!(string("a\"\\\n\u{0}é"), "\"a\\\"\\\\\\n\\u{0}\\u{e9}\"");
    }
}
