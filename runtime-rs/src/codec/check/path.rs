//! The way to a value, made into text only if there is something to say about it.

use super::{Rule, Violation};

/// A place in a value. Costs nothing until a violation asks for its text.
#[derive(Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Field(&'static str),
    Hidden(&'static str),
    Index(usize),
    Key(&'a dyn Fn() -> String),
}

impl Path<'_> {
    /// The value that is checked.
    #[must_use]
    pub const fn root() -> Self {
        Path { parent: None, step: Step::Root }
    }
}

impl<'a> Path<'a> {
    /// A field, or the case of a union, in it.
    #[must_use]
    pub const fn field(&'a self, name: &'static str) -> Self {
        Path { parent: Some(self), step: Step::Field(name) }
    }

    /// A field that not everybody may see: what is in there is not told.
    #[must_use]
    pub const fn hidden(&'a self, name: &'static str) -> Self {
        Path { parent: Some(self), step: Step::Hidden(name) }
    }

    /// An element of a list in it.
    #[must_use]
    pub const fn index(&'a self, index: usize) -> Self {
        Path { parent: Some(self), step: Step::Index(index) }
    }

    /// The entry of a map, or the element of a set, in it.
    #[must_use]
    pub const fn key(&'a self, text: &'a dyn Fn() -> String) -> Self {
        Path { parent: Some(self), step: Step::Key(text) }
    }

    /// A violation of `rule` at this place.
    #[must_use]
    pub fn violation(&self, rule: Rule, message: String) -> Violation {
        let mut path = String::new();
        let hidden = self.write(&mut path);
        if path.is_empty() {
            path.push_str("value");
        }
        let message = if hidden { "is not allowed".to_owned() } else { message };
        Violation { rule, path, message }
    }

    /// Writes the way up to the first field that not everybody may see; returns whether there was one.
    fn write(&self, out: &mut String) -> bool {
        if self.parent.is_some_and(|parent| parent.write(out)) {
            return true;
        }
        match self.step {
            Step::Root => {}
            Step::Field(name) | Step::Hidden(name) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(name);
            }
            Step::Index(index) => out.push_str(&format!("[{index}]")),
            Step::Key(text) => out.push_str(&format!("[{}]", text())),
        }
        matches!(self.step, Step::Hidden(_))
    }
}

impl std::fmt::Debug for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut path = String::new();
        self.write(&mut path);
        f.debug_tuple("Path").field(&path).finish()
    }
}

/// Text in quotes as JSON writes it, which is how both languages write keys in paths.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}
