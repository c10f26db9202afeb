//! What a cursor reads.

use bytes::Bytes;
use uuid::Uuid;

use crate::Level;

/// One view of one store instance: what everybody of one level sees of it, encoded once for all of them.
pub trait Feed: Send + Sync {
    /// The number that delta frames name.
    fn view(&self) -> u32;
    /// The level that the view is made for.
    fn level(&self) -> Level;
    /// The epoch of the instance.
    fn epoch(&self) -> Uuid;
    /// The newest version of the instance.
    fn version(&self) -> u64;
    /// One step from exactly `from`.
    fn follow(&self, from: u64) -> Step;
    /// The newest version and its state, a row.
    fn snapshot(&self) -> (u64, Bytes);
}

/// What a reader at some version gets next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing: it holds the newest version.
    Current,
    /// A delta to version `to`.
    Delta {
        /// The version it leads to.
        to: u64,
        /// The encoded delta.
        body: Bytes,
    },
    /// Versions up to `to` change nothing that the view shows.
    Advance {
        /// The version it leads to.
        to: u64,
    },
    /// The log does not hold this gap (any more): only a snapshot helps.
    Behind,
}
