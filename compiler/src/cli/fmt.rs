//! `rssc fmt`.

use super::load::{self, shown};
use super::write::Changes;
use super::{FmtArgs, Outcome, Terminal, diff};
use crate::diag::render::{self, Format, Totals};
use crate::diag::{Diagnostic, codes};
use crate::fmt;
use crate::source::{FileId, Role, SourceMap, Span};
use crate::syntax::MAX_FILE;
use anyhow::{Context, bail};
use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Lines of a file, from 1, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lines {
    first: usize,
    last: usize,
}

impl FromStr for Lines {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str| text.parse().ok().filter(|n| *n > 0);
        let bounds = text.split_once(':').and_then(|(a, b)| Some((number(a)?, number(b)?)));
        match bounds {
            Some((first, last)) if first <= last => Ok(Self { first, last }),
            _ => Err("expected two line numbers, counted from 1, e.g. 3:9"),
        }
    }
}

/// What came of the files.
#[derive(Default)]
struct Run {
    sources: SourceMap,
    diagnostics: Vec<Diagnostic>,
    changes: Changes,
    /// Names and texts of files that are not formatted, before and after.
    unformatted: Vec<(String, String, String)>,
    n_files: usize,
}

/// Runs the command.
pub(super) fn run(args: &FmtArgs, terminal: &mut Terminal<'_>) -> anyhow::Result<Outcome> {
    if args.paths.iter().any(|p| p == Path::new("-")) {
        if args.paths.len() > 1 {
            bail!("`-` stands alone: standard input is formatted to standard output");
        }
        return standard_input(args, terminal);
    }
    let files = files(&args.paths)?;
    if args.range.is_some() && files.len() != 1 {
        bail!("--range needs exactly one file, these are {}", files.len());
    }
    let mut run = Run::default();
    for path in &files {
        run.file(path, args)?;
    }
    run.finish(args, terminal)
}

fn standard_input(args: &FmtArgs, terminal: &mut Terminal<'_>) -> anyhow::Result<Outcome> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
    let mut run = Run::default();
    let formatted = run.text("<stdin>".to_owned(), bytes, args);
    if let (Some(text), false) = (formatted, args.check || args.diff) {
        terminal.print(&text);
        return Ok(Outcome::Fine);
    }
    run.finish(args, terminal)
}

/// All schemas that the paths name, each once, in order.
fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let is_schema = |file: &Path| file.extension().is_some_and(|e| e == "rss");
                load::walk(path, &mut |file| found.extend(is_schema(file).then(|| file.to_path_buf())), &|_| true)?;
            }
            Ok(_) => found.push(path.clone()),
            Err(_) => bail!("there is no file or folder `{}`", path.display()),
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
    Ok(found)
}

impl Run {
    fn file(&mut self, path: &Path, args: &FmtArgs) -> anyhow::Result<()> {
        let cannot = || format!("cannot read `{}`", shown(path));
        let size = fs::metadata(path).with_context(cannot)?.len();
        // One byte more than allowed is enough to be refused for its size.
        let mut bytes = Vec::with_capacity(size.min(MAX_FILE as u64) as usize);
        fs::File::open(path)
            .with_context(cannot)?
            .take(MAX_FILE as u64 + 1)
            .read_to_end(&mut bytes)
            .with_context(cannot)?;
        if let Some(text) = self.text(shown(path), bytes, args) {
            // A link stays a link: what it points to is formatted.
            self.changes.write(path.canonicalize().with_context(cannot)?, text);
        }
        Ok(())
    }

    /// The formatted text, unless there are findings.
    fn text(&mut self, name: String, bytes: Vec<u8>, args: &FmtArgs) -> Option<String> {
        self.n_files += 1;
        let (text, valid) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(valid))
            }
        };
        let file = self.sources.add_as(name.clone(), name.clone(), text, Role::Own);
        if let Some(valid) = valid {
            let span = Span::new(file, valid, valid + '\u{fffd}'.len_utf8());
            let d = Diagnostic::new(&codes::NOT_TEXT, format!("`{name}` is not UTF-8 text"), span, "from here on");
            self.diagnostics.push(d);
            return None;
        }
        match format(file, &self.sources.get(file).text, args.range) {
            Ok(formatted) => {
                let text = &self.sources.get(file).text;
                if *text != formatted {
                    self.unformatted.push((name, text.clone(), formatted.clone()));
                }
                Some(formatted)
            }
            Err(found) => {
                self.diagnostics.extend(found);
                None
            }
        }
    }

    fn finish(self, args: &FmtArgs, terminal: &mut Terminal<'_>) -> anyhow::Result<Outcome> {
        self.report(args.message_format.into(), terminal);
        let n = self.unformatted.len();
        let is_bad = !self.diagnostics.is_empty();
        if args.diff {
            self.unformatted.iter().for_each(|(name, old, new)| terminal.print(&diff::unified(name, old, new)));
        }
        if args.check || args.diff {
            if args.check {
                self.unformatted.iter().for_each(|(name, ..)| terminal.say(&format!("not formatted: {name}")));
            }
            if n > 0 {
                let verb = if n == 1 { "is" } else { "are" };
                terminal.say(&format!("{n} of {} {verb} not formatted; `rssc fmt` formats them", plural(self.n_files)));
            }
            return Ok(if n > 0 || is_bad { Outcome::Findings } else { Outcome::Fine });
        }
        self.changes.commit()?;
        match n {
            0 if is_bad => {}
            0 => terminal.say(&format!("{} formatted already", plural(self.n_files))),
            _ => self.unformatted.iter().for_each(|(name, ..)| terminal.say(&format!("formatted {name}"))),
        }
        Ok(if is_bad { Outcome::Findings } else { Outcome::Fine })
    }

    fn report(&self, format: Format, terminal: &mut Terminal<'_>) {
        let Some(first) = self.diagnostics.first() else { return };
        let text = render::render(&self.sources, &self.diagnostics, format, terminal.colors);
        if format == Format::Json {
            return terminal.print(&text);
        }
        let files: BTreeSet<FileId> = self.diagnostics.iter().map(|d| d.primary.span.file).collect();
        let outcome = if files.len() == 1 { "; it was left as it is" } else { "; they were left as they are" };
        let n_errors = self.diagnostics.len();
        let totals = Totals { n_errors, n_warnings: 0, n_files: files.len(), n_all: self.n_files };
        let summary = render::summary(totals, first.code.id, outcome);
        terminal.say(format!("{text}{summary}").trim_end());
    }
}

fn format(file: FileId, text: &str, lines: Option<Lines>) -> Result<String, Vec<Diagnostic>> {
    match lines {
        Some(Lines { first, last }) => fmt::format_range(file, text, first..=last),
        None => fmt::format(file, text),
    }
}

fn plural(n: usize) -> String {
    if n == 1 { "1 file".to_owned() } else { format!("{n} files") }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn ranges_of_lines() {
        assert_eq!("3:9".parse(), Ok(Lines { first: 3, last: 9 }));
        for wrong in ["3", "0:2", "4:3", "a:b", ":", "1:2:3"] {
            assert!(wrong.parse::<Lines>().is_err(), "{wrong}");
        }
    }
}
