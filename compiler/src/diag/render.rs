//! Diagnostics as text for people and as JSON for tools.

use super::{Applicability, Diagnostic, Severity};
use crate::source::{FileId, SourceMap, Span};
use codespan_reporting::diagnostic as cs;
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{self, termcolor};
use std::ops::Range;

/// Most findings shown to people.
pub const MAX_SHOWN: usize = 100;
/// Most findings written as JSON.
pub const MAX_JSON: usize = 10_000;
/// Notes are wrapped at this many characters.
const WIDTH: usize = 96;

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// With the lines of source they are about.
    #[default]
    Human,
    /// One line each.
    Short,
    /// One JSON object a line.
    Json,
}

/// Renders findings, in the order given, and says how many were left out.
pub fn render(sources: &SourceMap, diagnostics: &[Diagnostic], format: Format, colors: bool) -> String {
    let shown = if format == Format::Json { MAX_JSON } else { MAX_SHOWN };
    let mut out = String::new();
    for diagnostic in diagnostics.iter().take(shown) {
        match format {
            Format::Human => out.push_str(&human(sources, diagnostic, colors)),
            Format::Short => out.push_str(&short(sources, diagnostic)),
            Format::Json => {
                out.push_str(&json(sources, diagnostic).to_string());
                out.push('\n');
            }
        }
    }
    if diagnostics.len() > shown && format != Format::Json {
        out.push_str(&not_shown(diagnostics.len() - shown, diagnostics));
        if format == Format::Human {
            out.push('\n');
        }
    }
    out
}

/// Says how many findings of a list are left out.
pub fn not_shown(n_left_out: usize, all: &[Diagnostic]) -> String {
    let what = if all.iter().all(Diagnostic::is_error) { "errors" } else { "findings" };
    format!("{n_left_out} more {what} are not shown\n")
}

/// How much was found where.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    /// Findings that stop all output.
    pub n_errors: usize,
    /// Those that do not.
    pub n_warnings: usize,
    /// Files that findings are about.
    pub n_files: usize,
    /// Files that were read.
    pub n_all: usize,
}

/// The last lines: how much was found where, and what that meant.
pub fn summary(totals: Totals, code: &str, outcome: &str) -> String {
    let plural = |n: usize, what: &str| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
    let (errors, warnings) = (plural(totals.n_errors, "error"), plural(totals.n_warnings, "warning"));
    let found = match (totals.n_errors, totals.n_warnings) {
        (_, 0) => errors,
        (0, _) => warnings,
        _ => format!("{errors} and {warnings}"),
    };
    let what = if code.starts_with("RSS") { "a code" } else { "a rule" };
    let files = plural(totals.n_all, "file");
    format!("{found} in {} of {files}{outcome}\n`rssc explain {code}` explains {what}\n", totals.n_files)
}

fn human(sources: &SourceMap, diagnostic: &Diagnostic, colors: bool) -> String {
    let label =
        |style, l: &super::Label| cs::Label::new(style, l.span.file, first_line(sources, l.span)).with_message(&l.text);
    let mut labels = vec![label(cs::LabelStyle::Primary, &diagnostic.primary)];
    labels.extend(diagnostic.labels.iter().map(|l| label(cs::LabelStyle::Secondary, l)));
    let mut notes: Vec<String> = diagnostic.notes.iter().map(|n| wrap(n)).collect();
    // "did you mean" says in its label what the fix would say again.
    if let Some(fix) = &diagnostic.fix
        && !diagnostic.primary.text.starts_with("did you mean")
    {
        notes.push(wrap(&format!("fix ({}): {}", applicability(fix.applicability), fix.title)));
    }
    let severity = match diagnostic.severity {
        Severity::Error => cs::Severity::Error,
        Severity::Warning => cs::Severity::Warning,
    };
    let rendered = cs::Diagnostic::new(severity)
        .with_code(diagnostic.code.id)
        .with_message(&diagnostic.message)
        .with_labels(labels)
        .with_notes(notes);
    let mut buffer = if colors { termcolor::Buffer::ansi() } else { termcolor::Buffer::no_color() };
    let written = term::emit_to_write_style(&mut buffer, &term::Config::default(), &Adapter(sources), &rendered);
    match written {
        Ok(()) => compact(&String::from_utf8_lossy(buffer.as_slice())),
        // Every span lies inside its file; if one does not, the message must still be seen.
        Err(_) => short(sources, diagnostic),
    }
}

/// Drops lines that hold nothing but the border of a snippet.
fn compact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let plain = without_escapes(line);
        let plain = plain.trim();
        if plain != "│" {
            out.push_str(line);
        }
    }
    out
}

/// The text without terminal escapes.
fn without_escapes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out.push_str(&rest[..at]);
        rest = rest[at..].split_once('m').map_or("", |(_, r)| r);
    }
    out + rest
}

fn short(sources: &SourceMap, diagnostic: &Diagnostic) -> String {
    let span = diagnostic.primary.span;
    let (line, column) = sources.line_column(span.file, span.start);
    let path = &sources.get(span.file).path;
    let label = match diagnostic.primary.text.as_str() {
        "" => String::new(),
        text => format!(" ({text})"),
    };
    let level = diagnostic.severity.word();
    format!("{path}:{line}:{column}: {level}[{}]: {}{label}\n", diagnostic.code.id, diagnostic.message)
}

fn json(sources: &SourceMap, diagnostic: &Diagnostic) -> serde_json::Value {
    let place = |span: Span| {
        let (line, column) = sources.line_column(span.file, span.start);
        let (end_line, end_column) = sources.line_column(span.file, span.end);
        serde_json::json!({
            "file": sources.get(span.file).path, "start": span.start, "end": span.end,
            "line": line, "column": column, "end_line": end_line, "end_column": end_column,
        })
    };
    let label = |l: &super::Label| serde_json::json!({ "place": place(l.span), "text": l.text });
    let fix = diagnostic.fix.as_ref().map(|fix| {
        let edits = fix.edits.iter().map(|e| serde_json::json!({ "place": place(e.span), "text": e.text }));
        serde_json::json!({
            "title": fix.title, "applicability": applicability(fix.applicability), "edits": edits.collect::<Vec<_>>(),
        })
    });
    serde_json::json!({
        "level": diagnostic.severity.word(), "code": diagnostic.code.id, "name": diagnostic.code.name,
        "message": diagnostic.message, "primary": label(&diagnostic.primary),
        "labels": diagnostic.labels.iter().map(label).collect::<Vec<_>>(), "notes": diagnostic.notes, "fix": fix,
    })
}

fn applicability(applicability: Applicability) -> &'static str {
    match applicability {
        Applicability::Safe => "safe",
        Applicability::Guess => "guess",
    }
}

/// A label that spans lines marks its first one.
fn first_line(sources: &SourceMap, span: Span) -> Range<usize> {
    let text = sources.slice(span);
    let len = text.find('\n').map_or(text.len(), |n| text[..n].trim_end().len());
    span.start as usize..span.start as usize + len
}

fn wrap(text: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for word in text.split(' ') {
        let len = word.chars().count();
        if width > 0 && width + 1 + len > WIDTH {
            out.push('\n');
            width = 0;
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += len;
    }
    out
}

/// Sources as codespan-reporting wants them.
struct Adapter<'a>(&'a SourceMap);

impl<'a> Files<'a> for Adapter<'a> {
    type FileId = FileId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(&self.0.get(id).path)
    }

    fn source(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(&self.0.get(id).text)
    }

    fn line_index(&'a self, id: FileId, offset: usize) -> Result<usize, Error> {
        Ok(self.0.get(id).lines().line(offset))
    }

    fn line_range(&'a self, id: FileId, line: usize) -> Result<Range<usize>, Error> {
        let source = self.0.get(id);
        let start = source.lines().start(line).ok_or(Error::LineTooLarge { given: line, max: line })?;
        Ok(start..source.lines().start(line + 1).unwrap_or(source.text.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Fix, codes};

    fn sample() -> (SourceMap, Diagnostic) {
        let mut sources = SourceMap::new();
        let file = sources.add("game.rss", "fields struct Player {\n    3 hp: u16\n    3 mp: u16\n}\n");
        let d = Diagnostic::new(
            &codes::DUPLICATE_ID,
            "id 3 is used twice in `Player`",
            Span::new(file, 41, 42),
            "used again for `mp`",
        )
        .label(Span::new(file, 27, 28), "first used for `hp`")
        .note("An id is all that travels, so a reader could not tell the two fields apart.")
        .fix(Fix::safe("3 mp -> 5 mp"));
        (sources, d)
    }

    #[test]
    fn people_see_the_lines() {
        let (sources, d) = sample();
        let text = render(&sources, &[d], Format::Human, false);
        let expected = "\
error[RSS0301]: id 3 is used twice in `Player`
  ┌─ game.rss:3:5
2 │     3 hp: u16
  │     - first used for `hp`
3 │     3 mp: u16
  │     ^ used again for `mp`
  = An id is all that travels, so a reader could not tell the two fields apart.
  = fix (safe): 3 mp -> 5 mp

";
        assert_eq!(text, expected);
    }

    #[test]
    fn tools_see_places() {
        let (sources, d) = sample();
        let text = render(&sources, std::slice::from_ref(&d), Format::Json, false);
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!((&value["level"], &value["primary"]["place"]["line"]), (&"error".into(), &3.into()));
        assert_eq!(value["fix"]["applicability"], "safe");
        let line = render(&sources, &[d], Format::Short, false);
        assert_eq!(line, "game.rss:3:5: error[RSS0301]: id 3 is used twice in `Player` (used again for `mp`)\n");
    }

    #[test]
    fn warnings_say_so() {
        let (sources, d) = sample();
        let warning = Diagnostic { severity: Severity::Warning, ..d };
        let head = |format| render(&sources, std::slice::from_ref(&warning), format, false);
        assert!(head(Format::Human).starts_with("warning[RSS0301]: id 3"));
        assert!(head(Format::Short).starts_with("game.rss:3:5: warning[RSS0301]: id 3"));
        assert!(head(Format::Json).contains("\"level\":\"warning\""));
        let totals = Totals { n_errors: 1, n_warnings: 2, n_files: 1, n_all: 3 };
        assert!(summary(totals, "unused_import", "").starts_with("1 error and 2 warnings in 1 of 3 files\n"));
    }

    #[test]
    fn a_hundred_are_shown() {
        let (sources, d) = sample();
        let many = vec![d; 103];
        assert!(render(&sources, &many, Format::Short, false).ends_with("\n3 more errors are not shown\n"));
        assert_eq!(render(&sources, &many, Format::Json, false).lines().count(), 103);
    }
}
