//! A store that changes at random and remembers every version, so that replicas in both languages can be compared with
//! it, and a store in two generations.

pub mod edits;
/// The types of schemas/interop.
pub mod generated;
/// The types of schemas/skew/new.
pub mod generated_new;
/// The types of schemas/skew/old.
pub mod generated_old;
pub mod rules;
pub mod skew;
pub mod streams;
pub mod world;
