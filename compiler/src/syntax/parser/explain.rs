//! A second look at what no rule took: where it went wrong and what would have been right, in words.

use super::{Cx, Grammar, Rule};
use crate::diag::{Diagnostic, Fix, codes, suggest};
use crate::source::Span;
use crate::syntax::words;
use pest::Parser;
use pest::error::ErrorVariant;
use pest::iterators::Pair;

/// What was being read; gives the sentence that shows how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Edition,
    Package,
    Import,
    Access,
    Level,
    Struct,
    Enum,
    Union,
    Store,
    Service,
    View,
    Pick,
    Alias,
    Const,
    Newtype,
    Annotation,
    Field,
    Member,
    Case,
    Method,
    Param,
    Args,
}

impl Form {
    /// Is it a line of a body or a parameter, which ends where its optional parts could begin?
    fn is_line(self) -> bool {
        matches!(self, Form::Field | Form::Member | Form::Case | Form::Method | Form::Param | Form::Pick)
    }

    pub(super) fn sentence(self) -> &'static str {
        match self {
            Form::Edition => "The first line of a schema is `edition 2026`.",
            Form::Package => "A package is names joined by dots, e.g. `package game.board.v1`.",
            Form::Import => {
                "An import is written `import game.common.v1.{PlayerId}` or `import game.common.v1 as common`."
            }
            Form::Access => "Levels are written `access { Public = 0, Admin = 100 }`.",
            Form::Level => "A level is written `NAME = NUMBER`, e.g. `Admin = 100`.",
            Form::Struct => "A struct is written `fields struct Name { next 2, 1 name: string }`.",
            Form::Enum => "An enum is written `open enum Name: u8 { 0 First, 1 Second }`.",
            Form::Union => {
                "A union is written `open union Name { next 3, 1 Empty, 2 Full { next 2, 1 text: string } }`."
            }
            Form::Store => {
                "A store is written `store Name: State { .. }`, a family `store Name[key: string]: State { .. }`."
            }
            Form::Service => "A service is written `service Name { rpc method(x: u8) -> Result }`.",
            Form::View => "A view is written `view Name of State { field, other { inner } }`.",
            Form::Pick => "A selection is names of fields, e.g. `turn`, `players { name }`.",
            Form::Alias => "An alias is written `alias Track = list<Point>`.",
            Form::Const => "A constant is written `const MAX: u16 = 100`.",
            Form::Newtype => "A newtype is written `newtype PlayerId = u32`.",
            Form::Annotation => "An annotation is written `annotation unit(name: string) on field | struct`.",
            Form::Field => "A field is written `ID NAME: TYPE`, e.g. `1 name: string`, `2 hp: u16 = 100`.",
            Form::Member => "A member is written `NUMBER NAME`, e.g. `1 Red`.",
            Form::Case => {
                "A case is written `ID NAME` or `ID NAME { FIELDS }`, e.g. `1 Circle { next 2, 1 radius: f64 }`."
            }
            Form::Method => {
                "Lines here are `rpc name(x: u8) -> T throws E`, `send name(x: u8)` and `event name(x: u8)`."
            }
            Form::Args => "Arguments are values, e.g. `@name(1, \"text\", other: 2)`.",
            Form::Param => "A parameter is written `NAME: TYPE`, e.g. `cell: u8`; one that is gone is `_: varint`.",
        }
    }
}

impl Cx<'_> {
    /// Explains why a piece that a `bad` rule ate is not what it should be.
    pub(super) fn explain_bad(&mut self, pair: &Pair<'_, Rule>, rule: Rule, form: Form) {
        let span = self.span(pair);
        let base = self.base;
        self.explain(rule, span.start as usize, span.end as usize, form);
        self.base = base;
    }

    /// Runs a rule that is known to fail and reports where and why.
    pub(super) fn explain(&mut self, rule: Rule, start: usize, end: usize, form: Form) {
        if form == Form::Method && self.no_method(start, end) {
            return;
        }
        // Collecting attempts costs time, so it is on only once something is wrong.
        pest::set_error_detail(true);
        let text = &self.text[start..end];
        // A blank at the end tells whether a word could go on or another one is missing.
        let padded = format!("{text} ");
        let (at, mut expected) = match Grammar::parse(rule, &padded) {
            Ok(_) => (text.len(), Vec::new()),
            Err(error) => attempts(&error, &padded, form),
        };
        let at = skip_blanks(text, at.min(text.len()));
        let id_only = at > 0 && text[..at].trim().bytes().all(|b| b.is_ascii_digit());
        if id_only && matches!(form, Form::Field | Form::Member | Form::Case) {
            expected = vec!["a name".to_owned()];
        }
        let (found, span) = self.found_in(start + at, end);
        if expected.is_empty() {
            expected.push("the end of the line".to_owned());
        }
        let list = join(&expected);
        let message = format!("expected {list}, found {found}");
        let d = Diagnostic::new(&codes::UNEXPECTED, message, span, format!("expected {list}"));
        let d = self.remedy(d, text, at, &expected, form);
        self.report_once(d.note(form.sentence()));
    }

    /// Adds what can be said about common slips.
    fn remedy(&self, d: Diagnostic, text: &str, at: usize, expected: &[String], form: Form) -> Diagnostic {
        let rest = &text[at..];
        if rest.starts_with('#') || rest.starts_with("--") {
            return d.note("A comment starts with `//`.");
        }
        if rest.starts_with('\'') {
            return d.note("A string stands between `\"` and `\"`.");
        }
        let wants = |token: &str| expected.iter().any(|e| e == token);
        if rest.starts_with('?') && wants("`:`") {
            return d.note("`?` stands behind the type: `name: string?`.");
        }
        if rest.starts_with("=>") && wants("the end of the line") {
            return d.note("The result of an rpc stands behind `->`.");
        }
        if form == Form::Field
            && wants("`:`")
            && let Some(note) = slip(last_word(&text[..at]))
        {
            return d.note(note);
        }
        if matches!(form, Form::Field | Form::Param)
            && !wants("a value")
            && let Some(note) = type_slip(rest)
        {
            return d.note(note);
        }
        if rest.starts_with("->") && text[..at].contains("throws") {
            return d.note("The result stands in front of `throws`.");
        }
        if rest.starts_with('=') && text[..at].contains('@') {
            return d.note("The default stands in front of annotations.");
        }
        if form == Form::Case && rest.starts_with('{') && text[..at].contains('@') {
            return d.note("Annotations of a case stand behind its `}`.");
        }
        let word: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let keywords = expected.iter().filter_map(|e| e.strip_prefix('`')?.strip_suffix('`'));
        let keywords = keywords.filter(|k| k.starts_with(|c: char| c.is_ascii_alphabetic()));
        let ends_line = wants("the end of the line");
        // `6u4` does not even begin like a name.
        let types = words::TYPES.into_iter().filter(|_| wants("a type"));
        let throws = (ends_line && form == Form::Method).then_some(words::THROWS);
        match suggest::closest(&word, keywords.chain(throws).chain(types)) {
            Some(right) => d.did_you_mean(&word, Some(right)),
            None if word.is_empty() || !wants("`:`") || form == Form::Args => d,
            None => {
                let before = d.primary.span.before();
                // Right behind the name, if there is a space to stand in front of the type.
                let name_end = self.text[..before.range().start].trim_end_matches([' ', '\t']).len();
                let (at, text) = match name_end == before.range().start {
                    true => (before, ": "),
                    false => (Span::new(self.id, name_end, name_end), ":"),
                };
                d.fix(Fix::guess("insert `:`").edit(at, text))
            }
        }
    }

    /// A line of a store or service whose first word is none of those it needs.
    fn no_method(&mut self, start: usize, end: usize) -> bool {
        let first = self.word(start, end);
        let known = || words::METHODS.iter().map(|(word, _)| *word);
        if first.as_ref().is_some_and(|f| known().any(|w| w == f.text) || suggest::closest(&f.text, known()).is_some())
        {
            return false;
        }
        let (found, span) = first.map_or_else(|| self.found(start), |f| (format!("`{}`", f.text), f.span));
        let message = format!("no line here starts with {found}");
        let d = Diagnostic::new(&codes::UNKNOWN_KEYWORD, message, span, "expected `rpc`, `send` or `event`");
        self.report_once(d.note(Form::Method.sentence()));
        true
    }

    /// The token at an offset, in words, and its place.
    pub(super) fn found(&self, at: usize) -> (String, Span) {
        self.found_in(at, self.text.len())
    }

    fn found_in(&self, at: usize, end: usize) -> (String, Span) {
        let rest = &self.source[at..];
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let at_end = at >= end || rest.is_empty() || rest.starts_with(['\n', '\r']) || rest.starts_with("//");
        if at_end {
            // Point behind the last thing that stands in front.
            let before = self.source[..at].trim_end();
            let span = Span::new(self.id, before.len(), before.len());
            let found = match rest.trim_start_matches([' ', '\t']).chars().next() {
                Some(c @ (',' | '}' | ')' | ']')) => format!("`{c}`"),
                _ => "the end of the line".to_owned(),
            };
            return (found, span);
        }
        let len = match rest.chars().next() {
            Some(c) if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            Some('"') => return ("a string".to_owned(), Span::new(self.id, at, at + string_len(rest))),
            Some('-') if rest.starts_with("->") => 2,
            Some('=') if rest.starts_with("=>") => 2,
            Some(c) => c.len_utf8(),
            None => 0,
        };
        (format!("`{}`", &rest[..len]), Span::new(self.id, at, at + len))
    }
}

fn last_word(text: &str) -> &str {
    let text = text.trim_end();
    &text[text.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |i| i + 1)..]
}

/// What somebody meant who wrote this word where the name of a field belongs.
fn slip(word: &str) -> Option<&'static str> {
    match word {
        "repeated" => Some("A list is written `names: list<string>`."),
        "optional" => Some("An optional field is written `name: string?`."),
        "required" | "readonly" | "pub" | "mut" | "const" | "var" | "let" => {
            Some("No word stands in front of the name.")
        }
        word if words::TYPES.contains(&word) => Some("The name comes first, then `:` and its type."),
        _ => None,
    }
}

/// What somebody meant who wrote this behind a type.
fn type_slip(rest: &str) -> Option<&'static str> {
    match rest.as_bytes() {
        [b'[', ..] => Some("A list is written `list<T>`."),
        [b'!', ..] => Some("A type without `?` is never absent, so nothing needs to say so."),
        [b'|', ..] => Some("A value that may be absent is written `T?`, one of several kinds is an `open union`."),
        [b'&', ..] => Some("There are no references: text is `string`."),
        _ => None,
    }
}

fn string_len(text: &str) -> usize {
    let mut escaped = false;
    let closing = text.char_indices().skip(1).find(|(_, c)| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes || *c == '\n'
    });
    closing.map_or(text.len(), |(i, _)| i + 1)
}

fn skip_blanks(text: &str, at: usize) -> usize {
    at + text[at..].len() - text[at..].trim_start_matches([' ', '\t', '\r']).len()
}

/// The furthest position of a failed parse and what would have been right there, in words.
fn attempts(error: &pest::error::Error<Rule>, text: &str, form: Form) -> (usize, Vec<String>) {
    if let ErrorVariant::CustomError { .. } = error.variant {
        return (0, Vec::new());
    }
    let Some(attempts) = error.parse_attempts() else { return (0, Vec::new()) };
    let at = attempts.max_position.min(text.len());
    let in_word = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let rules: Vec<Rule> = attempts
        .call_stacks()
        .iter()
        .flat_map(|stack| stack.deepest.get_rule().copied().into_iter().chain(stack.parent))
        .collect();
    let mut words = Vec::new();
    for token in attempts.expected_tokens() {
        let word = match token.to_string().as_str() {
            " " | "\t" | "\r" | "//" | "/*" | "\n" | "_" | "-" => continue,
            "BUILTIN_RULE" => "the end of the line".to_owned(),
            // How a number could go on.
            "e" | "E" | "+" => continue,
            "a..z" | "A..Z" if in_word => continue,
            "0..9" if in_word => continue,
            "a..z" | "A..Z" => kind_of_word(&rules, text, at, form).to_owned(),
            "0..9" => "a number".to_owned(),
            "\"" => "a string".to_owned(),
            other => format!("`{other}`"),
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    (at, most_likely(words, form))
}

/// What a name stands for at the place where one is missing.
fn kind_of_word(rules: &[Rule], text: &str, at: usize, form: Form) -> &'static str {
    let before = text[..at].trim_end();
    match before.chars().next_back() {
        Some(':' | '<' | '[') if before.ends_with("->") => "a type",
        // Behind the name of a declaration stand its parameters.
        Some('<') if matches!(form, Form::Struct | Form::Union) => "a name",
        Some('=') if matches!(form, Form::Alias | Form::Newtype) => "a type",
        Some('=' | '+' | '-' | '*' | '/' | '%' | '&' | '|') => "a value",
        Some(':' | '<') => "a type",
        _ if before.ends_with("->") => "a type",
        _ if rules.contains(&Rule::ty) || rules.contains(&Rule::generic) => "a type",
        _ => "a name",
    }
}

/// Drops what could follow but need not, unless nothing else is left.
fn most_likely(words: Vec<String>, form: Form) -> Vec<String> {
    if words.iter().any(|w| w == "a value") {
        return vec!["a value".to_owned()];
    }
    if words.iter().any(|w| w == "a type") {
        return vec!["a type".to_owned()];
    }
    if words.iter().any(|w| w == "the end of the line") {
        return vec!["the end of the line".to_owned()];
    }
    let optional = ["`.`", "`<`", "`(`", "`?`", "`=`", "`@`", "`[`", "`..`", "`stream`", "a number"];
    if form == Form::Pick && words == ["`{`"] {
        return vec!["the end of the line".to_owned()];
    }
    let operators = ["`<<`", "`>>`", "`+`", "`*`", "`/`", "`%`", "`&`", "`|`"];
    let goes_on = |w: &String| operators.contains(&w.as_str()) || w == "`@`";
    if words.iter().all(goes_on) && words.len() > 1 {
        return vec!["the end of the line".to_owned()];
    }
    let needed: Vec<String> =
        words.iter().filter(|w| !optional.contains(&w.as_str()) && !operators.contains(&w.as_str())).cloned().collect();
    let needed_in_spite = words.iter().find(|w| *w == "`=`").or_else(|| words.iter().find(|w| *w == "`(`"));
    match (needed.is_empty(), needed_in_spite) {
        (false, _) => needed,
        // Everything that is needed is there.
        (true, _) if form.is_line() && words.iter().any(|w| matches!(w.as_str(), "`<`" | "`?`" | "`=`" | "`@`")) => {
            match form {
                Form::Param => vec!["`,`".to_owned(), "`)`".to_owned()],
                _ => vec!["the end of the line".to_owned()],
            }
        }
        (true, Some(word)) => vec![word.clone()],
        (true, None) => words,
    }
}

fn join(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
