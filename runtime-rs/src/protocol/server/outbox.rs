//! Replies and events on their way to one connection.

use std::collections::VecDeque;

use bytes::Bytes;

use super::super::envelope::MessageBuilder;

/// What a frame takes beside its bytes: a client may ask for many tiny ones.
const FRAME_BYTES: usize = size_of::<Bytes>();

/// Whole frames, first in, first out; they go before anything of a view.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    frames: VecDeque<Bytes>,
    bytes: usize,
}

impl Outbox {
    pub(super) fn push(&mut self, frame: Bytes) {
        self.bytes += FRAME_BYTES + frame.len();
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
            self.bytes -= FRAME_BYTES + frame.len();
            message.push(&frame);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiny_frames_count_for_what_they_take() {
        let mut outbox = Outbox::default();
        (0..1_000).for_each(|_| outbox.push(Bytes::from_static(b"abc")));
        assert!(outbox.bytes() >= 1_000 * (3 + size_of::<Bytes>()));
        let mut message = MessageBuilder::new();
        outbox.write(&mut message, 1_000);
        assert!(outbox.bytes() > 0);
        outbox.write(&mut message, usize::MAX);
        assert_eq!(outbox.bytes(), 0);
    }
}
