//! Schema text in TypeScript: doc comments, string literals, numbers.

use std::fmt::Write as _;

use crate::emit::writer::Writer;
use crate::ir::Docs;

/// Writes what a declaration says about itself. Nothing in a comment ends it or speaks to a tool.
pub(super) fn docs(w: &mut Writer, docs: &Docs) {
    let text = docs.text();
    let text = text.iter().map(|line| as_text(line));
    let mark = docs.deprecated.iter().map(|mark| format!("@deprecated {}", as_text(&mark.sentence())));
    let lines: Vec<String> = text.chain(mark).chain(w.is_tagged().then(|| "@internal".to_owned())).collect();
    match lines.as_slice() {
        [] => {}
        [line] if w.fits(&format!("/** {line} */")) => w.line(format_args!("/** {line} */")),
        lines => {
            w.line("/**");
            for line in lines {
                w.line(format!(" * {line}").trim_end());
            }
            w.line(" */");
        }
    }
}

/// Writes what a file says about itself, with the tag that keeps it from being about what follows.
pub(super) fn of_file(w: &mut Writer, docs: &Docs) {
    if docs.lines.is_empty() {
        return;
    }
    w.line("/**");
    for line in &docs.lines {
        w.line(format!(" * {}", as_text(line)).trim_end());
    }
    w.line(" *");
    w.line(" * @packageDocumentation");
    w.line(" */");
}

/// Writes the docs of the schema, or `otherwise` where it has none.
pub(super) fn docs_or(w: &mut Writer, docs: &Docs, otherwise: &str) {
    let lines = if docs.lines.is_empty() { vec![otherwise.to_owned()] } else { docs.lines.clone() };
    self::docs(w, &Docs { lines, ..docs.clone() });
}

/// `*/` would end the comment; `@ts-ignore`, `biome-ignore` and their kind would be instructions.
fn as_text(line: &str) -> String {
    let mut out = String::new();
    let mut last = ' ';
    for (at, c) in line.trim().char_indices() {
        match c {
            '-' if is_instruction(&line.trim()[at + 1..]) => out.push_str("\\-"),
            '/' if last == '*' => out.push_str("\\/"),
            '@' if !last.is_alphanumeric() => out.push_str("\\@"),
            c if is_harmless(c) => out.push(c),
            c => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
        }
        last = c;
    }
    out
}

/// Whether the words after a tool's name and a hyphen tell it to look away.
fn is_instruction(words: &str) -> bool {
    ["ignore", "disable", "enable", "expect"].iter().any(|word| words.starts_with(word))
}

/// Whether a character may stand in a comment: no line breaks, no control characters, nothing that turns text around.
fn is_harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A string literal in the quotes that need fewer escapes; everything beyond printable ASCII is escaped.
pub(super) fn string(text: &str) -> String {
    let doubles = text.matches('"').count();
    let quote = if doubles > text.matches('\'').count() { '\'' } else { '"' };
    let mut out = String::from(quote);
    for unit in text.encode_utf16() {
        match char::from_u32(u32::from(unit)) {
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(c) if c == quote => {
                out.push('\\');
                out.push(c);
            }
            Some(c @ ' '..='~') => out.push(c),
            _ => {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out.push(quote);
    out
}

/// A floating-point literal in the form a formatter leaves alone.
pub(super) fn float(value: f64) -> String {
    if value.is_nan() {
        "Number.NaN".to_owned()
    } else if value.is_infinite() {
        format!("Number.{}_INFINITY", if value > 0.0 { "POSITIVE" } else { "NEGATIVE" })
    } else if value != 0.0 && !(1e-6..1e16).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(lines: &[&str]) -> String {
        let mut w = Writer::new("  ");
        docs(&mut w, &lines.iter().map(|&line| line.to_owned()).collect::<Vec<_>>().into());
        w.into_text()
    }

    #[test]
    fn docs_cannot_leave_their_comment() {
        assert_eq!(written(&["a */ b"]), "/** a *\\/ b */\n");
        assert_eq!(written(&["*", "/"]), "/**\n * *\n * /\n */\n");
        assert_eq!(written(&["*", "", "/ alert(1)"]), "/**\n * *\n *\n * / alert(1)\n */\n");
        assert_eq!(written(&["@ts-ignore a@b"]), "/** \\@ts\\-ignore a@b */\n");
        assert_eq!(written(&["biome-ignore-all lint"]), "/** biome\\-ignore-all lint */\n");
        assert_eq!(written(&["a\u{2028}b"]), "/** a\\u{2028}b */\n");
    }

    #[test]
    fn strings_are_escaped() {
        assert_eq!(string("a\\\n\u{0}é"), "\"a\\\\\\n\\u0000\\u00e9\"");
        assert_eq!(string("\u{1f600}"), "\"\\ud83d\\ude00\"");
        assert_eq!(string("say \"hi\""), "'say \"hi\"'");
        assert_eq!(string("it's"), "\"it's\"");
        assert_eq!(string("'a' \""), "\"'a' \\\"\"");
    }

    #[test]
    fn floats_are_short() {
        assert_eq!([0.0, -0.0, 1.0, -1.5, 1e300, 1e-9].map(float), ["0", "-0", "1", "-1.5", "1e300", "1e-9"]);
    }
}
