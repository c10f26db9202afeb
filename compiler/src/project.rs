//! `rss.toml`: what a project reads and writes.

pub mod options;

use crate::diag::levels::{Level, Levels, WARNINGS};
use crate::diag::{Diagnostic, codes, suggest};
use crate::source::{FileId, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A project file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Folders with schemas, relative to the project folder.
    pub roots: Vec<Root>,
    /// The Rust output.
    pub rust: Target,
    /// The TypeScript output.
    pub ts: Target,
    /// What lint rules are worth.
    pub lints: Levels,
}

/// An input folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Relative to the project folder.
    pub path: String,
    /// Where it is written; `None` for the default.
    pub span: Option<Span>,
}

/// One output section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Is there such a section?
    pub wanted: bool,
    /// Output folder, relative to the project folder; `None` for the default.
    pub out: Option<String>,
    /// How generated code names the runtime.
    pub runtime: String,
    /// Leading package segments that module paths leave out.
    pub strip: String,
    /// Where it says that 64-bit integers are a `number`, if it does (TypeScript).
    pub int64_number: Option<Span>,
    /// Whether timestamps are a `number` (TypeScript).
    pub timestamp_number: bool,
}

impl Default for Config {
    fn default() -> Self {
        let target = |runtime: &str| Target {
            wanted: false,
            out: None,
            runtime: runtime.to_owned(),
            strip: String::new(),
            int64_number: None,
            timestamp_number: false,
        };
        Self {
            roots: vec![Root { path: ".".to_owned(), span: None }],
            rust: target("::restream"),
            ts: target("@restream/runtime/wire"),
            lints: Levels::default(),
        }
    }
}

/// Reads a project file. Findings name the place.
pub fn parse(file: FileId, text: &str) -> (Config, Vec<Diagnostic>) {
    let mut reader = Reader { file, config: Config::default(), diagnostics: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let range = error.span().unwrap_or(0..0);
        let span = Span::new(file, range.start.min(text.len()), range.end.min(text.len()));
        let message = error.message().lines().next().unwrap_or("not TOML").to_owned();
        reader.diagnostics.push(Diagnostic::new(&codes::CONFIG_VALUE, "rss.toml is not TOML", span, message));
    }
    if reader.diagnostics.is_empty() {
        reader.top(table.get_ref());
    }
    (reader.config, reader.diagnostics)
}

struct Reader {
    file: FileId,
    config: Config,
    diagnostics: Vec<Diagnostic>,
}

impl Reader {
    fn top(&mut self, table: &DeTable<'_>) {
        for (key, value) in table.iter() {
            let Some(section) = self.key(key, &["rust", "ts", "inputs", "lints"], "rss.toml") else { continue };
            let DeValue::Table(inside) = value.get_ref() else {
                self.bad(value, "a section", &format!("written `[{section}]` on a line of its own"));
                continue;
            };
            match section {
                "inputs" => self.inputs(inside),
                "lints" => self.lints(inside),
                "rust" => self.config.rust = self.target(inside, self.config.rust.clone(), "rust"),
                _ => self.config.ts = self.target(inside, self.config.ts.clone(), "ts"),
            }
        }
    }

    fn inputs(&mut self, table: &DeTable<'_>) {
        for (key, value) in table.iter() {
            if self.key(key, &options::names("inputs"), "[inputs]").is_none() {
                continue;
            }
            let DeValue::Array(items) = value.get_ref() else {
                self.bad(value, "a list of folders", "e.g. `[\".\", \"../common\"]`");
                continue;
            };
            let mut roots = Vec::new();
            for item in items.iter() {
                let span = Some(self.span(item.span()));
                roots.extend(self.text(item).map(|path| Root { path, span }));
            }
            self.config.roots = roots;
            if items.is_empty() {
                self.bad(value, "a list of folders", "at least one is needed");
            }
        }
    }

    fn lints(&mut self, table: &DeTable<'_>) {
        let rules: Vec<&'static str> = codes::RULES.iter().map(|rule| rule.id).chain([WARNINGS]).collect();
        for (key, value) in table.iter() {
            let Some(rule) = self.key(key, &rules, "[lints]") else { continue };
            let level = match value.get_ref() {
                DeValue::String(text) => Level::ALL.into_iter().find(|level| level.word() == text.as_ref()),
                _ => None,
            };
            match level {
                Some(level) => self.config.lints.set(rule, level),
                None => self.bad(value, "a level", "one of `\"allow\"`, `\"warn\"`, `\"deny\"`"),
            }
        }
    }

    fn target(&mut self, table: &DeTable<'_>, mut target: Target, section: &str) -> Target {
        target.wanted = true;
        for (key, value) in table.iter() {
            let Some(name) = self.key(key, &options::names(section), &format!("[{section}]")) else { continue };
            let Some(text) = self.text(value) else { continue };
            match name {
                "out" => target.out = Some(text),
                "int64" => {
                    let number = self.word(value, &text, &options::INT64) == Some("number");
                    target.int64_number = number.then(|| self.span(value.span()));
                }
                "timestamp" => {
                    target.timestamp_number = self.word(value, &text, &options::TIMESTAMP) == Some("number");
                }
                "runtime" => {
                    // The text goes into generated code as it is.
                    let fine = |c: char| c.is_ascii_alphanumeric() || "_:@/.-".contains(c);
                    if text.is_empty() || !text.chars().all(fine) {
                        self.bad(value, "a path", "letters, digits and `_ : @ / . -`");
                        continue;
                    }
                    let parts = || text.strip_prefix("::").unwrap_or(&text).split("::");
                    if section == "rust" && !parts().all(is_identifier) {
                        self.bad(value, "a path of Rust", "e.g. `::restream`, `crate::restream`");
                        continue;
                    }
                    target.runtime = text;
                }
                _ => {
                    if !text.split('.').all(|s| s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')) {
                        self.bad(value, "package segments", "e.g. `\"game.board\"`");
                        continue;
                    }
                    target.strip = text;
                }
            }
        }
        target
    }

    /// The key, if it is one of these.
    fn key<'k>(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>, known: &[&'k str], place: &str) -> Option<&'k str> {
        let name = key.get_ref().as_ref();
        let found = known.iter().find(|k| **k == name).copied();
        if found.is_none() {
            let span = self.span(key.span());
            let list = known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
            let d = Diagnostic::new(
                &codes::CONFIG_KEY,
                format!("{place} has no `{name}`"),
                span,
                format!("known here: {list}"),
            );
            self.diagnostics.push(d.did_you_mean(name, suggest::closest(name, known.iter().copied())));
        }
        found
    }

    /// The word, if it is one of these.
    fn word<'k>(&mut self, value: &Spanned<DeValue<'_>>, text: &str, known: &[&'k str]) -> Option<&'k str> {
        let found = known.iter().find(|word| **word == text).copied();
        if found.is_none() {
            let list = known.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(" or ");
            let span = self.span(value.span());
            let mut d = Diagnostic::new(&codes::CONFIG_VALUE, format!("expected {list}"), span, "not one of these");
            let quoted = |word: &str| format!("\"{word}\"");
            let right = suggest::closest(text, known.iter().copied()).map(quoted);
            d = d.did_you_mean(&quoted(text), right.as_deref());
            self.diagnostics.push(d);
        }
        found
    }

    fn text(&mut self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) => Some(text.clone().into_owned()),
            _ => {
                self.bad(value, "a text", "written in quotes");
                None
            }
        }
    }

    fn bad(&mut self, value: &Spanned<DeValue<'_>>, expected: &str, label: &str) {
        let span = self.span(value.span());
        self.diagnostics.push(Diagnostic::new(&codes::CONFIG_VALUE, format!("expected {expected}"), span, label));
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_file() {
        let text = "[rust]\nout = \"../x\"\nstrip = \"a.b\"\n[ts]\nruntime = \"../wire.js\"\n[inputs]\nroots = [\".\", \"../c\"]\n";
        let (config, diagnostics) = parse(FileId(0), text);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(config.roots.iter().map(|r| r.path.as_str()).collect::<Vec<_>>(), [".", "../c"]);
        assert_eq!(config.rust.out.as_deref(), Some("../x"));
        assert_eq!((config.rust.strip.as_str(), config.rust.runtime.as_str()), ("a.b", "::restream"));
        assert!(config.ts.wanted && config.ts.out.is_none());
        assert_eq!(config.ts.runtime, "../wire.js");
        let (config, diagnostics) = parse(FileId(0), "[lints]\nname_case = \"allow\"\nwarnings = \"deny\"\n");
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let levels = [&codes::NAME_CASE, &codes::TYPE_CASE].map(|rule| config.lints.of(rule));
        assert_eq!(levels, [Level::Allow, Level::Deny]);
    }

    #[test]
    fn words_are_one_of_a_list() {
        let parsed = |text: &str| parse(FileId(0), text);
        let (config, diagnostics) = parsed("[ts]\nint64 = \"number\"\ntimestamp = \"number\"\n");
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert!(config.ts.timestamp_number && config.ts.int64_number.is_some() && config.rust.int64_number.is_none());
        let (config, diagnostics) = parsed("[ts]\nint64 = \"bigint\"\ntimestamp = \"date\"\n");
        assert!(diagnostics.is_empty() && config.ts.int64_number.is_none() && !config.ts.timestamp_number);
        assert_eq!(parsed("[ts]\nint64 = \"Number\"\n").1[0].primary.text, "did you mean `\"number\"`?");
        assert_eq!(parsed("[rust]\nint64 = \"number\"\n").1[0].code.id, "RSS0501");
    }

    #[test]
    fn every_mistake_has_a_place() {
        let text = "[rust]\nuot = \"x\"\nruntime = \"a\\\"b\"\n[tss]\n[inputs]\nroots = \"x\"\n";
        let (_, diagnostics) = parse(FileId(0), text);
        let codes: Vec<_> = diagnostics.iter().map(|d| (d.code.id, &text[d.primary.span.range()])).collect();
        assert!(codes.contains(&("RSS0501", "uot")) && codes.contains(&("RSS0501", "tss")), "{codes:?}");
        assert!(codes.contains(&("RSS0502", "\"x\"")), "{codes:?}");
        assert_eq!(codes.len(), 4);
        assert_eq!(parse(FileId(0), "[rust").1.len(), 1);
        let bad = ["name_csae = \"warn\"", "name_case = \"wran\"", "name_case = 1"];
        let found = bad.map(|line| parse(FileId(0), &format!("[lints]\n{line}\n")).1[0].code.id);
        assert_eq!(found, ["RSS0501", "RSS0502", "RSS0502"]);
    }
}
