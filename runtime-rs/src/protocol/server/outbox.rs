//! Replies and events on their way to one connection.

use std::collections::VecDeque;

use bytes::Bytes;

use super::super::envelope::MessageBuilder;

/// Whole frames, first in, first out; they go before anything of a view.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    frames: VecDeque<Bytes>,
    bytes: usize,
}

impl Outbox {
    pub(super) fn push(&mut self, frame: Bytes) {
        self.bytes += frame.len();
        self.frames.push_back(frame);
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Moves frames into a message until it has `budget` bytes.
    pub(super) fn write(&mut self, message: &mut MessageBuilder, budget: usize) {
        while message.len() < budget
            && let Some(frame) = self.frames.pop_front()
        {
            self.bytes -= frame.len();
            message.push(&frame);
        }
    }
}
