//! A reader's place in a view.

use std::sync::Arc;

use bytes::Bytes;

use super::super::envelope::MessageBuilder;
use super::super::frames::ServerFrame;
use super::super::generated::session::v1::{Advance, Reset, SnapshotChunk, Subscribe, Subscribed};
use crate::store::{ResetReason, Resume, Step, View};

/// Where one connection stands in one view: all that a reader costs while it is behind.
pub(super) struct Cursor {
    view: Arc<dyn View>,
    at: Position,
    /// The version that the subscription started from, for read-your-writes.
    began: u64,
}

enum Position {
    /// The reader holds this version.
    Live(u64),
    /// The reader is being given the snapshot of `version`; `offset` bytes of it are out.
    Loading { version: u64, bytes: Bytes, offset: usize },
}

impl Cursor {
    /// Starts reading from what the client holds, if the log still has what follows, else from a snapshot.
    pub(super) fn start(view: Arc<dyn View>, request: &Subscribe) -> (Self, Subscribed) {
        let reset = match request.epoch {
            None => Reset::Initial,
            Some(epoch) => match view.resume(epoch, request.version) {
                Resume::Resumed if request.level != view.level().0 => Reset::Level,
                Resume::Resumed => Reset::Resumed,
                Resume::Reset(reason) => reset_of(reason),
            },
        };
        let at = if reset == Reset::Resumed { Position::Live(request.version) } else { Position::load(&*view) };
        let began = at.version();
        let cursor = Self { view, at, began };
        let answer = cursor.subscribed(request.ch, reset);
        (cursor, answer)
    }

    pub(super) fn view(&self) -> &dyn View {
        &*self.view
    }

    /// The version that the subscription started from.
    pub(super) fn began(&self) -> u64 {
        self.began
    }

    /// Whether there is something to send.
    pub(super) fn is_ready(&self) -> bool {
        match self.at {
            Position::Live(version) => version != self.view.version(),
            Position::Loading { .. } => true,
        }
    }

    /// Moves on and writes the frames of it, until the reader is current or the message has `budget` bytes.
    pub(super) fn write(&mut self, ch: u32, message: &mut MessageBuilder, budget: usize, chunk_bytes: usize) {
        while message.len() < budget && self.is_ready() && self.step(ch, message, chunk_bytes) {}
    }

    /// Writes one frame; false: there was none to write after all.
    fn step(&mut self, ch: u32, message: &mut MessageBuilder, chunk_bytes: usize) -> bool {
        let view = self.view.number();
        match &mut self.at {
            Position::Live(version) => match self.view.next(*version) {
                Step::UpToDate => return false,
                Step::Delta { to, frame } => {
                    message.push(frame.bytes());
                    *version = to;
                }
                Step::Advance { to } => {
                    let steps = to.saturating_sub(*version);
                    message.push(&ServerFrame::from(Advance { view, steps }).encode());
                    *version = to;
                }
                Step::Reset(reason) => {
                    self.at = Position::load(&*self.view);
                    message.push(&ServerFrame::from(self.subscribed(ch, reset_of(reason))).encode());
                }
            },
            Position::Loading { version, bytes, offset } => {
                let end = bytes.len().min(*offset + chunk_bytes);
                let (version, last) = (*version, end == bytes.len());
                let chunk = SnapshotChunk { view, version, last, bytes: bytes.slice(*offset..end) };
                message.push(&ServerFrame::from(chunk).encode());
                *offset = end;
                if last {
                    self.at = Position::Live(version);
                }
            }
        }
        true
    }

    fn subscribed(&self, ch: u32, reset: Reset) -> Subscribed {
        let (epoch, level) = (self.view.epoch(), self.view.level().0);
        Subscribed { ch, view: self.view.number(), epoch, version: self.at.version(), reset, level }
    }
}

impl Position {
    fn load(view: &dyn View) -> Self {
        let (version, bytes) = view.snapshot();
        Self::Loading { version, bytes, offset: 0 }
    }

    fn version(&self) -> u64 {
        match self {
            Self::Live(version) | Self::Loading { version, .. } => *version,
        }
    }
}

fn reset_of(reason: ResetReason) -> Reset {
    match reason {
        ResetReason::Epoch => Reset::Epoch,
        ResetReason::Compacted => Reset::Compacted,
    }
}
