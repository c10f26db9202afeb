//! `cargo xtask test`: every suite of the repository, each with its seconds.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::campaign;
use crate::prepare;
use crate::run::{cargo, check, command, run};

struct Suite {
    name: &'static str,
    /// Suites that prepare what this one uses; they run before it also when only this one is named.
    needs: &'static [&'static str],
    run: fn() -> Result<()>,
}

const NPM: &[&str] = &["npm"];
const PAGES: &[&str] = &["npm", "build-ts"];

/// In order: what is quick and catches most comes first; what others need comes before them.
const SUITES: &[Suite] = &[
    Suite { name: "npm", needs: &[], run: prepare::npm },
    Suite { name: "rustfmt", needs: &[], run: || cargo(&["fmt", "--all", "--check"]) },
    Suite { name: "biome", needs: NPM, run: || run("npm", &["run", "--silent", "lint"]) },
    Suite { name: "generated", needs: &[], run: prepare::generated_is_fresh },
    Suite { name: "clippy", needs: &[], run: clippy },
    Suite { name: "build-ts", needs: NPM, run: prepare::pages },
    Suite { name: "tsc", needs: PAGES, run: || run("npm", &["run", "--silent", "check"]) },
    Suite { name: "rust", needs: NPM, run: rust },
    Suite {
        name: "runtime-ts",
        needs: NPM,
        run: || run("npm", &["run", "--silent", "test", "--workspace", "runtime-ts"]),
    },
    Suite {
        name: "editor",
        needs: NPM,
        run: || run("npm", &["run", "--silent", "test", "--workspace", "restream-vscode"]),
    },
    Suite { name: "campaign", needs: &[], run: campaign::compiler },
    Suite { name: "smith", needs: NPM, run: || campaign::smith(campaign::Form::Short) },
    Suite { name: "interop", needs: PAGES, run: interop },
    Suite { name: "browser", needs: PAGES, run: browser },
];

pub(crate) fn test(arguments: &[String]) -> Result<()> {
    if arguments.iter().any(|argument| argument == "--list") {
        SUITES.iter().for_each(|suite| println!("{}", suite.name));
        return Ok(());
    }
    if let Some(unknown) = arguments.iter().find(|name| SUITES.iter().all(|suite| suite.name != **name)) {
        bail!("there is no suite `{unknown}`; `cargo xtask test --list` names them");
    }
    let mut results = Vec::new();
    for suite in chosen(arguments) {
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

/// The suites named and what they need; all if none is named.
fn chosen(names: &[String]) -> Vec<&'static Suite> {
    let named = |name: &str| names.is_empty() || names.iter().any(|n| n == name);
    let needed = |name: &str| SUITES.iter().any(|suite| named(suite.name) && suite.needs.contains(&name));
    SUITES.iter().filter(|suite| named(suite.name) || needed(suite.name)).collect()
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

/// All Rust tests. Property tests draw from a fixed seed, so that a run can be repeated; plain `cargo test` draws anew.
fn rust() -> Result<()> {
    let mut test =
        command(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), &["test", "--quiet", "--no-fail-fast"]);
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        test.env("PROPTEST_RNG_SEED", "2026");
    }
    check(&mut test)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn names(arguments: &[&str]) -> Vec<&'static str> {
        let arguments: Vec<String> = arguments.iter().map(|&name| name.to_owned()).collect();
        chosen(&arguments).iter().map(|suite| suite.name).collect()
    }

    #[test]
    fn a_suite_brings_what_it_needs_and_in_order() {
        assert_eq!(names(&["browser"]), ["npm", "build-ts", "browser"]);
        assert_eq!(names(&["tsc", "rustfmt"]), ["npm", "rustfmt", "build-ts", "tsc"]);
        assert_eq!(names(&[]).len(), SUITES.len());
        for (n, suite) in SUITES.iter().enumerate() {
            assert!(suite.needs.iter().all(|need| SUITES[..n].iter().any(|s| s.name == *need)), "{}", suite.name);
        }
    }
}
