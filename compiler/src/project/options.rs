//! The table of what `rss.toml` can say.

use std::fmt::Write;

/// One key of a section.
pub struct Key {
    /// The section, without brackets.
    pub section: &'static str,
    /// The key.
    pub name: &'static str,
    /// What may stand there; words in quotes are all that may.
    pub values: &'static str,
    /// What holds if it is left out.
    pub default: &'static str,
    /// What it decides.
    pub about: &'static str,
}

const fn key(
    section: &'static str,
    name: &'static str,
    values: &'static str,
    default: &'static str,
    about: &'static str,
) -> Key {
    Key { section, name, values, default, about }
}

/// Words of [`Key::values`].
pub const INT64: [&str; 2] = ["bigint", "number"];
/// Words of [`Key::values`].
pub const TIMESTAMP: [&str; 2] = ["date", "number"];

/// All keys, section by section.
pub const KEYS: &[Key] = &[
    key("inputs", "roots", "folders", "`[\".\"]`", "where `.rss` files are, relative to this file"),
    key("rust", "out", "a folder", "`generated/rust`", "where the module tree is written, relative to this file"),
    key("rust", "runtime", "a path", "`::restream`", "how generated code names the runtime crate"),
    key("rust", "strip", "package segments", "none", "what module paths leave out in front, e.g. `game`"),
    key("ts", "out", "a folder", "`generated/ts`", "where the modules are written, relative to this file"),
    key("ts", "runtime", "a module", "`@restream/runtime/wire`", "what generated modules import"),
    key("ts", "strip", "package segments", "none", "what paths of modules leave out in front"),
    key("ts", "int64", "`\"bigint\"`, `\"number\"`", "`\"bigint\"`", "what holds `u64` and `i64`"),
    key(
        "ts",
        "timestamp",
        "`\"date\"`, `\"number\"`",
        "`\"date\"`",
        "what holds a `timestamp`; a number of milliseconds",
    ),
];

/// The names of a section's keys.
pub fn names(section: &str) -> Vec<&'static str> {
    KEYS.iter().filter(|key| key.section == section).map(|key| key.name).collect()
}

/// The keys as the language page shows them.
pub fn table() -> String {
    let mut text = "| section | key | value | default | what it decides |\n|---|---|---|---|---|\n".to_owned();
    for Key { section, name, values, default, about } in KEYS {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "| `[{section}]` | `{name}` | {values} | {default} | {about} |");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_the_words() {
        for (name, words) in [("int64", INT64), ("timestamp", TIMESTAMP)] {
            let key = KEYS.iter().find(|key| key.name == name).expect("in the table");
            assert_eq!(key.values, words.map(|word| format!("`\"{word}\"`")).join(", "));
            assert_eq!(key.default, format!("`\"{}\"`", words[0]));
        }
    }
}
