//! What the readers of one level see of a store or of a projection of it, encoded on first use and shared.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use uuid::Uuid;

use super::instance::Shared;
use super::source::{Frame, ResetReason, Resume, Step, View, ViewNumber};
use crate::codec::{Level, Row, Writer, encode_at};
use crate::delta::{Partial, Project};

/// What a reset costs beside the bytes of the state: frames around it, and an application that must look at everything again.
const RESET_OVERHEAD_BYTES: u64 = 1_024;

/// What a view encodes of a state and of its changes.
pub(super) struct Lens<S: Partial + Row> {
    state: fn(&S, Level) -> Bytes,
    patch: fn(&S::Patch, &mut Writer) -> bool,
}

impl<S: Partial + Row> Lens<S> {
    /// Everything.
    pub(super) fn whole() -> Self {
        Self { state: encode_at::<S>, patch: S::encode_patch }
    }

    /// A projection.
    pub(super) fn onto<P: Project<S> + Row>() -> Self {
        Self {
            state: |state, level| encode_at(&P::project(state), level),
            patch: |patch, w| P::encode_patch(&P::project_patch(patch), w),
        }
    }
}

pub(super) struct ViewOf<S: Partial + Row> {
    store: Arc<Shared<S>>,
    lens: Lens<S>,
    level: Level,
    number: Box<dyn ViewNumber>,
    /// What the delta to each version came to; `None` if the level sees nothing of it.
    frames: Mutex<BTreeMap<u64, Option<Frame>>>,
    /// The newest snapshot that anybody asked for.
    snapshot: Mutex<Option<(u64, Bytes)>>,
}

impl<S: Partial + Row> ViewOf<S> {
    pub(super) fn new(store: Arc<Shared<S>>, lens: Lens<S>, level: Level, number: Box<dyn ViewNumber>) -> Self {
        Self { store, lens, level, number, frames: Mutex::default(), snapshot: Mutex::default() }
    }

    /// Whether the log leads on from `from`, and whether that is worth it.
    fn can_follow(&self, from: u64) -> bool {
        let (head, bytes) = self.store.gap_from(from);
        match bytes {
            None => false,
            // A single step is what the reader would get if it were never behind.
            Some(_) if head - from <= 1 => true,
            Some(at_most) => !self.is_longer_than_snapshot(from, head, at_most),
        }
    }

    /// Whether the deltas from `from` to `head`, which take `at_most` bytes, take more than a snapshot.
    fn is_longer_than_snapshot(&self, from: u64, head: u64, at_most: u64) -> bool {
        let worth = |snapshot: &Bytes| snapshot.len() as u64 + RESET_OVERHEAD_BYTES;
        // The size that is known may be that of an older version, which is good enough to go on, not to reset.
        let known = lock(&self.snapshot).as_ref().map_or(RESET_OVERHEAD_BYTES, |(_, bytes)| worth(bytes));
        if at_most <= known {
            return false;
        }
        let exact: u64 = (from..head)
            .map_while(|from| self.frame_from(from))
            .flatten()
            .map(|frame| frame.bytes().len() as u64)
            .sum();
        exact > known && exact > worth(&self.snapshot().1)
    }

    /// The frame of the delta from version `from`; `None` if the log has dropped it, `Some(None)` if it shows nothing here.
    fn frame_from(&self, from: u64) -> Option<Option<Frame>> {
        let (patch, tail) = self.store.delta_from(from)?;
        let mut frames = lock(&self.frames);
        if frames.first_key_value().is_some_and(|(oldest, _)| *oldest <= tail) {
            *frames = frames.split_off(&(tail + 1));
        }
        let frame = frames.entry(from + 1).or_insert_with(|| self.encode(from, &patch));
        Some(frame.clone())
    }

    fn encode(&self, from: u64, patch: &S::Patch) -> Option<Frame> {
        let mut w = Writer::with_level(self.level);
        w.varint(u64::from(self.number.get()) << 1 | 1);
        w.varint(1 << CHECK_BITS | from & ((1 << CHECK_BITS) - 1));
        let n_header_bytes = w.len();
        (self.lens.patch)(patch, &mut w).then(|| Frame::new(w.into_bytes(), n_header_bytes))
    }
}

/// How many low bits of its version a delta frame carries as a check. Source: docs/protocol.md, "Envelope".
const CHECK_BITS: u32 = 7;

impl<S: Partial + Row> View for ViewOf<S> {
    fn number(&self) -> u32 {
        self.number.get()
    }

    fn level(&self) -> Level {
        self.level
    }

    fn epoch(&self) -> Uuid {
        self.store.epoch
    }

    fn version(&self) -> u64 {
        self.store.version()
    }

    fn resume(&self, epoch: Uuid, version: u64) -> Resume {
        if epoch != self.store.epoch {
            Resume::Reset(ResetReason::Epoch)
        } else if self.can_follow(version) {
            Resume::Resumed
        } else {
            Resume::Reset(ResetReason::Compacted)
        }
    }

    fn next(&self, from: u64) -> Step {
        if from == self.version() {
            return Step::UpToDate;
        }
        if !self.can_follow(from) {
            return Step::Reset(ResetReason::Compacted);
        }
        let mut to = from;
        // Ends at the newest version, or where the log was cut meanwhile: the next call then says so.
        while let Some(frame) = self.frame_from(to) {
            match frame {
                Some(frame) if to == from => return Step::Delta { to: to + 1, frame },
                Some(_) => break,
                None => to += 1,
            }
        }
        if to > from { Step::Advance { to } } else { Step::Reset(ResetReason::Compacted) }
    }

    fn snapshot(&self) -> (u64, Bytes) {
        let mut newest = lock(&self.snapshot);
        let commit = self.store.current();
        match &*newest {
            Some((version, bytes)) if *version == commit.version => (*version, bytes.clone()),
            _ => {
                let bytes = (self.lens.state)(&commit.state, self.level);
                *newest = Some((commit.version, bytes.clone()));
                (commit.version, bytes)
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
