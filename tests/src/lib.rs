//! What the suites share: finding cases, running the compiler, comparing with the expectation beside a case.

pub mod code;
pub mod grammar;
pub mod tree;

use std::fs;
use std::path::{Path, PathBuf};

/// Root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf()
}

/// The entries of a folder, sorted by name. Empty if there is no such folder.
pub fn entries(dir: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut entries: Vec<PathBuf> = read.map(|e| e.path()).collect();
    entries.sort();
    entries
}

/// The files below a folder with this extension, sorted by path.
pub fn find(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(dir) {
        if path.is_dir() {
            found.extend(find(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found
}

/// What a run of `rssc` gave.
#[derive(Debug)]
pub struct Run {
    /// Its exit code.
    pub code: u8,
    /// What it wrote to standard output.
    pub out: String,
    /// What it wrote to standard error.
    pub err: String,
}

/// Runs `rssc` in this process, without colours.
pub fn run<A: AsRef<str>>(args: impl IntoIterator<Item = A>) -> Run {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = std::iter::once("rssc".into()).chain(args.into_iter().map(|a| a.as_ref().into()));
    let mut terminal = rssc::cli::Terminal { out: &mut out, err: &mut err, colors: false };
    let code = rssc::cli::run(args, &mut terminal);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Run { code, out: text(out), err: text(err) }
}

/// Whether expectations are rewritten: `RSS_BLESS=1`.
pub fn bless() -> bool {
    std::env::var_os("RSS_BLESS").is_some_and(|v| v == "1")
}

/// Compares with the expectation in a file. With `RSS_BLESS=1` the file is rewritten instead.
///
/// # Errors
/// A text that shows the first difference.
pub fn compare(expected: &Path, actual: &str) -> Result<(), String> {
    if bless() {
        return fs::write(expected, actual).map_err(|e| format!("{}: {e}", expected.display()));
    }
    let text =
        fs::read_to_string(expected).map_err(|e| format!("{}: {e}; RSS_BLESS=1 writes it", expected.display()))?;
    if text == actual {
        return Ok(());
    }
    let line = text.lines().zip(actual.lines()).take_while(|(a, b)| a == b).count();
    let show = |text: &str| text.lines().nth(line).unwrap_or("(end)").to_owned();
    Err(format!(
        "{}:{}: expected\n    {}\nbut it is\n    {}\n--- all of it:\n{actual}",
        expected.display(),
        line + 1,
        show(&text),
        show(actual),
    ))
}

/// Fails a suite with all its failures at once.
///
/// # Panics
/// If there are any.
pub fn all_hold(failures: &[String]) {
    assert!(failures.is_empty(), "{} cases fail:\n\n{}", failures.len(), failures.join("\n\n"));
}
