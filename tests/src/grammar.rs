//! The grammar of the language page, made from the parser's own: what it does to go on after mistakes is left out.

use std::collections::BTreeMap;

/// Rules that only serve reports, spaces and the ends of items.
const LEFT_OUT: [&str; 9] = ["gap", "WHITESPACE", "COMMENT", "nls", "seps", "end", "param_end", "inner", "braces"];
/// What stands for something that is no rule of the page.
const WORDS: [(&str, &str); 7] = [
    ("open", "\"{\""),
    ("close", "\"}\""),
    ("ASCII_ALPHA", "letter"),
    ("ASCII_DIGIT", "digit"),
    ("ASCII_ALPHANUMERIC", "letter | digit"),
    ("ANY", "character"),
    ("digits", "digits"),
];
/// The keywords that the parser has read before it runs the rule of a declaration; others have the name of their rule.
const KEYWORDS: [(&str, &str); 4] = [
    ("struct", r#"("fields" | "partials" | "serializers") "struct""#),
    ("enum", r#"("open" | "closed") "enum""#),
    ("union", r#"(("open" | "closed") "union" | "error")"#),
    ("alias", r#"("alias" | "newtype")"#),
];
/// Declarations of a file's head, and the one that cannot be internal.
const HEAD: [&str; 4] = ["edition", "package", "import", "access"];

/// The grammar of a pest file, in EBNF.
pub fn ebnf(pest: &str) -> String {
    let rules = rules(pest);
    let inlined: BTreeMap<&str, &Node> =
        rules.iter().filter(|(name, _)| name.starts_with("kw_")).map(|(name, node)| (name.as_str(), node)).collect();
    let tails = |name: &&(String, Node)| name.0.ends_with("_tail");
    let kinds = rules.iter().filter(tails).map(|(name, _)| name.trim_end_matches("_tail"));
    // `annotation` is a rule of its own, too.
    let named = |kind: &str| match rules.iter().any(|(name, _)| name == kind) {
        true => format!("{kind}_declaration"),
        false => kind.to_owned(),
    };
    let kinds: Vec<String> = kinds.filter(|kind| !HEAD.contains(kind)).map(named).collect();
    let mut lines = vec![
        "file = edition package import* (access | declaration)*".to_owned(),
        format!("declaration = \"internal\"? ({})", kinds.join(" | ")),
    ];
    let (declarations, parts): (Vec<_>, Vec<_>) = rules.iter().partition(|rule| tails(rule));
    for (name, node) in declarations.into_iter().chain(parts) {
        let is_kept =
            !LEFT_OUT.contains(&name.as_str()) && !WORDS.iter().any(|(word, _)| word == name && word != &"digits");
        if !is_kept || ["only_", "raw", "bad", "kw_"].iter().any(|start| name.starts_with(start)) {
            continue;
        }
        let Some(text) = node.shown(&inlined, false) else { continue };
        match name.strip_suffix("_tail") {
            Some(kind) => {
                let keyword = KEYWORDS.iter().find(|(of, _)| *of == kind);
                let keyword = keyword.map_or_else(|| format!("\"{kind}\""), |(_, words)| (*words).to_owned());
                lines.push(format!("{} = {keyword} {text}", named(kind)));
            }
            None => lines.push(format!("{name} = {text}")),
        }
    }
    lines.join("\n") + "\n"
}

enum Node {
    Choice(Vec<Node>),
    Sequence(Vec<Node>),
    Repeat(Box<Node>, char),
    /// It looks ahead and takes nothing.
    Ahead,
    Word(String),
}

impl Node {
    /// As text; `None` if nothing of it is shown.
    fn shown(&self, inlined: &BTreeMap<&str, &Node>, is_inside: bool) -> Option<String> {
        match self {
            Node::Ahead => None,
            Node::Word(word) => {
                if let Some(node) = inlined.get(word.as_str()) {
                    return node.shown(inlined, is_inside);
                }
                if ["SOI", "EOI"].contains(&word.as_str()) || LEFT_OUT.contains(&word.as_str()) {
                    return None;
                }
                if word.starts_with("bad") || word.starts_with("raw_") {
                    return None;
                }
                let text = WORDS.iter().find(|(of, _)| of == word).map_or(word.as_str(), |(_, text)| *text);
                let name = text.strip_suffix("_tail").unwrap_or(text);
                Some(if is_inside && name.contains(" | ") { format!("({name})") } else { name.to_owned() })
            }
            Node::Repeat(inner, mark) => {
                let text = inner.shown(inlined, true)?;
                let is_one = text.starts_with('(') && closes_at_end(&text) || !text.contains(' ') || text == "\" \"";
                Some(if is_one { format!("{text}{mark}") } else { format!("({text}){mark}") })
            }
            Node::Sequence(parts) => {
                let parts: Vec<String> = parts.iter().filter_map(|part| part.shown(inlined, true)).collect();
                (!parts.is_empty()).then(|| parts.join(" "))
            }
            Node::Choice(ways) => {
                let mut shown: Vec<String> = ways.iter().filter_map(|way| way.shown(inlined, false)).collect();
                shown.dedup();
                match shown.as_slice() {
                    [] => None,
                    [one] => Some(one.clone()),
                    ways if is_inside => Some(format!("({})", ways.join(" | "))),
                    ways => Some(ways.join(" | ")),
                }
            }
        }
    }
}

/// Does the parenthesis that a text starts with close at its end?
fn closes_at_end(text: &str) -> bool {
    let mut depth = 0;
    let mut quoted = false;
    let end = text.char_indices().find(|(_, c)| {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    end.is_some_and(|(at, _)| at + 1 == text.len())
}

fn rules(pest: &str) -> Vec<(String, Node)> {
    let code: Vec<&str> = pest.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let mut reader = Reader { tokens: tokens(&code.join("\n")), at: 0 };
    let mut rules = Vec::new();
    while let Some(name) = reader.next() {
        // `=`, perhaps a mark, `{`
        while reader.next().is_some_and(|token| token != "{") {}
        let node = reader.choice();
        reader.next();
        rules.push((name, node));
    }
    rules
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '"' => {
                let mut escaped = false;
                let end = rest.char_indices().skip(1).find(|(_, c)| {
                    let ends = *c == '"' && !escaped;
                    escaped = *c == '\\' && !escaped;
                    ends
                });
                end.map_or(rest.len(), |(at, _)| at + 1)
            }
            c if c.is_alphanumeric() || c == '_' => {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
            }
            c => c.len_utf8(),
        };
        tokens.push(rest[..len].to_owned());
        rest = rest[len..].trim_start();
    }
    // A mark of a rule and its name are two tokens: `_` in `_{` is a word of its own.
    tokens
}

struct Reader {
    tokens: Vec<String>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", String::as_str)
    }

    fn next(&mut self) -> Option<String> {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned()
    }

    fn choice(&mut self) -> Node {
        let mut ways = vec![self.sequence()];
        while self.peek() == "|" {
            self.at += 1;
            ways.push(self.sequence());
        }
        if ways.len() == 1 { ways.remove(0) } else { Node::Choice(ways) }
    }

    fn sequence(&mut self) -> Node {
        let mut parts = vec![self.part()];
        while self.peek() == "~" {
            self.at += 1;
            parts.push(self.part());
        }
        if parts.len() == 1 { parts.remove(0) } else { Node::Sequence(parts) }
    }

    fn part(&mut self) -> Node {
        let looks_ahead = matches!(self.peek(), "&" | "!");
        self.at += usize::from(looks_ahead);
        let mut node = match self.next().unwrap_or_default().as_str() {
            "(" => {
                let node = self.choice();
                self.at += 1;
                node
            }
            word => Node::Word(word.to_owned()),
        };
        while let mark @ ("*" | "+" | "?") = self.peek() {
            node = Node::Repeat(Box::new(node), mark.chars().next().unwrap_or('*'));
            self.at += 1;
        }
        if looks_ahead { Node::Ahead } else { node }
    }
}

#[cfg(test)]
mod tests {
    use super::ebnf;

    #[test]
    fn what_reports_mistakes_is_left_out() {
        let pest = "// a comment\nname = @{ ASCII_ALPHA ~ (ASCII_ALPHA | \"_\")* }\nkw_on = @{ \"on\" ~ !(ASCII_ALPHA) }\n\
                    body = { open ~ seps ~ ((name ~ &end | bad) ~ seps)* ~ (close | EOI) }\nbad = @{ ANY+ }\n\
                    view_tail = { SOI ~ name ~ (kw_on ~ name)? ~ body ~ EOI }\n";
        let expected = "file = edition package import* (access | declaration)*\ndeclaration = \"internal\"? (view)\n\
                        view = \"view\" name (\"on\" name)? body\nname = letter (letter | \"_\")*\nbody = \"{\" name* \"}\"\n";
        assert_eq!(ebnf(pest), expected);
    }
}
