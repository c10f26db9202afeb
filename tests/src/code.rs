//! Generated code without its comments and without the content of its strings: where no text of a schema may appear.

/// Rust without comments (docs included) and string literals.
pub fn rust(text: &str) -> String {
    without_literals(text, &['"'])
}

/// TypeScript without comments and string literals.
pub fn typescript(text: &str) -> String {
    without_literals(text, &['"', '\''])
}

fn without_literals(text: &str, quotes: &[char]) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if quotes.contains(&c) {
            string_end(rest, c)
        } else {
            code.push(c);
            c.len_utf8()
        };
        rest = &rest[end..];
    }
    code
}

fn string_end(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_what_comments_and_strings_leave() {
        assert_eq!(typescript("a /* b */ 'c\\'d' \"e\" // f\ng"), "a    \ng");
        assert_eq!(typescript("/* a */ left /* b */"), " left ");
        assert_eq!(rust("#[doc = \"x\\\"]\"] y"), "#[doc = ] y");
        assert_eq!(rust("impl<'a> X<'a> {} // \""), "impl<'a> X<'a> {} ");
    }
}
