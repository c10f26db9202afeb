//! Codec, deltas and stores, seen from outside, with a hand-written copy of what the compiler emits.

// The exception for tests does not reach their helper functions.
#![allow(clippy::unwrap_used)]

#[allow(unreachable_pub, dead_code)]
mod edits;
#[allow(unreachable_pub, dead_code, unused_imports)]
mod sample;

mod codec;
mod delta;
mod error_codes;
mod store;

/// So many random cases; failures are printed, not kept in files.
fn cases(n: u32) -> proptest::test_runner::Config {
    proptest::test_runner::Config { failure_persistence: None, ..proptest::test_runner::Config::with_cases(n) }
}
