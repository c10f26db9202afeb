//! Patterns: the part of regular expressions that means the same in Rust (`regex`) and in JavaScript (`/u`), read and
//! written anew so that both take it.

/// Most states that a pattern may have when its repetitions are written out.
const MAX_SIZE: u64 = 2_000;
/// Deepest nesting of groups.
const MAX_DEPTH: u32 = 20;

/// Why a text is no pattern of the common subset.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// The part that is refused.
    pub(super) part: String,
    pub(super) why: &'static str,
}

/// The pattern as both targets take it, without anchors.
pub(super) fn normalize(text: &str) -> Result<String, Refused> {
    let mut p = Parser { rest: text.chars().collect(), at: 0, out: String::new(), depth: 0 };
    let size = p.alternatives()?;
    match p.peek() {
        Some(')') => Err(p.refuse(1, "closes no group; a parenthesis itself is written `\\\\)`")),
        _ if size > MAX_SIZE => {
            Err(Refused { part: text.to_owned(), why: "is too large with its repetitions written out" })
        }
        _ => Ok(p.out),
    }
}

struct Parser {
    rest: Vec<char>,
    at: usize,
    out: String,
    depth: u32,
}

type Size = Result<u64, Refused>;

impl Parser {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn looks_at(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(n, c)| self.rest.get(self.at + n) == Some(&c))
    }

    /// Refuses the next `len` characters.
    fn refuse(&self, len: usize, why: &'static str) -> Refused {
        let end = (self.at + len).min(self.rest.len());
        Refused { part: self.rest[self.at..end].iter().collect(), why }
    }

    fn alternatives(&mut self) -> Size {
        let mut size = self.sequence()?;
        while self.take('|') {
            self.out.push('|');
            size += 1 + self.sequence()?;
        }
        Ok(size)
    }

    fn sequence(&mut self) -> Size {
        let mut size = 1;
        while !matches!(self.peek(), None | Some('|' | ')')) {
            let one = self.atom()?;
            size += self.repetition(one)?;
            if size > MAX_SIZE {
                return Err(Refused {
                    part: self.rest.iter().collect(),
                    why: "is too large with its repetitions written out",
                });
            }
        }
        Ok(size)
    }

    fn atom(&mut self) -> Size {
        match self.peek() {
            Some('(') => return self.group(),
            Some('[') => return self.class(),
            Some('.') => self.out.push_str("[^\\n\\r\\u{2028}\\u{2029}]"),
            Some('\\') => return self.escape(),
            Some('^' | '$') => {
                return Err(self.refuse(1, "is not needed: a pattern always matches the whole string"));
            }
            Some('*' | '+' | '?' | '{') => {
                return Err(self.refuse(1, "repeats nothing; the character is written with `\\\\` in front"));
            }
            Some(']' | '}') => {
                return Err(self.refuse(1, "closes nothing; the character is written with `\\\\` in front"));
            }
            Some(c) => self.out.push_str(&literal(c)),
            None => {}
        }
        self.at += 1;
        Ok(1)
    }

    fn group(&mut self) -> Size {
        let lookaround = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|start| self.looks_at(start));
        if lookaround {
            return Err(self.refuse(3, "looks around, which Rust cannot"));
        }
        if self.looks_at("(?") && !self.looks_at("(?:") {
            return Err(self.refuse(3, "names a group or sets a flag, which the two languages write differently"));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.refuse(1, "nests groups too deeply"));
        }
        let start = self.at;
        self.at += if self.looks_at("(?:") { 3 } else { 1 };
        self.out.push_str("(?:");
        let size = self.alternatives()?;
        if !self.take(')') {
            self.at = start;
            return Err(self.refuse(1, "opens a group that is not closed"));
        }
        self.out.push(')');
        self.depth -= 1;
        Ok(size)
    }

    fn escape(&mut self) -> Size {
        self.out.push_str(&match self.rest.get(self.at + 1).copied() {
            Some('d') => "[0-9]".to_owned(),
            Some('D') => "[^0-9]".to_owned(),
            Some('w') => "[0-9A-Za-z_]".to_owned(),
            Some('W') => "[^0-9A-Za-z_]".to_owned(),
            other => literal(self.escaped(other)?),
        });
        self.at += 2;
        Ok(1)
    }

    /// The character that an escape is.
    fn escaped(&self, c: Option<char>) -> Result<char, Refused> {
        match c {
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('s' | 'S') => {
                Err(self.refuse(2, "is not the same set in the two languages; list what is meant: `[ \\\\t]`"))
            }
            Some('b' | 'B') => Err(self.refuse(2, "is not the same place in the two languages")),
            Some('p' | 'P') => Err(self.refuse(2, "depends on a version of Unicode")),
            Some('0'..='9' | 'k') => Err(self.refuse(2, "refers back to a group, which Rust cannot")),
            Some(c) if c.is_ascii_punctuation() => Ok(c),
            Some(_) => Err(self.refuse(2, "is not an escape that both languages have")),
            None => Err(self.refuse(1, "escapes nothing")),
        }
    }

    fn class(&mut self) -> Size {
        let start = self.at;
        self.at += 1;
        self.out.push('[');
        if self.take('^') {
            self.out.push('^');
        }
        if self.peek() == Some(']') {
            return Err(Refused {
                part: "[]".to_owned(),
                why: "is a set of no characters, or begins with `]`; that is written `\\\\]`",
            });
        }
        loop {
            match self.peek() {
                None => {
                    self.at = start;
                    return Err(self.refuse(1, "opens a set that is not closed"));
                }
                Some(']') => break,
                Some('[') => return Err(self.refuse(1, "nests sets; the character is written `\\\\[`")),
                _ => self.range()?,
            }
        }
        self.at += 1;
        self.out.push(']');
        Ok(1)
    }

    /// A character, a range or a set of characters in a set.
    fn range(&mut self) -> Result<(), Refused> {
        for (name, set) in [("\\d", "0-9"), ("\\w", "0-9A-Za-z_")] {
            if self.looks_at(name) {
                self.at += 2;
                self.out.push_str(set);
                return Ok(());
            }
        }
        let start = self.at;
        let low = self.member()?;
        self.out.push_str(&in_set(low));
        let is_range = self.peek() == Some('-') && !matches!(self.rest.get(self.at + 1), None | Some(']'));
        if !is_range {
            return Ok(());
        }
        self.at += 1;
        let high = self.member()?;
        if low > high {
            let part = self.rest[start..self.at].iter().collect();
            return Err(Refused { part, why: "is a range whose end is in front of its start" });
        }
        self.out.push('-');
        self.out.push_str(&in_set(high));
        Ok(())
    }

    fn member(&mut self) -> Result<char, Refused> {
        match self.peek() {
            Some('\\') => {
                if matches!(self.rest.get(self.at + 1), Some('d' | 'D' | 'w' | 'W')) {
                    return Err(self.refuse(2, "cannot stand here in a set"));
                }
                let c = self.escaped(self.rest.get(self.at + 1).copied())?;
                self.at += 2;
                Ok(c)
            }
            Some('[') => Err(self.refuse(1, "nests sets; the character is written `\\\\[`")),
            _ => self.next().ok_or(Refused { part: String::new(), why: "ends in a set" }),
        }
    }

    /// What follows an atom of this size.
    fn repetition(&mut self, one: u64) -> Size {
        let size = match self.peek() {
            Some(c @ ('*' | '+' | '?')) => {
                self.at += 1;
                self.out.push(c);
                one + 1
            }
            Some('{') => self.counted(one)?,
            _ => return Ok(one),
        };
        match self.peek() {
            Some('?') => {
                Err(self.refuse(1, "asks for the shortest match, but a pattern always matches the whole string"))
            }
            Some('*' | '+' | '{') => Err(self.refuse(1, "repeats a repetition; put a group around it")),
            _ => Ok(size),
        }
    }

    /// `{n}`, `{n,}`, `{n,m}`.
    fn counted(&mut self, one: u64) -> Size {
        let end = self.rest[self.at..].iter().position(|c| *c == '}').map(|n| self.at + n);
        let refused =
            self.refuse(end.map_or(1, |end| end + 1 - self.at), "is not `{n}`, `{n,}` or `{n,m}` with n <= m <= 1000");
        let Some(end) = end else { return Err(refused) };
        let text: String = self.rest[self.at + 1..end].iter().collect();
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            text.parse::<u64>().ok().filter(|n| digits && *n <= 1000)
        };
        let (low, high) = match text.split_once(',') {
            None => (number(&text), number(&text)),
            Some((low, "")) => (number(low), Some(u64::MAX)),
            Some((low, high)) => (number(low), number(high)),
        };
        let (Some(low), Some(high)) = (low, high) else { return Err(refused) };
        if low > high {
            return Err(refused);
        }
        self.at = end + 1;
        let times = if high == u64::MAX { low + 1 } else { high };
        self.out.push_str(&match high {
            u64::MAX => format!("{{{low},}}"),
            high if high == low => format!("{{{low}}}"),
            high => format!("{{{low},{high}}}"),
        });
        Ok((one + 1) * times.max(1))
    }
}

/// A character that stands for itself.
fn literal(c: char) -> String {
    match c {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\\' | '^' | '$' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' => format!("\\{c}"),
        '0'..='9'
        | 'A'..='Z'
        | 'a'..='z'
        | '_'
        | ' '
        | '-'
        | ','
        | ':'
        | ';'
        | '@'
        | '='
        | '!'
        | '%'
        | '\''
        | '<'
        | '>' => c.to_string(),
        c => format!("\\u{{{:x}}}", u32::from(c)),
    }
}

/// A character in a set.
fn in_set(c: char) -> String {
    match c {
        '\n' | '\r' | '\t' => literal(c),
        '0'..='9' | 'A'..='Z' | 'a'..='z' | '_' | ' ' | '.' | ',' | ':' | '@' => c.to_string(),
        c => format!("\\u{{{:x}}}", u32::from(c)),
    }
}

/// Whether the whole text matches a normalized pattern.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    // What `normalize` lets through compiles; were it not so, everything would match and the targets would tell.
    regex_lite::Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|regex| regex.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_languages_mean_is_written_so_that_both_take_it() {
        let cases = [
            ("[a-z]+", "[a-z]+"),
            (r"\d{3}-\d{2,}", "[0-9]{3}-[0-9]{2,}"),
            ("(ab|c)?", "(?:ab|c)?"),
            ("a.b", r"a[^\n\r\u{2028}\u{2029}]b"),
            (r"\.\/é", r"\.\u{2f}\u{e9}"),
            (r"[\w.&-]", r"[0-9A-Za-z_.\u{26}\u{2d}]"),
            ("", ""),
        ];
        for (text, normal) in cases {
            assert_eq!(normalize(text).as_deref(), Ok(normal), "{text}");
            assert!(regex_lite::Regex::new(&format!("^(?:{normal})$")).is_ok(), "{normal}");
        }
    }

    #[test]
    fn the_rest_is_refused() {
        let refused = [
            "^a",
            "a$",
            r"\s",
            r"\bx",
            r"\p{L}",
            r"(a)\1",
            "(?=a)",
            "(?<n>a)",
            "(?i)a",
            "a*?",
            "a**",
            "*",
            "a{",
            "a{3,2}",
            "a{1001}",
            "(a",
            "a)",
            "[a",
            "[]",
            "[z-a]",
            "[[a]]",
            "]",
            "}",
            r"\",
            r"\q",
            "[a-\\d]",
            r"(a{1000}){1000}",
        ];
        for text in refused {
            assert!(normalize(text).is_err(), "{text}");
        }
        let deep = format!("{}a{}", "(".repeat(30), ")".repeat(30));
        assert!(normalize(&deep).is_err());
    }

    #[test]
    fn a_pattern_matches_all_or_nothing() {
        let pattern = normalize("a|bc").unwrap();
        assert!(matches(&pattern, "bc") && !matches(&pattern, "abc") && !matches(&pattern, "a\n"));
    }

    #[test]
    fn every_character_stands_for_itself() {
        for c in (0..0x300).chain(0x2000..0x2100).filter_map(char::from_u32) {
            let text = format!("{}[{}]", literal(c), in_set(c));
            assert!(matches(&text, &format!("{c}{c}")), "{c:?}");
        }
    }
}
