//! What the benchmarks share: the measured shapes in our types and in those of the peers, filled with the same data.

pub mod data;
/// The shapes in our types.
pub mod generated;
pub mod peer;
