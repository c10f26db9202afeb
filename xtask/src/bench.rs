//! `cargo xtask bench`: runs the benchmarks in several passes and writes docs/benchmarks.md and target/bench.json.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::bench_compile;
use crate::run::{cargo, output, root};

/// Each pass measures everybody once, so slow minutes of the machine hit all of them; the minimum over the passes counts.
const PASSES: usize = 3;

/// The peers, in the order of the report.
const PEERS: [&str; 3] = ["prost", "bitcode", "serde_json"];

/// What is aimed at: ours divided by the peer's, at most.
struct Bar {
    measure: &'static str,
    peer: &'static str,
    at_most: f64,
}

const BARS: &[Bar] = &[
    Bar { measure: "codec-a-encode", peer: "prost", at_most: 0.65 },
    Bar { measure: "codec-b-encode", peer: "prost", at_most: 0.25 },
    Bar { measure: "codec-c-encode", peer: "prost", at_most: 0.40 },
    Bar { measure: "codec-a-decode", peer: "prost", at_most: 0.45 },
    Bar { measure: "codec-b-decode", peer: "prost", at_most: 0.45 },
    Bar { measure: "codec-c-decode", peer: "prost", at_most: 0.60 },
    Bar { measure: "codec-a-bytes", peer: "prost", at_most: 0.90 },
    Bar { measure: "codec-b-bytes", peer: "prost", at_most: 0.70 },
    Bar { measure: "codec-c-bytes", peer: "prost", at_most: 0.90 },
    Bar { measure: "codec-c-zstd-bytes", peer: "prost", at_most: 0.78 },
];

/// One measured thing: a value per implementation.
struct Measure {
    name: String,
    unit: &'static str,
    values: BTreeMap<String, f64>,
    /// Largest minimum of a pass divided by the smallest, of our own measurement.
    spread: f64,
}

/// A group of benchmarks: its name and its run, which rewrites its own part of the report.
type Group = (&'static str, fn() -> Result<()>);

const GROUPS: &[Group] = &[("codec", codec), ("compile", compile)];

/// Runs the groups that are named, or all.
pub(crate) fn bench(arguments: &[String]) -> Result<()> {
    if let Some(unknown) = arguments.iter().find(|name| GROUPS.iter().all(|(known, _)| known != name)) {
        let known: Vec<&str> = GROUPS.iter().map(|(name, _)| *name).collect();
        bail!("there is no benchmark group `{unknown}`; there are: {}", known.join(", "));
    }
    let chosen = GROUPS.iter().filter(|(name, _)| arguments.is_empty() || arguments.iter().any(|a| a == name));
    chosen.into_iter().try_for_each(|(_, run)| run())
}

/// Where the part of the report about the compiler begins.
const COMPILE_HEADING: &str = "## Compiling schemas";

fn compile() -> Result<()> {
    let path = root().join("docs/benchmarks.md");
    let section = bench_compile::section()?;
    let report = fs::read_to_string(&path).context("cannot read docs/benchmarks.md")?;
    let before = report.split(COMPILE_HEADING).next().unwrap_or_default();
    fs::write(path, format!("{before}{section}"))?;
    println!("wrote docs/benchmarks.md");
    Ok(())
}

fn codec() -> Result<()> {
    let path = root().join("docs/benchmarks.md");
    let report = fs::read_to_string(&path).context("cannot read docs/benchmarks.md")?;
    let others = report.find(COMPILE_HEADING).map_or("", |at| &report[at..]);
    let mut passes = Vec::new();
    for pass in 1..=PASSES {
        println!("== pass {pass} of {PASSES}");
        cargo(&["bench", "--quiet", "--package", "restream-benches", "--bench", "codec"])?;
        passes.push(times()?);
    }
    let mut measures = minima(&passes);
    measures.extend(bytes()?);
    let report: Vec<Value> = measures.iter().map(entry).collect();
    fs::write(root().join("target/bench.json"), format!("{}\n", serde_json::to_string_pretty(&report)?))?;
    fs::write(path, format!("{}\n{others}", markdown(&measures)))?;
    println!("wrote docs/benchmarks.md and target/bench.json");
    Ok(())
}

/// Nanoseconds per iteration of every benchmark of the last pass: the fastest sample.
fn times() -> Result<BTreeMap<(String, String), f64>> {
    let mut times = BTreeMap::new();
    for bar in BARS.iter().filter(|bar| !bar.measure.ends_with("-bytes")) {
        for implementation in ["restream"].iter().chain(&PEERS) {
            let path = root().join("target/criterion").join(bar.measure).join(implementation).join("new/sample.json");
            let text = fs::read_to_string(&path).with_context(|| format!("criterion left no {}", path.display()))?;
            let sample: Value = serde_json::from_str(&text)?;
            let column = |name: &str| sample[name].as_array().cloned().unwrap_or_default();
            let fastest = std::iter::zip(column("times"), column("iters"))
                .filter_map(|(time, iterations)| Some(time.as_f64()? / iterations.as_f64()?))
                .fold(f64::INFINITY, f64::min);
            times.insert((bar.measure.to_owned(), (*implementation).to_owned()), fastest);
        }
    }
    Ok(times)
}

fn minima(passes: &[BTreeMap<(String, String), f64>]) -> Vec<Measure> {
    let names = BARS.iter().map(|bar| bar.measure).filter(|name| !name.ends_with("-bytes"));
    names
        .map(|name| {
            let all =
                |who: &str| passes.iter().map(|pass| pass[&(name.to_owned(), who.to_owned())]).collect::<Vec<_>>();
            let least = |who: &str| all(who).into_iter().fold(f64::INFINITY, f64::min);
            let values = ["restream"].iter().chain(&PEERS).map(|who| ((*who).to_owned(), least(who))).collect();
            let spread = all("restream").into_iter().fold(0.0, f64::max) / least("restream");
            Measure { name: name.to_owned(), unit: "ns", values, spread }
        })
        .collect()
}

fn bytes() -> Result<Vec<Measure>> {
    let text =
        fs::read_to_string(root().join("target/bench-bytes.json")).context("the codec benchmark left no sizes")?;
    let sizes: BTreeMap<String, BTreeMap<String, f64>> = serde_json::from_str(&text)?;
    Ok(sizes
        .into_iter()
        .map(|(shape, values)| Measure { name: format!("codec-{shape}-bytes"), unit: "bytes", values, spread: 1.0 })
        .collect())
}

/// The bar of a measure with our ratio to its peer.
fn bar(measure: &Measure) -> Option<(&'static Bar, f64)> {
    let bar = BARS.iter().find(|bar| bar.measure == measure.name)?;
    Some((bar, measure.values["restream"] / measure.values[bar.peer]))
}

fn entry(measure: &Measure) -> Value {
    let peers: serde_json::Map<String, Value> =
        PEERS.iter().map(|peer| ((*peer).to_owned(), json!(measure.values[*peer]))).collect();
    let mut entry =
        json!({ "name": measure.name, "unit": measure.unit, "ours": measure.values["restream"], "peers": peers });
    if let Some((bar, ratio)) = bar(measure) {
        entry["ratio"] = json!(ratio);
        entry["target"] = json!(format!("{} of {}", bar.at_most, bar.peer));
        entry["holds"] = json!(ratio <= bar.at_most);
    }
    entry
}

fn markdown(measures: &[Measure]) -> String {
    let mut text = String::from(
        "# Benchmarks\n\n\
         Written by `cargo xtask bench`; do not edit. Times are minima over three interleaved passes of criterion, each pass measuring\n\
         everybody in one run. Lower is better; \"ratio\" is ours divided by the peer's that the target names. The shapes are declared in\n\
         `schemas/benches/shapes.rss`: (a) a flat sample, (b) a game with 200 players, (c) 10,000 log records. Buffers are used\n\
         again by everybody; `zstd` is the size behind level 3. bitcode has no evolution: both sides must have the same types.\n\n",
    );
    let commit = output("git", &["rev-parse", "--short", "HEAD"]).unwrap_or_else(|| "unknown".into());
    let rustc = output("rustc", &["--version"]).unwrap_or_else(|| "unknown rustc".into());
    _ = writeln!(text, "Machine: {}, {rustc}. Commit: {commit}.\n", machine());
    let (names, rules) = (PEERS.join(" | "), "--:|".repeat(PEERS.len()));
    _ = writeln!(text, "| measure | unit | restream | {names} | spread | ratio | target | holds |");
    _ = writeln!(text, "|---|---|--:|{rules}--:|--:|---|---|");
    for measure in measures {
        let value = |who: &str| number(measure.values[who]);
        let values: Vec<String> = ["restream"].iter().chain(&PEERS).map(|who| value(who)).collect();
        _ = write!(text, "| {} | {} | {} | {:.2} |", measure.name, measure.unit, values.join(" | "), measure.spread);
        _ = match bar(measure) {
            Some((bar, ratio)) => {
                let holds = if ratio <= bar.at_most { "yes" } else { "no" };
                writeln!(text, " {ratio:.2} | {:.2} of {} | {holds} |", bar.at_most, bar.peer)
            }
            None => writeln!(text, " | | |"),
        };
    }
    text
}

fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown CPU", |(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    format!("{model}, {cores} cores")
}

/// Three significant digits are all that the machine gives.
fn number(value: f64) -> String {
    if value < 1000.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}
