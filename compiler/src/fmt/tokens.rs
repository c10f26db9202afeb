//! Tokens and comments of a file that parses, with what the layout needs to know of the space between them.

/// Kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    String,
    Comma,
    Open(u8),
    Close(u8),
    Arrow,
    Dots,
    /// Between two operands.
    Operator,
    /// The sign in front of an operand.
    Sign,
    Punctuation(u8),
    LineComment,
    BlockComment,
    /// `///` and `//!`: always on lines of their own.
    Doc,
}

/// A token or comment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) start: usize,
    /// The line it starts on, from 1.
    pub(super) line: usize,
    /// Newlines between it and what stands in front of it.
    pub(super) n_newlines: usize,
    /// Is there anything between it and the token in front of it?
    pub(super) has_space: bool,
    pub(super) starts_item: bool,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The line it ends on, from 1.
    pub(super) fn last_line(&self) -> usize {
        self.line + self.text.matches('\n').count()
    }

    pub(super) fn is_comment(&self) -> bool {
        matches!(self.kind, Kind::LineComment | Kind::BlockComment | Kind::Doc)
    }
}

/// Cuts a text that has no syntax errors; `starts` are the sorted offsets at which items start.
pub(super) fn tokens<'a>(text: &'a str, starts: &[usize]) -> Vec<Token<'a>> {
    let mut tokens: Vec<Token<'a>> = Vec::new();
    let mut starts = starts.iter().peekable();
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut line = 1;
    let mut values = Values::default();
    loop {
        let rest = &text[at..];
        let space = &rest[..rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len()];
        let n_newlines = space.matches('\n').count();
        at += space.len();
        line += n_newlines;
        let Some(first) = text[at..].chars().next() else { return tokens };
        values.is_item = starts.peek().is_some_and(|start| **start <= at);
        let (kind, len) = values.operator(&text[at..]).unwrap_or_else(|| cut(&text[at..], first));
        values.follow(kind, &text[at..at + len]);
        let whole = &text[at..at + len];
        let is_line = matches!(kind, Kind::LineComment | Kind::Doc);
        let mut token = Token {
            kind,
            text: if is_line { whole.trim_end() } else { whole },
            start: at,
            line,
            n_newlines,
            has_space: !space.is_empty() || tokens.last().is_some_and(Token::is_comment),
            starts_item: false,
        };
        if !token.is_comment() {
            while starts.next_if(|start| **start <= at).is_some() {
                token.starts_item = true;
            }
        }
        line += whole.matches('\n').count();
        at += len;
        tokens.push(token);
    }
}

/// Where values stand: what looks like a sign or like brackets is an operator there.
#[derive(Default)]
struct Values {
    /// Behind an equals sign, or the semicolon of an array.
    inside: bool,
    /// Open `<` of a type.
    n_angles: usize,
    /// The token before was an operand.
    after_operand: bool,
    /// Between an annotation's `@` and its parenthesis.
    in_name: bool,
    /// Open parentheses of an annotation's arguments.
    n_parens: usize,
    /// The token at hand starts an item.
    is_item: bool,
}

impl Values {
    fn operator(&self, text: &str) -> Option<(Kind, usize)> {
        let starts_argument = self.is_item && self.n_parens > 0;
        if !starts_argument && (self.is_item || !self.inside && self.n_parens == 0) {
            return None;
        }
        match text.as_bytes() {
            [b'-', next, ..] if starts_argument && !next.is_ascii_digit() => Some((Kind::Sign, 1)),
            _ if starts_argument => None,
            [b'<', b'<', ..] => Some((Kind::Operator, 2)),
            [b'>', b'>', ..] if self.n_angles == 0 => Some((Kind::Operator, 2)),
            [b'-', ..] if self.after_operand => Some((Kind::Operator, 1)),
            [b'-', next, ..] if !next.is_ascii_digit() => Some((Kind::Sign, 1)),
            _ => None,
        }
    }

    fn follow(&mut self, kind: Kind, text: &str) {
        if matches!(kind, Kind::LineComment | Kind::BlockComment | Kind::Doc) {
            return;
        }
        match kind {
            Kind::Open(b'(') if self.in_name || self.n_parens > 0 => self.n_parens += 1,
            Kind::Close(b')') => self.n_parens = self.n_parens.saturating_sub(1),
            _ => {}
        }
        self.in_name = text == "@" || self.in_name && (kind == Kind::Word || text == ".");
        match (kind, text) {
            (Kind::Punctuation(_), "=" | ";") => self.inside = true,
            (Kind::Punctuation(_), "<") => self.n_angles += 1,
            (Kind::Punctuation(_), ">") => self.n_angles = self.n_angles.saturating_sub(1),
            (Kind::Comma | Kind::Close(b']'), _) | (Kind::Punctuation(_), "@") => self.inside = false,
            _ if self.is_item => (self.inside, self.n_angles) = (false, 0),
            _ => {}
        }
        self.after_operand = matches!(kind, Kind::Word | Kind::Number | Kind::Close(b')'));
    }
}

/// Kind and length of the token at the start of a text.
fn cut(text: &str, first: char) -> (Kind, usize) {
    let until = |stop: fn(char) -> bool| text.find(stop).unwrap_or(text.len());
    match first {
        '/' if text.starts_with("//") => {
            let is_doc = text.starts_with("//!") || (text.starts_with("///") && !text.starts_with("////"));
            (if is_doc { Kind::Doc } else { Kind::LineComment }, until(|c| c == '\n'))
        }
        '/' if text.starts_with("/*") => (Kind::BlockComment, text[2..].find("*/").map_or(text.len(), |n| n + 4)),
        '"' => (Kind::String, string_len(text)),
        '0'..='9' => (Kind::Number, number_len(text)),
        '-' if text[1..].starts_with(|c: char| c.is_ascii_digit()) => (Kind::Number, 1 + number_len(&text[1..])),
        '-' if text.starts_with("->") => (Kind::Arrow, 2),
        '.' if text.starts_with("..") => (Kind::Dots, 2),
        ',' => (Kind::Comma, 1),
        '{' | '(' | '[' => (Kind::Open(first as u8), 1),
        '}' | ')' | ']' => (Kind::Close(first as u8), 1),
        c if is_word(c) => (Kind::Word, until(|c| !is_word(c))),
        c => (Kind::Punctuation(u8::try_from(c).unwrap_or(0)), c.len_utf8()),
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn string_len(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(i, _)| i + 1)
}

/// As the grammar's `number`, without the sign.
fn number_len(text: &str) -> usize {
    let whole = digits_len(text);
    match text[whole..].strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => whole + 1 + digits_len(fraction),
        _ => whole,
    }
}

fn digits_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut len = 0;
    while let Some(b) = bytes.get(len).filter(|b| b.is_ascii_alphanumeric() || **b == b'_') {
        let is_exponent = matches!(b, b'e' | b'E') && matches!(bytes.get(len + 1), Some(b'+' | b'-'));
        len += if is_exponent { 2 } else { 1 };
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        tokens(text, &[]).iter().map(|t| t.text).collect()
    }

    #[test]
    fn tokens_are_those_of_the_grammar() {
        assert_eq!(
            texts("7..12 -5 1.5e-3 1e+2 a.b->c"),
            ["7", "..", "12", "-5", "1.5e-3", "1e+2", "a", ".", "b", "->", "c"]
        );
        assert_eq!(texts(r#""a\"b\\" "" x"#), [r#""a\"b\\""#, r#""""#, "x"]);
        assert_eq!(texts("a // b  \n/* c\n */ ///d"), ["a", "// b", "/* c\n */", "///d"]);
    }
}
