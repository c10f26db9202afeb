//! The canonical layout of a schema. Tokens and comments stay what they are and where they are; only the white space
//! between them, and whether a comma or a newline ends an item, is decided here.

mod layout;
mod range;
mod starts;
mod tokens;
mod tree;

use crate::diag::{self, Diagnostic};
use crate::source::FileId;
use crate::syntax;
use std::ops::RangeInclusive;

/// Lines are at most this many characters long where something can be broken.
pub const WIDTH: usize = 100;
/// Spaces per level.
pub const INDENT: usize = 4;

/// Formats a file.
/// # Errors
/// The syntax errors: a file that has some is left as it is.
pub fn format(file: FileId, text: &str) -> Result<String, Vec<Diagnostic>> {
    with_tree(file, text, |tree, _| layout::file(tree))
}

/// Formats the smallest run of whole items that the lines (from 1) touch and leaves the rest of the file as it is.
/// # Errors
/// The syntax errors: a file that has some is left as it is.
pub fn format_range(file: FileId, text: &str, lines: RangeInclusive<usize>) -> Result<String, Vec<Diagnostic>> {
    with_tree(file, text, |tree, text| range::format(tree, text, lines))
}

fn with_tree(
    file: FileId,
    text: &str,
    format: impl FnOnce(&[tree::Entry<'_>], &str) -> String,
) -> Result<String, Vec<Diagnostic>> {
    let (mut parsed, mut diagnostics) = syntax::parse(file, text);
    if !diagnostics.is_empty() {
        diag::sort(&mut diagnostics);
        return Err(diagnostics);
    }
    // A file keeps the line ends of its first line; in between there is one kind.
    let is_crlf = text.split_once('\n').is_some_and(|(line, _)| line.ends_with('\r'));
    let plain = text.replace("\r\n", "\n");
    if plain != text {
        parsed = syntax::parse(file, &plain).0;
    }
    let starts = starts::of_items(&parsed, &plain);
    let tree = tree::build(tokens::tokens(&plain, &starts));
    let out = format(&tree, &plain);
    Ok(if is_crlf { out.replace('\n', "\r\n") } else { out })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fmt(body: &str) -> String {
        let text = format!("edition 2026\npackage a.b\n{body}");
        let out = format(FileId(0), &text).expect("the text parses");
        assert_eq!(format(FileId(0), &out).expect("its own output parses"), out, "formatting twice changes it");
        out.strip_prefix("edition 2026\npackage a.b\n").expect("the header stays").to_owned()
    }

    #[test]
    fn one_line_bodies_stay_if_they_fit() {
        assert_eq!(fmt("fields  struct A{next 3,1 a:u8,2 b :u8,}"), "fields struct A { next 3, 1 a: u8, 2 b: u8 }\n");
        let long = format!("open enum E: u8 {{ 0 A, 1 {} }}", "B".repeat(90));
        assert_eq!(fmt(&long), format!("open enum E: u8 {{\n    0 A\n    1 {}\n}}\n", "B".repeat(90)));
    }

    #[test]
    fn errors_are_given_back() {
        let errors = format(FileId(0), "edition 2026\npackage a\nfields struct {").expect_err("does not parse");
        assert!(!errors.is_empty());
    }

    #[test]
    fn line_ends_are_kept() {
        let out = format(FileId(0), "edition 2026\r\n\r\n\r\npackage  a.b /* c\r\n */\r\n").expect("the text parses");
        assert_eq!(out, "edition 2026\r\n\r\npackage a.b /* c\r\n */\r\n");
    }
}
