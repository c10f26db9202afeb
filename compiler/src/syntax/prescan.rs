//! One pass over the bytes of a file before pest sees it: cuts it at top-level items, collects comments, counts
//! depth and tokens, and replaces what cannot be parsed by something harmless of the same length.

mod brackets;
mod text;

use super::words;
use crate::diag::{Diagnostic, Fix, codes};
use crate::source::{FileId, Span};

/// Deepest nesting of brackets.
pub const MAX_DEPTH: usize = 64;
/// Most tokens in one file; comments count.
pub const MAX_TOKENS: usize = 4_000_000;
/// Longest identifier in characters.
pub const MAX_NAME: usize = 256;

/// What kind of comment it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// `// text` or `/* text */`: for readers of the schema.
    Plain,
    /// `/// text`: documents the next item.
    Doc,
    /// `//! text`: documents the file.
    FileDoc,
}

/// A comment, marker included.
#[derive(Clone, Copy, Debug)]
pub struct Comment {
    /// Its place.
    pub span: Span,
    /// What kind it is.
    pub kind: CommentKind,
}

/// One top-level item.
#[derive(Clone, Copy, Debug)]
pub struct Chunk {
    /// First byte of its first token.
    pub start: usize,
    /// Behind its last token.
    pub end: usize,
}

/// What the scan found.
#[derive(Debug)]
pub struct Scan {
    /// The text with everything replaced that has already been reported; same offsets as the source.
    pub masked: String,
    /// Top-level items in order.
    pub chunks: Vec<Chunk>,
    /// All comments in order.
    pub comments: Vec<Comment>,
    /// Findings.
    pub diagnostics: Vec<Diagnostic>,
    /// A limit was hit: do not parse.
    pub refused: bool,
}

/// Kind of a significant token, as far as cutting needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Word,
    Newline,
    Comma,
    Open(u8),
    Close(u8),
    At,
    Arrow,
    Other,
}

struct Scanner<'a> {
    file: FileId,
    text: &'a str,
    bytes: &'a [u8],
    masked: Vec<u8>,
    at: usize,
    n_tokens: usize,
    angles: usize,
    stack: Vec<(u8, usize)>,
    chunk: Option<usize>,
    chunk_end: usize,
    /// The chunk is known to go on here, so that the comments up to here are walked once.
    continues_to: usize,
    line_has_token: bool,
    out: Scan,
}

/// Scans a file.
pub fn scan(file: FileId, text: &str) -> Scan {
    let out = Scan {
        masked: String::new(),
        chunks: Vec::new(),
        comments: Vec::new(),
        diagnostics: Vec::new(),
        refused: false,
    };
    let mut scanner = Scanner {
        file,
        text,
        bytes: text.as_bytes(),
        masked: text.as_bytes().to_vec(),
        at: 0,
        n_tokens: 0,
        angles: 0,
        stack: Vec::new(),
        chunk: None,
        chunk_end: 0,
        continues_to: 0,
        line_has_token: false,
        out,
    };
    scanner.run();
    let masked = String::from_utf8(scanner.masked).expect("only whole characters are replaced, by ASCII");
    Scan { masked, ..scanner.out }
}

impl Scanner<'_> {
    fn run(&mut self) {
        if self.text.starts_with('\u{feff}') {
            self.mask(0, 3, b' ');
            self.at = 3;
        }
        while self.at < self.bytes.len() && !self.out.refused {
            self.step();
        }
        if self.out.refused {
            return;
        }
        while let Some((bracket, open)) = self.stack.pop() {
            self.unclosed(bracket, open, None);
        }
        self.end_chunk();
    }

    fn step(&mut self) {
        let start = self.at;
        match self.bytes[start] {
            b' ' | b'\t' => self.at += 1,
            b'\r' if self.bytes.get(start + 1) == Some(&b'\n') => self.at += 1,
            b'\n' => {
                self.at += 1;
                self.token(Token::Newline, start);
            }
            b'/' if self.bytes[start..].starts_with(b"//") => self.line_comment(),
            b'/' if self.bytes[start..].starts_with(b"/*") => self.block_comment(),
            b'"' => self.string(),
            b if b.is_ascii_alphanumeric() || b == b'_' => self.word(),
            b if b.is_ascii_graphic() => self.punctuation(b),
            _ => self.strange(),
        }
    }

    fn count(&mut self, start: usize) {
        self.n_tokens += 1;
        if self.n_tokens > MAX_TOKENS {
            self.refuse(
                start,
                format!("a file has at most {MAX_TOKENS} tokens and comments"),
                "the limit is reached here",
            );
        }
    }

    fn refuse(&mut self, start: usize, message: String, label: &str) {
        let span = self.span(start, (start + 1).min(self.text.len()));
        self.out.diagnostics.push(Diagnostic::new(&codes::LIMIT, message, span, label));
        self.out.refused = true;
    }

    fn word(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start..];
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let len = rest.iter().position(|b| !is_word(b)).unwrap_or(rest.len());
        self.at += len;
        if len > MAX_NAME {
            let d = Diagnostic::new(
                &codes::LIMIT,
                format!("a name has at most {MAX_NAME} characters"),
                self.span(start, self.at),
                format!("this one has {len}"),
            );
            self.out.diagnostics.push(d);
        }
        self.token(Token::Word, start);
    }

    fn punctuation(&mut self, b: u8) {
        let start = self.at;
        self.at += 1;
        match b {
            b'{' | b'(' | b'[' => self.token(Token::Open(b), start),
            b'}' | b')' | b']' => self.token(Token::Close(b), start),
            b',' => self.token(Token::Comma, start),
            b'@' => self.token(Token::At, start),
            b'-' if self.bytes.get(self.at) == Some(&b'>') => {
                self.at += 1;
                self.token(Token::Arrow, start);
            }
            b'<' if self.bytes.get(self.at) == Some(&b'<') => {
                self.at += 1;
                self.token(Token::Other, start);
            }
            b'<' => {
                self.angles += 1;
                if self.angles > MAX_DEPTH {
                    self.too_deep(start);
                }
                self.token(Token::Other, start);
            }
            b'>' => {
                self.angles = self.angles.saturating_sub(1);
                self.token(Token::Other, start);
            }
            b';' if !matches!(self.stack.last(), Some((b'[', _))) => self.semicolon(start),
            _ => self.token(Token::Other, start),
        }
    }

    fn semicolon(&mut self, start: usize) {
        let span = self.span(start, start + 1);
        let rest = self.text[start + 1..].lines().next().unwrap_or("").trim_start();
        let (title, text) = match rest.is_empty() || rest.starts_with("//") || rest.starts_with('}') {
            true => ("remove `;`", ""),
            false => ("; -> ,", ","),
        };
        let d = Diagnostic::new(&codes::SEMICOLON, "`;` ends nothing here", span, "a newline or a comma ends an item");
        self.out.diagnostics.push(d.fix(Fix::safe(title).edit(span, text)));
        self.mask(start, start + 1, b',');
        self.token(Token::Comma, start);
    }

    fn token(&mut self, token: Token, start: usize) {
        if token == Token::Newline {
            self.angles = 0;
            self.line_has_token = false;
            if self.stack.is_empty() && !self.continues() {
                self.end_chunk();
            }
            return;
        }
        self.count(start);
        if !self.line_has_token && !self.stack.is_empty() && token == Token::Word && self.starts_item(start) {
            self.close_all(start);
        }
        self.line_has_token = true;
        match token {
            // Between angles a comma separates the arguments of a type.
            Token::Comma if self.stack.is_empty() && self.angles == 0 && !self.lists_places() => {
                self.end_chunk();
                return;
            }
            Token::Open(b) => self.open(b, start),
            Token::Close(b) if !self.close(b, start) => return,
            _ => {}
        }
        self.chunk.get_or_insert(start);
        self.chunk_end = self.at;
        if matches!(token, Token::Close(b'}')) && self.stack.is_empty() {
            self.end_chunk();
        }
    }

    /// Does a comma stand between two words behind the `on` of an annotation? No declaration starts like that.
    fn lists_places(&self) -> bool {
        let declares = |start: usize| match self.word_at(start) {
            words::INTERNAL => {
                let behind = self.text[start + words::INTERNAL.len()..].trim_start();
                behind.starts_with("annotation")
            }
            word => word == "annotation",
        };
        let rest = self.text[self.at..].trim_start_matches([' ', '\t']);
        let place = self.word_at(self.text.len() - rest.len());
        let behind = rest[place.len()..].trim_start_matches([' ', '\t']);
        words::PLACES.iter().any(|(word, _)| *word == place)
            && !behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            && self.chunk.is_some_and(declares)
    }

    fn word_at(&self, start: usize) -> &str {
        let rest = &self.text[start..];
        &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())]
    }

    /// Do the words here start a declaration, and nothing that could stand in a body?
    fn starts_item(&self, start: usize) -> bool {
        let first = self.word_at(start);
        let rest = self.text[start + first.len()..].trim_start_matches([' ', '\t']);
        if rest.len() == self.text.len() - start - first.len() {
            return false;
        }
        let second = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())];
        let behind = rest[second.len()..].trim_start_matches([' ', '\t']).bytes().next();
        match first {
            words::INTERNAL => self.starts_item(self.text.len() - rest.len()),
            "fields" | "partials" | "serializers" => second == "struct",
            "open" | "closed" => matches!(second, "enum" | "union"),
            "struct" | "union" | "error" | "service" => !second.is_empty() && behind == Some(b'{'),
            "enum" | "store" => !second.is_empty() && matches!(behind, Some(b'{' | b':' | b'[')),
            "const" => !second.is_empty() && behind == Some(b':'),
            "annotation" => {
                !second.is_empty() && (behind == Some(b'(') || rest[second.len()..].trim_start().starts_with("on "))
            }
            "alias" | "newtype" => !second.is_empty() && behind == Some(b'='),
            _ => false,
        }
    }

    /// Does the chunk go on behind this newline?
    fn continues(&mut self) -> bool {
        if self.chunk.is_none() || self.at < self.continues_to {
            return self.chunk.is_some();
        }
        let mut rest = self.text[self.at..].trim_start();
        while rest.starts_with("//") && !rest.starts_with("///") {
            rest = rest.split_once('\n').map_or("", |(_, r)| r).trim_start();
        }
        // Nothing stands behind a line of the head.
        let in_head = self.chunk.is_some_and(|start| words::HEADER.contains(&self.word_at(start)));
        let continues = (rest.starts_with('{') || rest.starts_with('@')) && !in_head;
        if continues {
            self.continues_to = self.text.len() - rest.len();
        }
        continues
    }

    fn end_chunk(&mut self) {
        if let Some(start) = self.chunk.take() {
            self.out.chunks.push(Chunk { start, end: self.chunk_end });
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    fn mask(&mut self, start: usize, end: usize, with: u8) {
        self.masked[start..end].iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = with);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> (Vec<&str>, Vec<&'static str>) {
        let scan = scan(FileId(0), text);
        assert_eq!(scan.masked.len(), text.len());
        (
            scan.chunks.iter().map(|c| &text[c.start..c.end]).collect(),
            scan.diagnostics.iter().map(|d| d.code.id).collect(),
        )
    }

    #[test]
    fn items_are_cut_at_newlines_and_closing_braces() {
        let (chunks, codes) =
            cut("edition 2026\npackage a.b\nfields struct A { // }\n 1 s: string = \"}\"\n}\nerror E\n{ }");
        assert_eq!(
            chunks,
            ["edition 2026", "package a.b", "fields struct A { // }\n 1 s: string = \"}\"\n}", "error E\n{ }"]
        );
        assert!(codes.is_empty());
    }

    #[test]
    fn a_forgotten_brace_ends_at_the_next_declaration() {
        let (chunks, codes) = cut("fields struct A {\n 1 a: u8\nopen enum B: u8 { 0 X }");
        assert_eq!(chunks, ["fields struct A {\n 1 a: u8", "open enum B: u8 { 0 X }"]);
        assert_eq!(codes, ["RSS0105"]);
    }

    #[test]
    fn long_runs_of_comments_are_walked_once() {
        let comments = "// x\n".repeat(100_000);
        assert_eq!(cut(&comments).0.len(), 0);
        assert_eq!(cut(&format!("fields struct A\n{comments}{{ }}")).0.len(), 1);
        assert_eq!(cut(&format!("store A: B\n{comments}service C {{ }}")).0, ["store A: B", "service C { }"]);
    }

    #[test]
    fn depth_and_hidden_characters_are_refused() {
        assert_eq!(cut(&"{".repeat(100_000)).1[0], "RSS0108");
        assert_eq!(cut(&format!("a: {}", "list<".repeat(100_000))).1, ["RSS0108"]);
        assert_eq!(cut("// \u{202e} x\na \u{7} b").1, ["RSS0103", "RSS0103"]);
        assert_eq!(cut("package naïve").1, ["RSS0103"]);
    }

    #[test]
    fn no_text_panics() {
        for text in ["\"", "\"\\", "\"\\é", "/*", "}", "((}", "\u{feff}", "é", "\r", "a\r\n", "\"x\r\n"] {
            cut(text);
        }
    }
}
