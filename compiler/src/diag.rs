//! Diagnostics as data: made by every stage, rendered only at the end.

pub mod codes;
pub mod levels;
pub mod render;
pub mod suggest;

use crate::source::Span;
pub use codes::Code;

/// One finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// From the tables in [`codes`].
    pub code: &'static Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, naming the thing: lower case, no full stop, names in backticks.
    pub message: String,
    /// What is wrong here.
    pub primary: Label,
    /// What it clashes with, possibly in other files.
    pub labels: Vec<Label>,
    /// Why it matters or what to do: at most three sentences.
    pub notes: Vec<String>,
    /// A change of the text that repairs it.
    pub fix: Option<Fix>,
}

/// How bad a finding is. Errors come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is written while one is left.
    Error,
    /// It changes nothing about the output.
    Warning,
}

/// A remark on a place.
#[derive(Clone, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The remark, possibly empty.
    pub text: String,
}

/// May a fix be applied without asking?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// It does what was meant.
    Safe,
    /// It is a guess, or it changes meaning.
    Guess,
}

/// A change of the text.
#[derive(Clone, Debug)]
pub struct Fix {
    /// The change in words, e.g. `strng -> string`.
    pub title: String,
    /// May it be applied without asking?
    pub applicability: Applicability,
    /// Replacements that do not overlap. Empty if the change can only be described.
    pub edits: Vec<Edit>,
    /// It writes ids or `next`, which the commands `compile` and `ids --write` do by themselves.
    pub writes_ids: bool,
}

/// One replacement of a fix.
#[derive(Clone, Debug)]
pub struct Edit {
    /// What goes; empty to insert.
    pub span: Span,
    /// What comes instead.
    pub text: String,
}

impl Diagnostic {
    /// An error with its primary label.
    pub fn new(code: &'static Code, message: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            primary: Label { span, text: label.into() },
            labels: Vec::new(),
            notes: Vec::new(),
            fix: None,
        }
    }

    /// A warning with its primary label.
    pub fn warning(code: &'static Code, message: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::new(code, message, span, label) }
    }

    /// Does it stop all output?
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Adds a remark on another place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds a sentence.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        debug_assert!(self.notes.len() < 3, "{}: more than three notes", self.code.id);
        self.notes.push(text.into());
        self
    }

    /// Sets the fix.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Offers `right` in the place of the primary label, if there is a suggestion.
    #[must_use]
    pub fn did_you_mean(mut self, wrong: &str, right: Option<&str>) -> Self {
        let Some(right) = right else { return self };
        self.primary.text = format!("did you mean `{right}`?");
        self.fix = Some(Fix::guess(format!("{wrong} -> {right}")).edit(self.primary.span, right));
        self
    }
}

impl Severity {
    /// As it is written in front of the code.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl Fix {
    /// A fix that does what was meant.
    pub fn safe(title: impl Into<String>) -> Self {
        Self { title: title.into(), applicability: Applicability::Safe, edits: Vec::new(), writes_ids: false }
    }

    /// A fix that is a guess.
    pub fn guess(title: impl Into<String>) -> Self {
        Self { title: title.into(), applicability: Applicability::Guess, edits: Vec::new(), writes_ids: false }
    }

    /// Marks a fix that only writes ids or `next`.
    #[must_use]
    pub fn ids(mut self) -> Self {
        self.writes_ids = true;
        self
    }

    /// Adds a replacement.
    #[must_use]
    pub fn edit(mut self, span: Span, text: impl Into<String>) -> Self {
        self.edits.push(Edit { span, text: text.into() });
        self
    }
}

/// Sorts by place (files in the order they were added) and drops what is said twice.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| (a.primary.span, a.code.id, &a.message).cmp(&(b.primary.span, b.code.id, &b.message)));
    diagnostics.dedup_by(|a, b| a.primary.span == b.primary.span && a.code.id == b.code.id && a.message == b.message);
}
