//! `cargo xtask test`: every suite of the repository, each with its seconds.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::prepare;
use crate::run::{cargo, check, command, run};

struct Suite {
    name: &'static str,
    run: fn() -> Result<()>,
}

/// In order: what is quick and catches most comes first; what others need comes before them.
const SUITES: &[Suite] = &[
    Suite { name: "npm", run: prepare::npm },
    Suite { name: "rustfmt", run: || cargo(&["fmt", "--all", "--check"]) },
    Suite { name: "biome", run: || run("npm", &["run", "--silent", "lint"]) },
    Suite { name: "generated", run: prepare::generated_is_fresh },
    Suite { name: "clippy", run: clippy },
    Suite { name: "build-ts", run: prepare::pages },
    Suite { name: "tsc", run: || run("npm", &["run", "--silent", "check"]) },
    Suite { name: "rust", run: || cargo(&["test", "--quiet"]) },
    Suite { name: "runtime-ts", run: || run("npm", &["run", "--silent", "test", "--workspace", "runtime-ts"]) },
    Suite { name: "editor", run: || run("npm", &["run", "--silent", "test", "--workspace", "restream-vscode"]) },
    Suite { name: "interop", run: interop },
    Suite { name: "browser", run: browser },
];

pub(crate) fn test(arguments: &[String]) -> Result<()> {
    if arguments.iter().any(|argument| argument == "--list") {
        SUITES.iter().for_each(|suite| println!("{}", suite.name));
        return Ok(());
    }
    if let Some(unknown) = arguments.iter().find(|name| SUITES.iter().all(|suite| suite.name != **name)) {
        bail!("there is no suite `{unknown}`; `cargo xtask test --list` names them");
    }
    let chosen = SUITES.iter().filter(|suite| arguments.is_empty() || arguments.iter().any(|name| name == suite.name));
    let mut results = Vec::new();
    for suite in chosen {
        println!("\n== {}", suite.name);
        let start = Instant::now();
        let result = (suite.run)();
        let seconds = start.elapsed().as_secs_f64();
        if let Err(error) = &result {
            eprintln!("error: {error:#}");
        }
        println!("== {}: {} in {seconds:.1} s", suite.name, if result.is_ok() { "ok" } else { "FAILED" });
        results.push((suite.name, result.is_ok(), seconds));
    }
    report(&results)
}

fn report(results: &[(&str, bool, f64)]) -> Result<()> {
    println!("\nsuite         seconds");
    for (name, ok, seconds) in results {
        println!("{name:<12} {seconds:>8.1}{}", if *ok { "" } else { "  FAILED" });
    }
    let failed = results.iter().filter(|(_, ok, _)| !ok).count();
    println!("suites: {} passed, {failed} failed", results.len() - failed);
    if failed > 0 {
        bail!("{failed} of {} suites failed", results.len());
    }
    Ok(())
}

fn clippy() -> Result<()> {
    cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"])
}

/// TypeScript clients against Rust servers over real sockets.
fn interop() -> Result<()> {
    cargo(&["build", "--quiet", "--package", "interop"])?;
    run("npm", &["run", "--silent", "test", "--workspace", "tests-interop"])
}

/// Two pages in a real Chromium against the real server.
fn browser() -> Result<()> {
    let chromium = prepare::chromium()?;
    cargo(&["build", "--quiet", "--package", "tictactoe-server"])?;
    let mut test = command("npm", &["run", "--silent", "test", "--workspace", "tests-browser"]);
    check(test.env("CHROMIUM", chromium))
}
