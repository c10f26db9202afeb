//! Texts to start from, and what is asked of the compiler about each.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use rssc::check::Checked;
use rssc::smith::{self, Random};
use rssc::source::SourceMap;

/// The tokens of a schema: a campaign only has to tell where one may begin and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Name,
    Number,
    String,
    Comment,
    Sign,
}

/// A token and its place in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Every schema of the repository that is read without a project around it, and some random ones.
pub(crate) fn schemas() -> Result<Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in ["schemas", "tests/golden", "tests/ui", "tests/fmt", "tests/fix"] {
        collect(&root.join(folder), &mut files)?;
    }
    files.sort();
    let mut texts = Vec::new();
    for file in files {
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        // Huge cases test limits; damaging them shows nothing that small ones do not.
        if bytes.len() < 20_000 {
            texts.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    ensure!(texts.len() > 50, "the schemas of the repository were not found");
    texts.extend(smith::project(1, 30).into_values());
    Ok(texts)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rss") {
            files.push(path);
        }
    }
    Ok(())
}

/// Analyses one text as a project of its own.
pub(crate) fn analyze(text: &str) -> (SourceMap, Checked) {
    let mut sources = SourceMap::new();
    sources.add("input.rss", text);
    let checked = rssc::analyze(&sources);
    (sources, checked)
}

/// The tokens of a text that need not be a schema.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let rest = &text[start..];
        let length_while = |test: fn(char) -> bool| rest.find(|c| !test(c)).unwrap_or(rest.len());
        let (kind, length) = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => (Kind::Name, length_while(|c| c.is_ascii_alphanumeric() || c == '_')),
            b'0'..=b'9' => (Kind::Number, length_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))),
            b'"' => (Kind::String, string_length(rest)),
            b'/' if rest.starts_with("//") => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
            b'/' if rest.starts_with("/*") => (Kind::Comment, rest.find("*/").map_or(rest.len(), |end| end + 2)),
            _ => (Kind::Sign, rest.chars().next().map_or(1, char::len_utf8)),
        };
        at = start + length;
        tokens.push(Token { kind, start, end: at });
    }
    tokens
}

fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\n' => return at,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    rest.len()
}

/// A file of `n` types with 12 fields each, of every kind that structs have.
pub(crate) fn large(n: usize) -> String {
    let mut text =
        String::from("//! Many types.\nedition 2026\npackage large.v1\n\nopen enum Mark: u8 { 0 Empty, 1 X, 2 O }\n\n");
    for i in 0..n {
        let other = i / 2;
        text += &format!(
            "/// Type {i}.\npartials struct Type{i} {{\n    next 13\n    1 first: u32\n    2 name: string = \"x\"\n    3 mark: Mark = X\n    \
             4 items: list<Type{other}>\n    5 byName: map<string, u64>\n    6 note: string?\n    7 at: timestamp\n    8 price: decimal(10, 2)\n    \
             9 id: uuid\n    10 data: bytes\n    11 ratio: f64 = 0.5\n    12 isOpen: bool\n}}\n\n"
        );
    }
    text
}

/// Does `work` for every number below `n`, on all cores, until one fails.
pub(crate) fn in_parallel(n: usize, work: impl Fn(usize) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    let worker = || {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            if i >= n {
                return Ok(());
            }
            // The others see that there is nothing left to do.
            work(i).inspect_err(|_| next.store(n, Ordering::Relaxed))?;
        }
    };
    let n_workers = thread::available_parallelism().map_or(1, |n| n.get());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..n_workers).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| bail!("a worker panics")))
    })
}

/// `n` of `items` in random order, or all of them.
pub(crate) fn draw<T: Copy>(random: &mut Random, items: &[T], n: usize) -> Vec<T> {
    match n {
        0 => items.to_vec(),
        n => (0..n).map(|_| *random.pick(items)).collect(),
    }
}
