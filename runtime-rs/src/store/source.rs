//! Stores and views without their types, as connections use them.

use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use super::wake::{CommitGuard, Wake};
use crate::codec::Level;

/// A store of any state type.
pub trait Source: Send + Sync {
    /// Names the history: versions of different epochs have nothing to do with each other.
    fn epoch(&self) -> Uuid;

    /// The newest version: 0 at first, 1 more for each commit.
    fn version(&self) -> u64;

    /// The view of this level. All who ask while somebody holds it share one; otherwise `number` names the new one.
    fn view(&self, level: Level, number: &dyn Fn() -> Box<dyn ViewNumber>) -> Arc<dyn View>;

    /// Calls `wake` after each commit until the guard is dropped.
    fn on_commit(&self, wake: Wake) -> CommitGuard;
}

/// The number that names a view in frames; dropped with the view, which makes it free.
pub trait ViewNumber: Send + Sync {
    /// The number.
    fn get(&self) -> u32;
}

/// A number that nobody has to get back.
impl ViewNumber for u32 {
    fn get(&self) -> u32 {
        *self
    }
}

/// What readers of one level see of a store or of a projection of it. It is freed when the last of them drops it.
pub trait View: Send + Sync {
    /// The number that its frames carry.
    fn number(&self) -> u32;

    /// The level of its readers.
    fn level(&self) -> Level;

    /// The epoch of the store.
    fn epoch(&self) -> Uuid;

    /// The newest version of the store.
    fn version(&self) -> u64;

    /// Whether a reader that holds `version` of `epoch` can be led on from there.
    fn resume(&self, epoch: Uuid, version: u64) -> Resume;

    /// The next step for a reader that holds version `from`.
    fn next(&self, from: u64) -> Step;

    /// The newest version and its state, a row without what the level may not see; encoded once per version.
    fn snapshot(&self) -> (u64, Bytes);
}

/// What a reader at some version gets next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing: it holds the newest version.
    UpToDate,
    /// A delta.
    Delta {
        /// The version it leads to.
        to: u64,
        /// The bytes, shared by all readers of the view.
        frame: Frame,
    },
    /// Nothing up to `to` changes what the view shows.
    Advance {
        /// The version to go on from.
        to: u64,
    },
    /// A snapshot is needed, or is shorter than the deltas.
    Reset(ResetReason),
}

/// The answer to a reader that was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// [`View::next`] leads on from its version.
    Resumed,
    /// It needs a snapshot.
    Reset(ResetReason),
}

/// Why a reader cannot go on from what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetReason {
    /// Its version is of another history.
    Epoch,
    /// The log does not reach back so far, or a snapshot is shorter.
    Compacted,
}

/// One delta frame: `[view number << 1 | 1][(to - from) << 7 | (from & 127)][delta]`. Source: docs/protocol.md, "Envelope".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    bytes: Bytes,
    n_header_bytes: usize,
}

impl Frame {
    pub(crate) fn new(bytes: Bytes, n_header_bytes: usize) -> Self {
        Self { bytes, n_header_bytes }
    }

    /// The whole frame, header included.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The delta without the header.
    pub fn delta(&self) -> Bytes {
        self.bytes.slice(self.n_header_bytes..)
    }
}
