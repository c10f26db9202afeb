//! Campaigns against the compiler. `cargo xtask campaign` runs the long forms, `cargo xtask test campaign` the short ones.
//! Each prints its seed and what to run to see a failure again.

mod corpus;
mod cuts;
mod fuzz;
mod typos;

use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    campaign: Campaign,
    /// The same seed makes the same inputs
    #[arg(long, default_value_t = 2026, global = true)]
    seed: u64,
}

#[derive(Subcommand)]
enum Campaign {
    /// Damaged schemas: no panic, no input that takes a second, at most 256 MiB
    Fuzz {
        /// How many inputs
        #[arg(long, default_value_t = 200_000)]
        runs: usize,
    },
    /// Tokens cut out of a file of 1,000 types: what is reported is near the cut, and little else
    Cuts {
        /// How many tokens, drawn at random; 0 for every one
        #[arg(long, default_value_t = 2_000)]
        runs: usize,
    },
    /// Names with one wrong letter: the right one is suggested
    Typos {
        /// How many names
        #[arg(long, default_value_t = 200)]
        runs: usize,
    },
}

fn main() -> ExitCode {
    let Cli { campaign, seed } = Cli::parse();
    let start = Instant::now();
    let (name, result) = match campaign {
        Campaign::Fuzz { runs } => ("fuzz", fuzz::run(seed, runs)),
        Campaign::Cuts { runs } => ("cuts", cuts::run(seed, runs)),
        Campaign::Typos { runs } => ("typos", typos::run(seed, runs)),
    };
    let seconds = start.elapsed().as_secs_f64();
    match result {
        Ok(summary) => {
            println!("{name}: {summary}, seed {seed}, {seconds:.1} s");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{name} FAILED after {seconds:.1} s with seed {seed}: {error:#}");
            ExitCode::FAILURE
        }
    }
}
