//! Damaged schemas through the whole compiler.

use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Result, bail, ensure};
use rssc::diag::render::{Format, render};
use rssc::emit::{self, Options};
use rssc::smith::Random;
use rssc::source::FileId;

use crate::corpus;

/// No input may take longer.
const LIMIT: Duration = Duration::from_secs(1);
/// Nor may the process ever hold more.
const MAX_MEMORY_KIB: u64 = 256 << 10;

/// What each run works on, and since when.
static CURRENT: Mutex<BTreeMap<usize, (Instant, String)>> = Mutex::new(BTreeMap::new());

pub(crate) fn run(seed: u64, runs: usize) -> Result<String> {
    let corpus = corpus::schemas()?;
    watch();
    let (n_valid, n_formatted) = (AtomicUsize::new(0), AtomicUsize::new(0));
    corpus::in_parallel(runs, |n| {
        let text = damaged(&mut Random::new(seed.wrapping_add(n as u64)), &corpus);
        remember(n, Some(&text));
        match catch_unwind(|| compile(&text)) {
            Ok(Ok(did)) => {
                n_valid.fetch_add(usize::from(did.is_valid), Ordering::Relaxed);
                n_formatted.fetch_add(usize::from(did.is_formatted), Ordering::Relaxed);
            }
            Ok(Err(error)) => bail!("input {n}: {error:#}\n{text}"),
            Err(_) => bail!("input {n} panics:\n{text}"),
        }
        remember(n, None);
        Ok(())
    })?;
    let (n_valid, n_formatted) = (n_valid.into_inner(), n_formatted.into_inner());
    let peak = peak_memory_kib();
    ensure!(peak < MAX_MEMORY_KIB, "{} MiB were in use at one time", peak >> 10);
    ensure!(
        n_valid * 50 > runs && n_formatted > n_valid,
        "only {n_valid} valid inputs: the damage is too great to show much"
    );
    Ok(format!("{runs} inputs, {n_formatted} parsed, {n_valid} valid, at most {} MiB", peak >> 10))
}

/// Notes what a run works on, or that it is done.
fn remember(run: usize, text: Option<&str>) {
    let Ok(mut current) = CURRENT.lock() else { return };
    match text {
        Some(text) => drop(current.insert(run, (Instant::now(), text.to_owned()))),
        None => drop(current.remove(&run)),
    }
}

struct Did {
    is_valid: bool,
    is_formatted: bool,
}

/// Everything the compiler can be asked about a text.
fn compile(text: &str) -> Result<Did> {
    let (sources, checked) = corpus::analyze(text);
    for format in [Format::Human, Format::Short, Format::Json] {
        render(&sources, &checked.diagnostics, format, false);
    }
    let formatted = rssc::fmt::format(FileId(0), text);
    if let Ok(once) = &formatted {
        let twice = rssc::fmt::format(FileId(0), once);
        ensure!(twice.as_ref().is_ok_and(|twice| twice == once), "formatting twice is not formatting once");
    }
    let Some(schema) = checked.schema else { return Ok(Did { is_valid: false, is_formatted: formatted.is_ok() }) };
    ensure!(checked.diagnostics.is_empty(), "a schema comes with findings");
    let options = |runtime: &str| Options {
        runtime: runtime.into(),
        strip: String::new(),
        version: "0".into(),
        ..Options::default()
    };
    emit::rust::emit(&schema, &options("::restream"));
    emit::ts::emit(&schema, &options("@restream/runtime/wire"));
    Ok(Did { is_valid: true, is_formatted: formatted.is_ok() })
}

/// A schema with up to four pieces cut, doubled, replaced or moved.
fn damaged(random: &mut Random, corpus: &[String]) -> String {
    let mut text = random.pick(corpus).clone();
    // A part of a large schema costs less and can go wrong in the same ways.
    if text.len() > 3_000 {
        let lines: Vec<&str> = text.lines().collect();
        let start = random.below(lines.len());
        let end = (start + random.between(5, 60)).min(lines.len());
        text = format!("edition 2026\npackage a.b\n{}\n", lines[start..end].join("\n"));
    }
    for _ in 0..random.below(5) {
        text = damage(random, &text, corpus);
    }
    text
}

fn damage(random: &mut Random, text: &str, corpus: &[String]) -> String {
    const PIECES: [&str; 24] = [
        "{",
        "}",
        "(",
        ")",
        "<",
        ">",
        "[",
        "]",
        "?",
        ",",
        "\n",
        "\"",
        "/*",
        "//",
        "@",
        " = ",
        ":",
        "\u{202e}",
        "é",
        "\0",
        "9999999999",
        "..",
        "next",
        "-",
    ];
    let tokens = corpus::tokens(text);
    let Some(token) = (!tokens.is_empty()).then(|| *random.pick(&tokens)) else { return PIECES.concat() };
    let (before, it, after) = (&text[..token.start], &text[token.start..token.end], &text[token.end..]);
    match random.below(8) {
        0 => format!("{before}{after}"),
        1 => format!("{before}{it} {it}{after}"),
        2 => format!("{before}{}{after}", random.pick(&PIECES)),
        3 => format!("{before}{it}{}{after}", random.pick(&PIECES)),
        4 => {
            let other = *random.pick(&tokens);
            format!("{before}{}{after}", &text[other.start..other.end])
        }
        5 => {
            let other = random.pick(corpus);
            let others = corpus::tokens(other);
            let Some(piece) = (!others.is_empty()).then(|| *random.pick(&others)) else { return text.to_owned() };
            format!("{before}{}{after}", &other[piece.start..piece.end])
        }
        6 => {
            let other = *random.pick(&tokens);
            let (low, high) = (token.start.min(other.start), token.start.max(other.start));
            format!("{}{}", &text[..low], &text[high..])
        }
        _ => {
            let keep = random.below(it.chars().count().max(1));
            let cut: String = it.chars().enumerate().filter(|(n, _)| *n != keep).map(|(_, c)| c).collect();
            format!("{before}{cut}{after}")
        }
    }
}

/// Ends the process, showing the input, when one takes too long.
fn watch() {
    thread::spawn(|| {
        loop {
            thread::sleep(LIMIT / 4);
            let Ok(current) = CURRENT.lock() else { return };
            if let Some((since, text)) = current.values().find(|(since, _)| since.elapsed() > LIMIT) {
                eprintln!("fuzz FAILED: an input has taken {:?} so far:\n{text}", since.elapsed());
                std::process::exit(1);
            }
        }
    });
}

/// The most memory that this process has held, in KiB; 0 where the system does not tell.
fn peak_memory_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
