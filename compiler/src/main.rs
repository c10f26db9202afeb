//! The `rssc` command.

fn main() -> std::process::ExitCode {
    rssc::cli::main()
}
