//! Development commands: `cargo xtask demo | test | campaign | bench | generate`.

mod bench;
mod bench_compile;
mod campaign;
mod demo;
mod prepare;
mod run;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  demo [--port N]     sets everything up and serves the tic-tac-toe board (port 8080)
  test [SUITE ..]     sets everything up and runs all suites, or those named
  test --list         names the suites
  campaign [NAME ..]  runs the long searches for bugs: hours
  bench [GROUP ..]    runs the benchmarks and rewrites docs/benchmarks.md and target/bench.json
  generate            compiles every schema of the repository, and writes the grammar for editors
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", [].as_slice()),
    };
    let result = match command {
        "demo" => demo::demo(rest),
        "test" => test::test(rest),
        "campaign" => campaign::campaign(rest),
        "bench" => bench::bench(rest),
        "generate" => prepare::generate(prepare::Ids::WriteBack),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
