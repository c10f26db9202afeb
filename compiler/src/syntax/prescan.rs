//! One pass over the bytes of a file before pest sees it: cuts it at top-level items, collects comments, counts
//! depth and tokens, and replaces what cannot be parsed by something harmless of the same length.

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

    fn line_comment(&mut self) {
        let start = self.at;
        let end = self.text[start..].find('\n').map_or(self.text.len(), |n| start + n);
        let text = &self.text[start..end];
        let kind = match text {
            t if t.starts_with("////") => CommentKind::Plain,
            t if t.starts_with("///") => CommentKind::Doc,
            t if t.starts_with("//!") => CommentKind::FileDoc,
            _ => CommentKind::Plain,
        };
        let end = start + text.trim_end_matches('\r').len();
        self.comment(start, end, kind);
    }

    fn block_comment(&mut self) {
        let start = self.at;
        match self.text[start + 2..].find("*/") {
            Some(n) => self.comment(start, start + 2 + n + 2, CommentKind::Plain),
            None => {
                let d = Diagnostic::new(
                    &codes::UNTERMINATED,
                    "a block comment does not end",
                    self.span(start, start + 2),
                    "opened here, there is no `*/` behind it",
                );
                self.out.diagnostics.push(d.note("Block comments do not nest: the first `*/` ends them."));
                self.comment(start, self.text.len(), CommentKind::Plain);
                self.mask(start, self.text.len(), b' ');
            }
        }
    }

    fn comment(&mut self, start: usize, end: usize, kind: CommentKind) {
        self.count(start);
        self.refuse_hidden(start, end);
        self.out.comments.push(Comment { span: self.span(start, end), kind });
        self.at = end;
    }

    fn string(&mut self) {
        let start = self.at;
        let mut end = start + 1;
        loop {
            match self.bytes.get(end) {
                Some(b'"') => {
                    end += 1;
                    break;
                }
                Some(b'\\') if self.bytes.get(end + 1).is_some_and(|b| *b != b'\n') => end += 2,
                None | Some(b'\n') => {
                    // Brackets at the end of the line close what was opened before, more likely than they belong
                    // to the text.
                    let text = self.text[start..end].trim_end();
                    let text =
                        if text.len() > 1 { text.trim_end_matches([' ', '\t', '}', ')', ']', ',']) } else { text };
                    end = start + text.len();
                    let d = Diagnostic::new(
                        &codes::UNTERMINATED,
                        "a string does not end",
                        self.span(start, end),
                        "there is no closing `\"` on this line",
                    );
                    self.out.diagnostics.push(d.note("A line break inside a string is written `\\n`."));
                    self.mask_string(start, end);
                    break;
                }
                Some(_) => end += 1,
            }
        }
        // An escape may have stepped into the middle of a character.
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        self.refuse_hidden(start, end);
        self.at = end;
        self.token(Token::Other, start);
    }

    /// Turns an unterminated string into `""` and blanks, so that the line still parses.
    fn mask_string(&mut self, start: usize, end: usize) {
        self.mask(start, end, b' ');
        match end - start {
            1 => self.masked[start] = b'0',
            _ => self.masked[start..start + 2].fill(b'"'),
        }
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

    /// A control character, or something outside ASCII that stands neither in a string nor in a comment.
    fn strange(&mut self) {
        let start = self.at;
        let c = self.text[start..].chars().next().expect("inside the text");
        let is_part = |c: char| c.is_alphanumeric() && !c.is_ascii();
        if !is_part(c) {
            self.at += c.len_utf8();
            let label = match is_hidden(c) {
                true => "this character cannot be seen",
                false => "this character has no meaning here",
            };
            self.bad_character(c, start, self.at, label);
            self.mask(start, self.at, b' ');
            return;
        }
        let len: usize = self.text[start..].chars().take_while(|c| is_part(*c)).map(char::len_utf8).sum();
        self.at += len;
        self.bad_character(c, start, self.at, "names are made of a-z, A-Z, 0-9 and _");
        self.mask(start, self.at, b'_');
        self.token(Token::Word, start);
    }

    fn refuse_hidden(&mut self, start: usize, end: usize) {
        let text = self.text;
        for (i, c) in text[start..end].char_indices().filter(|(_, c)| is_hidden(*c)) {
            let at = start + i;
            if text[at..].starts_with("\r\n") {
                continue;
            }
            self.bad_character(c, at, at + c.len_utf8(), "this character cannot be seen");
        }
    }

    fn bad_character(&mut self, c: char, start: usize, end: usize, label: &str) {
        let shown = match is_hidden(c) {
            true => format!("U+{:04X}", c as u32),
            false => format!("`{c}`"),
        };
        let d =
            Diagnostic::new(&codes::BAD_CHARACTER, format!("{shown} cannot stand here"), self.span(start, end), label);
        let d = match is_hidden(c) {
            true => d.note("Control and direction characters make a text look other than it is, so schemas have none."),
            false => d,
        };
        self.out.diagnostics.push(d);
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
            Token::Comma if self.stack.is_empty() => {
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

    fn open(&mut self, bracket: u8, start: usize) {
        self.angles = 0;
        self.stack.push((bracket, start));
        if self.stack.len() > MAX_DEPTH {
            self.too_deep(start);
        }
    }

    fn too_deep(&mut self, start: usize) {
        self.refuse(start, format!("brackets nest at most {MAX_DEPTH} deep"), "this one is deeper");
    }

    /// Takes the bracket off the stack; `false` if it closes nothing.
    fn close(&mut self, bracket: u8, start: usize) -> bool {
        self.angles = 0;
        let opening = match bracket {
            b'}' => b'{',
            b')' => b'(',
            _ => b'[',
        };
        if let Some(i) = self.stack.iter().rposition(|(b, _)| *b == opening) {
            // A `)` never closes a `{`: only brackets of a line may have been forgotten inside it.
            if opening == b'{' || self.stack[i..].iter().all(|(b, _)| *b != b'{') {
                for (bracket, open) in self.stack.split_off(i).into_iter().skip(1).rev() {
                    self.unclosed(bracket, open, Some(start));
                }
                return true;
            }
        }
        let shown = bracket as char;
        let span = self.span(start, start + 1);
        let d = Diagnostic::new(&codes::UNMATCHED, format!("`{shown}` closes nothing"), span, "nothing is open here");
        self.out.diagnostics.push(d);
        self.mask(start, start + 1, b' ');
        false
    }

    fn unclosed(&mut self, bracket: u8, open: usize, before: Option<usize>) {
        let shown = bracket as char;
        let span = self.span(open, open + 1);
        let mut d = Diagnostic::new(&codes::UNCLOSED, format!("`{shown}` is never closed"), span, "opened here");
        if let Some(at) = before {
            d = d.label(self.span(at, at + 1), "must be closed before this");
        }
        self.out.diagnostics.push(d);
    }

    /// An item starts at the beginning of a line although brackets are open: they were forgotten.
    fn close_all(&mut self, start: usize) {
        let len = self.word_at(start).len();
        while let Some((bracket, open)) = self.stack.pop() {
            let span = self.span(open, open + 1);
            let shown = bracket as char;
            let d = Diagnostic::new(&codes::UNCLOSED, format!("`{shown}` is never closed"), span, "opened here")
                .label(self.span(start, start + len), "the next declaration starts here");
            self.out.diagnostics.push(d);
        }
        self.end_chunk();
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
            "fields" | "partials" | "serializers" => second == "struct",
            "open" | "closed" => matches!(second, "enum" | "union"),
            "struct" | "union" | "error" | "service" => !second.is_empty() && behind == Some(b'{'),
            "enum" | "store" => !second.is_empty() && matches!(behind, Some(b'{' | b':' | b'[')),
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
        let continues = rest.starts_with('{') || rest.starts_with('@');
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

/// Control, direction and zero-width characters, and line separators other than newline.
fn is_hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n'))
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
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
