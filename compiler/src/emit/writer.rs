//! A line writer: it owns indentation and width, so output is formatted by construction.

use std::fmt::{Display, Write as _};

/// The width both formatters are set to.
pub(super) const WIDTH: usize = 120;

/// Collects the lines of one file.
#[derive(Debug)]
pub(super) struct Writer {
    text: String,
    depth: usize,
    step: &'static str,
    /// How declarations at the left margin say that they are internal, while they are.
    internal: Option<Internal>,
}

/// How a declaration says that it is internal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Internal {
    /// `pub(crate)` in the place of `pub`.
    Crate,
    /// The tag `@internal`.
    Tag,
}

impl Writer {
    /// An empty file whose levels are indented by `step`.
    pub(super) fn new(step: &'static str) -> Self {
        Self { text: String::new(), depth: 0, step, internal: None }
    }

    /// Adds a line at the present indentation. What `format_args!` gives is written without a string in between.
    pub(super) fn line(&mut self, text: impl Display) {
        let start = self.text.len();
        for _ in 0..self.depth {
            self.text.push_str(self.step);
        }
        let indented = self.text.len();
        // Writing to a string does not fail, and none of what is displayed here does.
        _ = write!(self.text, "{text}");
        debug_assert!(!self.text[indented..].contains('\n'), "a line holds no line break");
        if self.text.len() == indented {
            self.text.truncate(start);
        }
        if let (0, Some(internal)) = (self.depth, self.internal) {
            self.hide(start, internal);
        }
        self.text.push('\n');
    }

    /// Makes what the line from `start` on declares visible to its own package only.
    fn hide(&mut self, start: usize, internal: Internal) {
        let line = &self.text[start..];
        match internal {
            Internal::Crate if line.starts_with("pub ") => self.text.insert_str(start + "pub".len(), "(crate)"),
            Internal::Tag if line.starts_with("export ") && !self.text[..start].ends_with(" */\n") => {
                self.text.insert_str(start, "/** @internal */\n");
            }
            _ => {}
        }
    }

    /// What follows at the left margin is internal, or not.
    pub(super) fn set_internal(&mut self, internal: Option<Internal>) {
        self.internal = internal;
    }

    /// Is what follows for its own crate only?
    pub(super) fn is_crate(&self) -> bool {
        self.internal == Some(Internal::Crate)
    }

    /// Does what follows have the tag `@internal`?
    pub(super) fn is_tagged(&self) -> bool {
        self.depth == 0 && self.internal == Some(Internal::Tag)
    }

    /// Adds an empty line.
    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Adds `head {`, the body one level deeper, and `}`.
    pub(super) fn block(&mut self, head: impl Display, body: impl FnOnce(&mut Self)) {
        self.enclosed(format_args!("{head} {{"), "}", body);
    }

    /// Adds `open`, the body one level deeper, and `close`.
    pub(super) fn enclosed(&mut self, open: impl Display, close: &str, body: impl FnOnce(&mut Self)) {
        self.line(open);
        self.depth += 1;
        body(self);
        self.depth -= 1;
        self.line(close);
    }

    /// The body one level deeper.
    pub(super) fn indented(&mut self, body: impl FnOnce(&mut Self)) {
        self.depth += 1;
        body(self);
        self.depth -= 1;
    }

    /// Continues behind a line that closed one block and opened the next (`} else {`).
    pub(super) fn enclosed_rest(&mut self, close: &str, body: impl FnOnce(&mut Self)) {
        self.depth += 1;
        body(self);
        self.depth -= 1;
        self.line(close);
    }

    /// Adds a list as [`Writer::spaced_list`] does, whose last line opens a block, then the block.
    pub(super) fn spaced_list_then(
        &mut self,
        open: impl AsRef<str>,
        items: &[String],
        middle: &str,
        close: &str,
        body: impl FnOnce(&mut Self),
    ) {
        self.spaced_list(open, items, middle);
        self.enclosed_rest(close, body);
    }

    /// Whether `text` fits into what the indentation leaves of a line.
    pub(super) fn fits(&self, text: &str) -> bool {
        self.depth * self.step.len() + text.chars().count() <= WIDTH
    }

    /// Adds `open`, the items with commas between them, and `close`: on one line if that fits, else one item per line.
    pub(super) fn list(&mut self, open: impl AsRef<str>, items: &[String], close: &str) {
        self.padded_list(open.as_ref(), items, close, "");
    }

    /// Like [`Writer::list`], with a space inside the brackets of the one-line form.
    pub(super) fn spaced_list(&mut self, open: impl AsRef<str>, items: &[String], close: &str) {
        self.padded_list(open.as_ref(), items, close, if items.is_empty() { "" } else { " " });
    }

    fn padded_list(&mut self, open: &str, items: &[String], close: &str, pad: &str) {
        let flat = format!("{open}{pad}{}{pad}{close}", items.join(", "));
        if items.is_empty() || self.fits(&flat) {
            return self.line(flat);
        }
        self.enclosed_list(open, items);
        self.line(close);
    }

    /// Adds `open` and one item per line.
    pub(super) fn enclosed_list(&mut self, open: &str, items: &[String]) {
        self.line(open);
        self.indented(|w| {
            for item in items {
                w.line(format_args!("{item},"));
            }
        });
    }

    /// The text written so far.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_own_the_indentation() {
        let mut w = Writer::new("    ");
        w.block("impl A", |w| w.block("fn f()", |w| w.line("g();")));
        assert_eq!(w.into_text(), "impl A {\n    fn f() {\n        g();\n    }\n}\n");
    }

    #[test]
    fn a_list_breaks_at_the_width() {
        let items = |n: usize| vec!["x".repeat(n), "y".to_owned()];
        let mut w = Writer::new("  ");
        w.list("f(", &items(114), ");");
        w.list("f(", &items(112), ");");
        w.spaced_list("{", &[], "}");
        let expected = format!("f(\n  {},\n  y,\n);\nf({}, y);\n{{}}\n", "x".repeat(114), "x".repeat(112));
        assert_eq!(w.into_text(), expected);
    }
}
