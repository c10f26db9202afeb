//! The commands. All input and output of the compiler happens here.

mod build;
mod compile;
mod diff;
mod explain;
mod fix;
mod fmt;
mod ids;
mod lints;
mod load;
mod output;
mod owner;
mod release;
mod report;
mod smith;
mod write;

use crate::diag::render::Format;
use crate::textmate;
pub use build::{Build, Built};
use clap::{Args, Parser, Subcommand, ValueEnum};
pub use report::Terminal;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compiles ReStream schemas to Rust and TypeScript.
#[derive(Parser)]
#[command(name = "rssc", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check schemas and write Rust and TypeScript
    Compile(CompileArgs),
    /// Check schemas only
    Check(CheckArgs),
    /// Record the current schemas in rss.lock, so that programs made from them stay readable
    Release(ReleaseArgs),
    /// List ids that are missing, or write them into the schemas
    Ids(IdsArgs),
    /// Apply the fixes that findings carry
    Fix(FixArgs),
    /// Format schemas
    Fmt(FmtArgs),
    /// Print the TextMate grammar that editors colour schemas with
    #[command(hide = true)]
    Grammar,
    /// Write random valid schemas: material for tests of the compiler and of tools that read schemas
    Smith(SmithArgs),
    /// Explain an error code or a lint rule, or list all of them
    Explain {
        /// A code, e.g. RSS0301, or a rule, e.g. unused_import
        code: Option<String>,
    },
}

#[derive(Args)]
struct Inputs {
    /// Folders or files; every folder with an rss.toml in them is a project
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How findings are written (json: one object a line, on standard output)
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    message_format: MessageFormat,
}

#[derive(Args)]
struct CheckArgs {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    lints: lints::Lints,
}

#[derive(Args)]
struct CompileArgs {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    lints: lints::Lints,
    /// Write Rust, to this folder instead of the one in rss.toml
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true)]
    rust: Option<Option<PathBuf>>,
    /// Write TypeScript, to this folder instead of the one in rss.toml
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true)]
    ts: Option<Option<PathBuf>>,
    /// Never change a schema or rss.lock: fail if ids are missing
    #[arg(long)]
    locked: bool,
    /// Write nothing: fail if an output is not what would be written
    #[arg(long)]
    check: bool,
}

#[derive(Args)]
struct ReleaseArgs {
    #[command(flatten)]
    inputs: Inputs,
    /// Start this store, service or struct over: programs of its old releases are refused
    #[arg(long = "break", value_name = "NAME")]
    broken: Vec<String>,
}

#[derive(Args)]
struct IdsArgs {
    #[command(flatten)]
    inputs: Inputs,
    /// Write them into the files
    #[arg(long)]
    write: bool,
}

#[derive(Args)]
struct FixArgs {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    lints: lints::Lints,
    /// Apply fixes that are guesses or change meaning, too
    #[arg(long)]
    unsafe_fixes: bool,
    /// Write nothing: show what would change, and fail if something would
    #[arg(long)]
    diff: bool,
}

#[derive(Args)]
struct SmithArgs {
    /// The folder to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The same seed gives the same schemas
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many packages; each depends on its number and the seed only
    #[arg(long, default_value_t = 10, value_name = "N")]
    packages: usize,
}

#[derive(Args)]
struct FmtArgs {
    /// Files and folders; `-` formats standard input to standard output
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write nothing: fail if a file is not formatted
    #[arg(long)]
    check: bool,
    /// Write nothing: fail if a file is not formatted, and show what would change
    #[arg(long)]
    diff: bool,
    /// Format only what these lines of one file touch
    #[arg(long, value_name = "START:END")]
    range: Option<fmt::Lines>,
    /// How findings are written (json: one object a line, on standard output)
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    message_format: MessageFormat,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum MessageFormat {
    #[default]
    Human,
    Short,
    Json,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nothing to complain about.
    Fine,
    /// The schemas have errors.
    Findings,
    /// Wrong usage, or something is not up to date.
    Stale,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let colors = report::wants_colors();
    ExitCode::from(run(std::env::args_os(), &mut Terminal { out: &mut io::stdout(), err: &mut io::stderr(), colors }))
}

/// Runs a command line, whose first argument is the name of the program, and gives its exit code:
/// 0 fine, 1 the schemas have errors, 2 wrong usage or something is not up to date.
pub fn run(args: impl IntoIterator<Item = OsString>, terminal: &mut Terminal<'_>) -> u8 {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let text = if terminal.colors { error.render().ansi().to_string() } else { error.render().to_string() };
            match error.use_stderr() {
                true => terminal.say(text.trim_end()),
                false => terminal.print(&text),
            }
            return if error.use_stderr() { 2 } else { 0 };
        }
    };
    let result = match cli.command {
        Command::Compile(args) => compile::run(&args, terminal),
        Command::Check(args) => compile::check(&args, terminal),
        Command::Release(args) => release::run(&args, terminal),
        Command::Ids(args) => ids::run(&args, terminal),
        Command::Fix(args) => fix::run(&args, terminal),
        Command::Fmt(args) => fmt::run(&args, terminal),
        Command::Grammar => {
            terminal.print(&textmate::grammar());
            Ok(Outcome::Fine)
        }
        Command::Smith(args) => smith::run(&args, terminal),
        Command::Explain { code } => explain::run(code.as_deref(), terminal),
    };
    match result {
        Ok(Outcome::Fine) => 0,
        Ok(Outcome::Findings) => 1,
        Ok(Outcome::Stale) => 2,
        Err(error) => {
            terminal.say(&format!("error: {error:#}"));
            2
        }
    }
}

impl Inputs {
    fn format(&self) -> Format {
        self.message_format.into()
    }
}

impl From<MessageFormat> for Format {
    fn from(format: MessageFormat) -> Self {
        match format {
            MessageFormat::Human => Format::Human,
            MessageFormat::Short => Format::Short,
            MessageFormat::Json => Format::Json,
        }
    }
}
