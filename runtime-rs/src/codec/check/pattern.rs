//! Patterns: regular expressions that mean the same in Rust and in JavaScript.

use std::sync::OnceLock;

use regex_lite::Regex;

/// A pattern of the common subset, which always matches whole strings. Generated code makes it from a pattern that the
/// compiler has read and written anew. Compiled on first use.
#[derive(Debug)]
pub struct Pattern {
    text: &'static str,
    regex: OnceLock<Regex>,
}

impl Pattern {
    /// The pattern with this text.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self { text, regex: OnceLock::new() }
    }

    /// As it was written by the compiler, without anchors.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// Whether the whole string matches.
    /// # Panics
    /// If the text is no pattern of the common subset.
    pub fn matches(&self, value: &str) -> bool {
        let regex = self.regex.get_or_init(|| {
            Regex::new(&format!("^(?:{})$", self.text)).expect("the compiler lets patterns of the subset through only")
        });
        regex.is_match(value)
    }
}
