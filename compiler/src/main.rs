//! The `rssc` command.
fn main() {}
