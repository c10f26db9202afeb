//! Text to tree. Never fails: what cannot be read is reported and left out.

pub mod annotations;
pub mod ast;
mod parser;
pub mod prescan;
pub mod walk;
pub mod words;

use crate::diag::{Diagnostic, codes};
use crate::source::{FileId, Span};

/// Largest schema file in bytes.
pub const MAX_FILE: usize = 16 << 20;

/// Parses one file.
pub fn parse(file: FileId, text: &str) -> (ast::File, Vec<Diagnostic>) {
    if text.len() > MAX_FILE {
        let span = Span::new(file, 0, 0);
        let message = format!("a schema file has at most {} MiB", MAX_FILE >> 20);
        let label = format!("this one has {} MiB", text.len().div_ceil(1 << 20));
        return (parser::empty(file), vec![Diagnostic::new(&codes::LIMIT, message, span, label)]);
    }
    let scan = prescan::scan(file, text);
    match scan.refused {
        true => (parser::empty(file), scan.diagnostics),
        false => parser::parse(file, text, scan),
    }
}
