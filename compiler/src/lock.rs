//! `rss.lock`: what has been released. Only `rssc release` changes it.

use crate::diag::{Diagnostic, codes};
use crate::ir::wire::{Descriptor, hex};
use crate::source::{FileId, Span};
use serde::{Deserialize, Serialize};

const HEADER: &str = "# What has been released. Written by `rssc release`: commit it, do not edit it.\n";

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// By name.
    pub entries: Vec<Entry>,
}

/// A released store, service or `serializers` struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `package.Name`.
    pub name: String,
    /// Digests of its releases, newest first.
    pub digests: Vec<[u8; 16]>,
    /// What the last release was on the wire.
    pub descriptor: Descriptor,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    version: u32,
    #[serde(default, rename = "released")]
    entries: Vec<TextEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TextEntry {
    name: String,
    digests: Vec<String>,
    wire: Vec<String>,
}

impl Lock {
    /// The file's text.
    pub fn text(&self) -> String {
        let entries = self.entries.iter().map(|entry| TextEntry {
            name: entry.name.clone(),
            digests: entry.digests.iter().map(|digest| hex(*digest)).collect(),
            wire: entry.descriptor.lines(),
        });
        let text = Text { version: 1, entries: entries.collect() };
        let body = toml::to_string_pretty(&text).expect("names, lists and texts are always TOML");
        format!("{HEADER}{body}")
    }

    /// The entry of this name.
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.name == name)
    }
}

/// Reads the file.
pub fn parse(file: FileId, text: &str) -> Result<Lock, Box<Diagnostic>> {
    let bad = |range: std::ops::Range<usize>, label: String| {
        let (start, end) = (range.start.min(text.len()), range.end.min(text.len()));
        let d = Diagnostic::new(&codes::LOCK_FILE, "rss.lock cannot be read", Span::new(file, start, end), label);
        Box::new(
            d.note("`rssc release` writes this file: take it from version control, or resolve its merge conflict."),
        )
    };
    let parsed: Text = toml::from_str(text).map_err(|e| {
        let message = e.message().lines().next().unwrap_or("not TOML").to_owned();
        bad(e.span().unwrap_or(0..0), message)
    })?;
    if parsed.version != 1 {
        let label = format!("version {} is not known to this compiler", parsed.version);
        return Err(bad(0..0, label));
    }
    let mut entries = Vec::new();
    for entry in parsed.entries {
        let place = text.find(&entry.name).map_or(0..0, |at| at..at + entry.name.len());
        let digests = entry.digests.iter().map(|d| unhex(d)).collect::<Option<Vec<_>>>();
        let descriptor = Descriptor::from_lines(entry.wire.iter().map(String::as_str));
        let descriptor = descriptor.filter(|d| digests.as_ref().is_some_and(|all| all.first() == Some(&d.digest())));
        let (Some(digests), Some(descriptor)) = (digests, descriptor) else {
            return Err(bad(place, "its digests and its description do not belong together".to_owned()));
        };
        entries.push(Entry { name: entry.name, digests, descriptor });
    }
    Ok(Lock { entries })
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    let mut digest = [0; 16];
    if text.len() != 32 || !text.is_ascii() {
        return None;
    }
    for (i, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reads_back_and_edits_are_noticed() {
        let descriptor = Descriptor { unit: None, types: Vec::new() };
        let digests = vec![descriptor.digest(), [7; 16]];
        let lock = Lock { entries: vec![Entry { name: "a.b.C".to_owned(), digests, descriptor }] };
        let text = lock.text();
        assert_eq!(parse(FileId(0), &text).ok(), Some(lock));
        let edited = text.replace(&"07".repeat(16), &"17".repeat(16));
        assert!(parse(FileId(0), &edited).is_ok(), "older digests cannot be checked");
        assert!(parse(FileId(0), &text.replace("null", "nul")).is_err());
        assert!(parse(FileId(0), "<<<<<<< main").is_err());
        assert_eq!(parse(FileId(0), &Lock::default().text()).ok(), Some(Lock::default()));
    }
}
