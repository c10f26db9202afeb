//! Codec, deltas and stores, seen from outside, with a hand-written copy of what the compiler emits.

mod codec;
mod error_codes;
#[allow(unreachable_pub, dead_code)]
mod sample;
