//! What stands between quotes or in comments, and characters that stand nowhere else.

use super::{Comment, CommentKind, Scanner, Token};
use crate::diag::{Diagnostic, Fix, codes};

impl Scanner<'_> {
    pub(super) fn line_comment(&mut self) {
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

    pub(super) fn block_comment(&mut self) {
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

    pub(super) fn string(&mut self) {
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
                    let d = d.note("A line break inside a string is written `\\n`.");
                    let closing = Fix::guess("insert `\"`").edit(self.span(end, end), "\"");
                    self.out.diagnostics.push(d.fix(closing));
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

    /// A control character, or something outside ASCII that stands neither in a string nor in a comment.
    pub(super) fn strange(&mut self) {
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
        // Letters of its own for every such word: a name made of `_` would be a finding, two equal ones another.
        self.masked[start..self.at].iter_mut().for_each(|b| *b = b'a' + *b % 26);
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
}

/// Control, direction and zero-width characters, and line separators other than newline.
fn is_hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n'))
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
