//! Says what was found: findings on standard error, JSON on standard output.

use super::load::Project;
use crate::diag::render::{self, Format, Totals};
use crate::diag::{self, Diagnostic};
use crate::source::Role;
use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};

/// Where a command writes: results to `out`, everything meant for people to `err`.
pub struct Terminal<'a> {
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// May findings be coloured?
    pub colors: bool,
}

impl Terminal<'_> {
    /// Writes a line for people. Nobody is left to tell if that fails.
    pub fn say(&mut self, line: &str) {
        let _ = writeln!(self.err, "{line}");
    }

    /// Writes a result.
    pub fn print(&mut self, text: &str) {
        let _ = self.out.write_all(text.as_bytes());
    }
}

/// Findings of one project.
pub(super) type Findings<'p> = (&'p Project, Vec<Diagnostic>);

/// Writes the findings of all projects and a summary that ends with `outcome`.
pub(super) fn report(findings: &[Findings<'_>], format: Format, outcome: &str, terminal: &mut Terminal<'_>) {
    let (mut totals, mut shown) = (Totals::default(), 0);
    let mut first_code = None;
    for (project, diagnostics) in findings {
        let mut sorted = diagnostics.clone();
        diag::sort(&mut sorted);
        // What stops the output must not be left out behind what does not.
        sorted.sort_by_key(|d| d.severity);
        let files: BTreeSet<_> = sorted.iter().map(|d| d.primary.span.file).collect();
        totals.n_errors += sorted.iter().filter(|d| d.is_error()).count();
        totals.n_warnings += sorted.iter().filter(|d| !d.is_error()).count();
        totals.n_files += files.len();
        totals.n_all += project.sources.iter().filter(|(id, s)| s.role != Role::Project || files.contains(id)).count();
        first_code = first_code.or(sorted.first().map(|d| d.code.id));
        let limit = if format == Format::Json { render::MAX_JSON } else { render::MAX_SHOWN };
        sorted.truncate(limit - shown.min(limit));
        shown += sorted.len();
        let text = render::render(&project.sources, &sorted, format, terminal.colors);
        match format {
            Format::Json => terminal.print(&text),
            Format::Human | Format::Short => drop(terminal.err.write_all(text.as_bytes())),
        }
    }
    let Some(code) = first_code else { return };
    if format != Format::Json {
        let n_found = totals.n_errors + totals.n_warnings;
        if n_found > shown {
            let what = if totals.n_warnings == 0 { "errors" } else { "findings" };
            terminal.say(&format!("{} more {what} are not shown\n", n_found - shown));
        }
        terminal.say(render::summary(totals, code, outcome).trim_end());
    }
}

/// Does standard error go to a terminal whose user wants colours?
pub(super) fn wants_colors() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|t| t == "dumb");
    std::io::stderr().is_terminal() && !set("NO_COLOR") && !dumb
}
