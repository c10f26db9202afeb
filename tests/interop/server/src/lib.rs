//! A store that changes at random and remembers every version, so that replicas in both languages can be compared with it.

pub mod edits;
/// The types of schemas/interop.
pub mod generated;
pub mod world;
