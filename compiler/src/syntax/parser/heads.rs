//! The first words of a declaration: which kind it is, even if a word is misspelt.

use super::explain::Form;
use super::{Cx, Rule, inner};
use crate::diag::{Diagnostic, Fix, codes, suggest};
use crate::ir::StructLevel;
use crate::source::Span;
use crate::syntax::ast::{Access, AccessLevel, Import, ImportKind, Name};
use crate::syntax::prescan::Chunk;
use crate::syntax::words;

/// What a chunk declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Edition,
    Package,
    Import,
    Access,
    Struct(Option<StructLevel>),
    Enum(Option<bool>),
    Union(Option<bool>),
    Error,
    Store,
    Service,
    View,
    Alias,
    Const,
    Newtype,
    Annotation,
    Unsupported(&'static str),
}

/// The keywords of a declaration.
pub(super) struct Head {
    pub(super) kind: Kind,
    /// All keywords.
    pub(super) span: Span,
    /// Where the rest starts.
    pub(super) tail: usize,
}

/// What has been seen of `edition` and `package`.
#[derive(Default)]
pub(super) struct Header {
    edition: Option<Span>,
    package: Option<Span>,
    import: Option<Span>,
    item: Option<Span>,
}

/// Words of declarations that later versions will have.
const LATER: [&str; 3] = ["flags", "group", "example"];

/// Words of lines inside stores and services.
const METHODS: [&str; 3] = [words::METHODS[0].0, words::METHODS[1].0, words::METHODS[2].0];

/// Words in front of declarations of other languages.
const MODIFIERS: [&str; 11] =
    ["pub", "public", "private", "export", "static", "extend", "declare", "final", "abstract", "data", "async"];

/// Most of them in front of one declaration.
const MAX_MODIFIERS: usize = 8;

/// Declarations of other languages.
const FOREIGN: [(&str, &str); 16] = [
    ("input", "fields struct"),
    ("use", "import"),
    ("using", "import"),
    ("include", "import"),
    ("require", "import"),
    ("namespace", "package"),
    ("syntax", "edition 2026"),
    ("message", "fields struct"),
    ("type", "fields struct"),
    ("interface", "fields struct"),
    ("record", "fields struct"),
    ("class", "fields struct"),
    ("table", "fields struct"),
    ("oneof", "open union"),
    ("variant", "open union"),
    ("exception", "error"),
];

impl Cx<'_> {
    /// Which declaration is this? `None`: none that is known.
    pub(super) fn classify(&mut self, chunk: Chunk) -> Option<Head> {
        self.classify_behind(chunk, 0)
    }

    /// The same behind words that only stand in front of declarations.
    fn classify_behind(&mut self, chunk: Chunk, n_words: usize) -> Option<Head> {
        if n_words > MAX_MODIFIERS {
            return None;
        }
        let first = self.word(chunk.start, chunk.end)?;
        let second = self.word(first.span.end as usize, chunk.end);
        if FOREIGN.iter().any(|(word, _)| *word == first.text) {
            return None;
        }
        if let (true, Some(second)) = (MODIFIERS.contains(&first.text.as_str()), &second) {
            self.modifier(&first, second);
            return self.classify_behind(Chunk { start: second.span.start as usize, ..chunk }, n_words + 1);
        }
        let all = words::declarations().chain(LATER);
        let right = match all.clone().find(|w| *w == first.text) {
            Some(word) => word,
            None => {
                let right = suggest::closest(&first.text, all)?;
                self.misspelt(&first, right);
                right
            }
        };
        if right == words::INTERNAL {
            if let Some(earlier) = self.internal.replace(first.span) {
                let removed = Span { end: first.span.start, ..earlier };
                let d = Diagnostic::new(&codes::UNEXPECTED, "`internal` is written twice", first.span, "again here");
                self.report_exact(d.fix(Fix::safe("remove `internal`").edit(removed, "")));
            }
            let Some(second) = second else {
                let message = "expected a declaration after `internal`";
                self.report_once(Diagnostic::new(&codes::UNEXPECTED, message, first.span, "nothing follows"));
                return None;
            };
            let head = self.classify_behind(Chunk { start: second.span.start as usize, ..chunk }, n_words + 1)?;
            return Some(Head { span: first.span.to(head.span), ..head });
        }
        if let Some(head) = second.as_ref().and_then(|second| self.mixed(&first, right, second, chunk)) {
            return Some(head);
        }
        let kind = match right {
            "edition" => Kind::Edition,
            "package" => Kind::Package,
            "import" => Kind::Import,
            "access" => Kind::Access,
            "error" => Kind::Error,
            "store" => Kind::Store,
            "service" => Kind::Service,
            "view" => Kind::View,
            "alias" => Kind::Alias,
            "const" => Kind::Const,
            "newtype" => Kind::Newtype,
            "annotation" => Kind::Annotation,
            "struct" => Kind::Struct(None),
            "enum" => Kind::Enum(None),
            "union" => Kind::Union(None),
            "fields" | "partials" | "serializers" | "open" | "closed" => {
                return self.two_words(first, right, second, chunk.end);
            }
            other => Kind::Unsupported(LATER.iter().find(|w| **w == other).copied().unwrap_or("this")),
        };
        Some(Head { kind, span: first.span, tail: first.span.end as usize })
    }

    /// `internal import ..`: only what a package declares can be its own.
    pub(super) fn internal_header(&mut self, head: &Head) {
        let is_header = matches!(head.kind, Kind::Edition | Kind::Package | Kind::Import | Kind::Access);
        let Some(span) = self.internal.filter(|_| is_header) else { return };
        let message = "only declarations can be `internal`";
        self.report_exact(Diagnostic::new(&codes::UNKNOWN_KEYWORD, message, span, "not needed here"));
    }

    /// `pub fields struct`.
    fn modifier(&mut self, word: &Name, second: &Name) {
        let d = Diagnostic::new(
            &codes::UNKNOWN_KEYWORD,
            format!("no declaration starts with `{}`", word.text),
            word.span,
            "not needed here",
        );
        let between = Span { end: second.span.start, ..word.span };
        let fix = Fix::guess(format!("remove `{}`", word.text)).edit(between, "");
        self.report_once(
            d.note("What a schema declares may be used from everywhere, unless it is `internal`.").fix(fix),
        );
    }

    /// Two keywords in the wrong order (`struct fields A`), or two that do not go together (`open struct A`).
    fn mixed(&mut self, first: &Name, right: &str, second: &Name, chunk: Chunk) -> Option<Head> {
        let fits = |word: &str| -> &[&str] {
            match word {
                "struct" => &words::LEVELS,
                "enum" | "union" => &words::OPENNESS,
                _ => &[],
            }
        };
        // A name must follow, else the second word is it.
        self.word(second.span.end as usize, chunk.end)?;
        let is_kind = words::KINDS.contains(&right);
        let (kind, mark) = if is_kind { (right, second.text.as_str()) } else { (second.text.as_str(), right) };
        let is_mark = words::LEVELS.contains(&mark) || words::OPENNESS.contains(&mark);
        if !is_mark || !words::KINDS.contains(&kind) || (!is_kind && fits(kind).contains(&mark)) {
            return None;
        }
        let list = fits(kind).iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
        let span = first.span.to(second.span);
        let (written, meant) = match fits(kind) {
            [] => (format!("nothing stands in front of `{kind}`"), kind.to_owned()),
            marks if marks.contains(&mark) => (format!("`{mark}` stands in front"), format!("{mark} {kind}")),
            marks => (format!("in front of `{kind}` stands one of {list}"), format!("{} {kind}", marks[0])),
        };
        let message = format!("`{} {}` declares nothing", first.text, second.text);
        let title = format!("{} {} -> {meant}", first.text, second.text);
        let d = Diagnostic::new(&codes::UNEXPECTED, message, span, written);
        self.report_once(d.fix(Fix::guess(title).edit(span, meant)));
        let level = match mark {
            "partials" => StructLevel::Partials,
            "serializers" => StructLevel::Serializers,
            _ => StructLevel::Fields,
        };
        let kind = match kind {
            "struct" => Kind::Struct(Some(level)),
            "enum" => Kind::Enum(Some(mark != "closed")),
            "union" => Kind::Union(Some(mark != "closed")),
            "error" => Kind::Error,
            "store" => Kind::Store,
            "service" => Kind::Service,
            _ => return None,
        };
        Some(Head { kind, span, tail: span.end as usize })
    }

    fn two_words(&mut self, first: Name, right: &str, second: Option<Name>, end: usize) -> Option<Head> {
        if let Some(late) = second.as_ref().filter(|second| second.text == words::INTERNAL && self.internal.is_none()) {
            let message = format!("`internal` stands behind `{}`", first.text);
            let d = Diagnostic::new(&codes::UNEXPECTED, message, late.span, "stands in front of it");
            let title = format!("{} internal -> internal {}", first.text, first.text);
            let spaced = self.text[..late.span.start as usize].ends_with(' ');
            let removed = Span { start: late.span.start - u32::from(spaced), ..late.span };
            self.report_exact(d.fix(Fix::safe(title).edit(first.span.before(), "internal ").edit(removed, "")));
            self.internal = Some(late.span);
            let third = self.word(late.span.end as usize, end);
            let span = first.span.to(late.span);
            return self.two_words(Name { span, ..first }, right, third, end);
        }
        let is_struct = !matches!(right, "open" | "closed");
        let choices: &[&'static str] = if is_struct { &["struct"] } else { &["enum", "union"] };
        let word = second.as_ref().and_then(|s| {
            let exact = choices.iter().find(|c| **c == s.text).copied();
            exact.or_else(|| suggest::closest(&s.text, choices.iter().copied()))
        });
        let mut span = first.span;
        match (&second, word) {
            (Some(second), Some(word)) => {
                if second.text != word {
                    self.misspelt(second, word);
                }
                span = span.to(second.span);
            }
            _ => self.second_word_missing(&first, &second, choices),
        }
        let open = Some(right == "open");
        let kind = match (right, word) {
            ("fields", _) => Kind::Struct(Some(StructLevel::Fields)),
            ("partials", _) => Kind::Struct(Some(StructLevel::Partials)),
            ("serializers", _) => Kind::Struct(Some(StructLevel::Serializers)),
            (_, Some("union")) => Kind::Union(open),
            _ => Kind::Enum(open),
        };
        Some(Head { kind, span, tail: span.end as usize })
    }

    fn second_word_missing(&mut self, first: &Name, second: &Option<Name>, choices: &[&str]) {
        let wanted = choices.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(" or ");
        let found = second.as_ref().map_or_else(|| "nothing".to_owned(), |s| format!("`{}`", s.text));
        let span = second.as_ref().map_or(first.span.after(), |s| s.span);
        let message = format!("expected {wanted} after `{}`, found {found}", first.text);
        let mut d = Diagnostic::new(&codes::UNEXPECTED, message, span, format!("{wanted} is missing here"));
        if let [only] = choices {
            d = d.fix(Fix::safe(format!("insert `{only}`")).edit(first.span.after(), format!(" {only}")));
        }
        self.report_once(d);
    }

    fn misspelt(&mut self, wrong: &Name, right: &str) {
        let message = format!("unknown keyword `{}`", wrong.text);
        let d = Diagnostic::new(&codes::UNKNOWN_KEYWORD, message, wrong.span, "");
        self.report_exact(d.did_you_mean(&wrong.text, Some(right)));
    }

    /// The word that starts at or behind an offset, if the next token is one.
    pub(super) fn word(&self, start: usize, end: usize) -> Option<Name> {
        let mut at = start;
        loop {
            at += self.text[at..end].len() - self.text[at..end].trim_start_matches([' ', '\t', '\r']).len();
            match self.text[at..end].strip_prefix("/*") {
                Some(comment) => at += 2 + comment.find("*/")? + 2,
                None => break,
            }
        }
        let rest = &self.text[at..end];
        let len = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let is_word = rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        is_word.then(|| Name { text: rest[..len].to_owned(), span: Span::new(self.id, at, at + len) })
    }

    pub(super) fn unknown_declaration(&mut self, chunk: Chunk) {
        let first = self.word(chunk.start, chunk.end);
        if let Some(lost) = first.as_ref().and_then(|f| self.word(f.span.end as usize, chunk.end)) {
            self.file.lost.push(lost);
        }
        let d = match first {
            Some(word) => Diagnostic::new(
                &codes::UNKNOWN_KEYWORD,
                format!("no declaration starts with `{}`", word.text),
                word.span,
                "expected a declaration",
            ),
            None => {
                let found = self.found(chunk.start);
                let message = format!("expected a declaration, found {}", found.0);
                Diagnostic::new(&codes::UNEXPECTED, message, found.1, "no declaration starts like this")
            }
        };
        let foreign = FOREIGN.iter().find(|(word, _)| *word == self.word_text(chunk));
        let rest = &self.text[chunk.start..];
        let d = match (rest.starts_with('@'), foreign) {
            _ if rest.starts_with('#') || rest.starts_with("--") => d.note("A comment starts with `//`."),
            _ if METHODS.contains(&self.word_text(chunk)) => {
                d.note("`rpc`, `send` and `event` stand between the braces of a `store` or `service`.")
            }
            (true, _) => d.note("Annotations stand behind what they annotate, in front of its `{`."),
            (false, Some((word, here))) => d.note(format!("What other languages call `{word}` is `{here}` here.")),
            (false, None) => d.note(
                "A file holds `import`, `access`, `fields struct`, `partials struct`, `serializers struct`, `open enum`, \
                 `closed enum`, `open union`, `closed union`, `error`, `alias`, `const`, `newtype`, `annotation`, `store`, `service` and `view`.",
            ),
        };
        self.report_once(d);
    }

    /// The first word of a chunk, or nothing.
    fn word_text(&self, chunk: Chunk) -> &str {
        self.word(chunk.start, chunk.end).map_or("", |word| &self.text[word.span.range()])
    }

    pub(super) fn unsupported_item(&mut self, head: &Head, what: &str, end: usize) {
        if let Some(name) = self.word(head.tail, end) {
            self.file.lost.push(name);
        }
        self.unsupported(&format!("`{what}`"), head.span);
    }

    /// Reports a construct of a later version.
    pub(super) fn unsupported(&mut self, what: &str, span: Span) {
        let message = format!("not supported by this compiler version yet: {what}");
        let d = Diagnostic::new(&codes::UNSUPPORTED, message, span, "planned, but not built yet");
        self.report_exact(d);
    }

    pub(super) fn check_order(&mut self, header: &mut Header, head: &Head) {
        let span = head.span;
        let (what, earlier) = match head.kind {
            Kind::Edition => ("edition", header.package.or(header.import).or(header.item)),
            Kind::Package => ("package", header.import.or(header.item)),
            Kind::Import => ("import", header.item),
            _ => ("", None),
        };
        let slot = match head.kind {
            Kind::Edition => &mut header.edition,
            Kind::Package => &mut header.package,
            Kind::Import => &mut header.import,
            _ => &mut header.item,
        };
        let repeated = slot.replace(span).filter(|_| matches!(head.kind, Kind::Edition | Kind::Package));
        if let Some(first) = repeated {
            let message = format!("`{what}` is written twice");
            let d = Diagnostic::new(&codes::HEADER, message, span, "written again here").label(first, "first here");
            self.report_once(d);
        } else if let Some(earlier) = earlier {
            let message = format!("`{what}` stands too late in the file");
            let d = Diagnostic::new(&codes::HEADER, message, span, "must stand further up")
                .label(earlier, "this comes behind it")
                .note("The order is: file documentation, `edition`, `package`, imports, declarations.");
            self.report_once(d);
        }
    }

    pub(super) fn check_header(&mut self, header: &Header, chunks: &[Chunk]) {
        let start = chunks.first().map_or(self.text.len(), |c| c.start);
        let end =
            chunks.first().map_or(start, |c| self.word(c.start, c.end).map_or(c.start + 1, |w| w.span.end as usize));
        let first = Span::new(self.id, start, end);
        if header.edition.is_none() {
            let d =
                Diagnostic::new(&codes::HEADER, "the file does not say its edition", first, "`edition` comes first");
            self.report(d.fix(Fix::safe("insert `edition 2026`").edit(first.before(), "edition 2026\n")));
        }
        if header.package.is_none() {
            let at = header.edition.unwrap_or(first);
            let label = "`package NAME` comes before the declarations";
            let d = Diagnostic::new(&codes::HEADER, "the file does not say its package", at, label);
            self.report(d.note("All files with the same package name see each other, e.g. `package game.board.v1`."));
        }
    }

    pub(super) fn edition(&mut self, head: &Head, end: usize) {
        let Some(pair) = self.run(Rule::edition_tail, head.tail, end) else {
            return self.explain(Rule::edition_tail, head.tail, end, Form::Edition);
        };
        let Some(number) = inner(pair).next() else { return };
        if number.as_str() != "2026" {
            let message = format!("there is no edition {}", number.as_str());
            let span = self.span(&number);
            let d = Diagnostic::new(&codes::EDITION, message, span, "the only edition is 2026");
            self.report(d.fix(Fix::guess(format!("{} -> 2026", number.as_str())).edit(span, "2026")));
        }
    }

    pub(super) fn package(&mut self, head: &Head, end: usize) {
        match self.run(Rule::package_tail, head.tail, end) {
            Some(pair) => {
                let mut parts = inner(pair);
                let path = parts.next().map(|p| self.path(p));
                let annotations = parts.next().map_or_else(Vec::new, |p| self.annotations(p));
                if self.file.package.is_none() {
                    (self.file.package, self.file.annotations) = (path, annotations);
                }
            }
            None => self.explain(Rule::package_tail, head.tail, end, Form::Package),
        }
    }

    pub(super) fn import(&mut self, head: &Head, end: usize) {
        let Some(pair) = self.run(Rule::import_tail, head.tail, end) else {
            self.lose_words(head.tail, end);
            return self.explain(Rule::import_tail, head.tail, end, Form::Import);
        };
        let mut parts = inner(pair);
        let Some(package) = parts.next().map(|p| self.path(p)) else { return };
        let span = head.span.to(Span::new(self.id, head.tail, end));
        let kind = match parts.next() {
            Some(p) if p.as_rule() == Rule::alias => {
                let name = inner(p).find(|p| p.as_rule() == Rule::name).map(|p| self.name(&p));
                name.map(ImportKind::Alias)
            }
            Some(p) => Some(ImportKind::Names(inner(p).map(|n| self.name(&n)).collect())),
            None => None,
        };
        match kind {
            Some(kind) => self.file.imports.push(Import { package, kind, span }),
            None => self.import_form(&package),
        }
    }

    /// `import a.b.C`: neither braces nor `as`.
    fn import_form(&mut self, path: &crate::syntax::ast::Path) {
        let Some(last) = path.segments.last() else { return };
        self.file.lost.push(last.clone());
        let whole = path.segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(".");
        let d = Diagnostic::new(
            &codes::IMPORT_FORM,
            format!("`import {whole}` names neither items nor an alias"),
            path.span,
            "add `.{Name, ..}` or `as name`",
        );
        let upper = last.text.starts_with(|c: char| c.is_ascii_uppercase());
        let d = match upper && path.segments.len() > 1 {
            true => {
                let text = format!("{{{}}}", last.text);
                d.fix(Fix::safe(format!("{} -> {text}", last.text)).edit(last.span, text))
            }
            false => {
                let text = format!(" as {}", last.text);
                d.fix(Fix::guess(format!("{whole} -> {whole}{text}")).edit(path.span.after(), text))
            }
        };
        self.report(d);
    }

    /// Every word of a piece that cannot be read may be a name somebody refers to.
    pub(super) fn lose_words(&mut self, start: usize, end: usize) {
        let mut at = start;
        while at < end {
            match self.word(at, end) {
                Some(word) => {
                    at = word.span.end as usize;
                    self.file.lost.push(word);
                }
                None => at += self.text[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
    }

    pub(super) fn access(&mut self, head: &Head, end: usize) {
        let Some(pair) = self.run(Rule::access_tail, head.tail, end) else {
            self.lose_words(head.tail, end);
            return self.explain(Rule::access_tail, head.tail, end, Form::Access);
        };
        let (mut levels, mut broken) = (Vec::new(), false);
        for part in inner(pair).flat_map(inner) {
            match part.as_rule() {
                Rule::level => levels.extend(self.level(part)),
                Rule::bad => {
                    broken = true;
                    self.lose_words(self.span(&part).start as usize, self.span(&part).end as usize);
                    self.explain_bad(&part, Rule::only_level, Form::Level);
                }
                _ => {}
            }
        }
        self.file.access.push(Access { span: head.span, levels, broken });
    }

    fn level(&mut self, pair: pest::iterators::Pair<'_, Rule>) -> Option<AccessLevel> {
        let docs = self.take_docs(self.span(&pair).start as usize);
        let mut parts = inner(pair);
        let name = parts.next().map(|p| self.name(&p))?;
        let number = parts.next().map(|p| self.number(&p))?;
        Some(AccessLevel { docs, name, number })
    }
}
