//! Names: case conversion, reserved words, and scopes in which no two names are equal.

use std::collections::HashSet;

use heck::{ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// Words that Rust reserves and that a raw identifier can carry. `Self`, `self`, `super` and `crate` cannot be raw.
pub(super) const RUST_KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that cannot name a binding in a strict-mode TypeScript module.
pub(super) const TS_KEYWORDS: &[&str] = &[
    "abstract",
    "any",
    "arguments",
    "as",
    "asserts",
    "async",
    "await",
    "bigint",
    "boolean",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "declare",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "get",
    "if",
    "implements",
    "import",
    "in",
    "infer",
    "instanceof",
    "interface",
    "is",
    "keyof",
    "let",
    "module",
    "namespace",
    "never",
    "new",
    "null",
    "number",
    "object",
    "of",
    "package",
    "private",
    "protected",
    "public",
    "readonly",
    "require",
    "return",
    "set",
    "static",
    "string",
    "super",
    "switch",
    "symbol",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "undefined",
    "unique",
    "unknown",
    "using",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Properties of `Object.prototype`: a plain object seems to have them although nobody set them.
pub(super) const PROTOTYPE_NAMES: &[&str] = &[
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
    "__proto__",
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
];

/// Members that every handle has; `then` would make a handle a promise.
pub(super) const HANDLE_NAMES: &[&str] =
    &["close", "epoch", "get", "key", "on", "status", "subscribe", "then", "unit", "version"];

/// `UpperCamel`; a name that is already written so stays as it is (`HTTPServer`).
pub(super) fn upper_camel(name: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains('_') {
        return name.to_owned();
    }
    sound(name.to_upper_camel_case())
}

/// `lowerCamel`; a name that is already written so stays as it is.
pub(super) fn lower_camel(name: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.contains('_') {
        return name.to_owned();
    }
    sound(name.to_lower_camel_case())
}

/// `snake_case`.
pub(super) fn snake(name: &str) -> String {
    // Most names are lower case already.
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(|b| b.is_ascii_lowercase()) {
        return name.to_owned();
    }
    sound(name.to_snake_case())
}

/// `UPPER_SNAKE`.
pub(super) fn upper_snake(name: &str) -> String {
    sound(name.to_shouty_snake_case())
}

/// Repairs what conversion may leave: nothing at all, or a digit in front.
fn sound(name: String) -> String {
    match name.chars().next() {
        None => "x_".to_owned(),
        Some(c) if c.is_ascii_digit() => format!("_{name}"),
        Some(_) => name,
    }
}

/// A Rust identifier: keywords become raw.
pub(super) fn rust_ident(name: &str) -> String {
    match name {
        "self" | "Self" | "super" | "crate" => format!("{name}_"),
        _ if RUST_KEYWORDS.contains(&name) => format!("r#{name}"),
        _ => name.to_owned(),
    }
}

/// Names that are in use at one place.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    taken: HashSet<String>,
}

impl Scope {
    /// A scope in which `reserved` names are in use.
    pub(super) fn new(reserved: &[&str]) -> Self {
        Self { taken: reserved.iter().map(|&name| name.to_owned()).collect() }
    }

    /// Takes the name, with as many `_` behind it as it needs to be free.
    pub(super) fn claim(&mut self, name: &str) -> String {
        let mut name = name.to_owned();
        while self.taken.contains(&name) {
            name = format!("{}_", name.strip_prefix("r#").unwrap_or(&name));
        }
        self.taken.insert(name.clone());
        name
    }

    /// Whether the name is in use.
    pub(super) fn has(&self, name: &str) -> bool {
        self.taken.contains(name)
    }
}

/// The segments of a dotted package name as folders and files, without the leading segments of `strip`.
/// The last segment always stays.
pub(super) fn segments(package: &str, strip: &str) -> Vec<String> {
    let all: Vec<&str> = package.split('.').collect();
    let prefix: Vec<&str> = strip.split('.').filter(|segment| !segment.is_empty()).collect();
    let rest = if all.len() > prefix.len() && all.starts_with(&prefix) { &all[prefix.len()..] } else { &all[..] };
    rest.iter().map(|segment| snake(segment)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_written_in_the_right_case_stay() {
        assert_eq!(upper_camel("HTTPServer"), "HTTPServer");
        assert_eq!(upper_camel("red_light"), "RedLight");
        assert_eq!(lower_camel("deadlineMs"), "deadlineMs");
        assert_eq!(lower_camel("Big_one"), "bigOne");
        assert_eq!(snake("currentTime"), "current_time");
    }

    #[test]
    fn every_identifier_has_a_name() {
        for name in ["_", "__", "_1", "__proto__"] {
            for convert in [upper_camel, lower_camel, snake] {
                let name = convert(name);
                assert!(name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name != "_", "{name}");
            }
        }
    }

    #[test]
    fn keywords_are_raw_or_marked() {
        assert_eq!(rust_ident("type"), "r#type");
        assert_eq!(rust_ident("self"), "self_");
        assert_eq!(rust_ident("kind"), "kind");
    }

    #[test]
    fn a_scope_never_gives_a_name_twice() {
        let mut scope = Scope::new(&["w"]);
        assert_eq!(scope.claim("w"), "w_");
        assert_eq!(scope.claim("r#type"), "r#type");
        assert_eq!(scope.claim("r#type"), "type_");
        assert!(scope.has("type_"));
    }

    #[test]
    fn strip_takes_whole_segments_and_leaves_one() {
        assert_eq!(segments("restream.session.v1", "restream"), ["session", "v1"]);
        assert_eq!(segments("restream2.v1", "restream"), ["restream2", "v1"]);
        assert_eq!(segments("a.b", "a.b"), ["a", "b"]);
    }
}
