//! Frames that wait for the answer to an `open`.

use std::collections::{BTreeSet, VecDeque};

use super::super::frames::ClientFrame;

/// Frames in the order they came. What is behind keeps its place: frames of a channel stay in order, and so do calls
/// and sends of the whole connection.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    frames: VecDeque<ClientFrame>,
    channels: BTreeSet<u32>,
    has_calls: bool,
    bytes: usize,
}

impl Waiting {
    /// Whether `frame` has to wait behind one that waits.
    pub(super) fn blocks(&self, frame: &ClientFrame, ch: u32) -> bool {
        self.channels.contains(&ch) || (self.has_calls && is_ordered(frame))
    }

    pub(super) fn push(&mut self, frame: ClientFrame, ch: u32) {
        self.channels.insert(ch);
        self.has_calls |= is_ordered(&frame);
        self.bytes += cost(&frame);
        self.frames.push_back(frame);
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether an answer to the open of `ch` lets something go on.
    pub(super) fn waits_for(&self, ch: u32) -> bool {
        self.channels.contains(&ch)
    }

    /// Takes everything out, to be routed again in order.
    pub(super) fn take(&mut self) -> VecDeque<ClientFrame> {
        std::mem::take(self).frames
    }
}

/// Calls and sends start in the order sent, across channels.
fn is_ordered(frame: &ClientFrame) -> bool {
    matches!(frame, ClientFrame::Call(_) | ClientFrame::Send(_))
}

/// About what a waiting frame holds in memory.
fn cost(frame: &ClientFrame) -> usize {
    let body = match frame {
        ClientFrame::Call(call) => call.args.len() + call.key.as_ref().map_or(0, String::len),
        ClientFrame::Send(send) => send.args.len(),
        ClientFrame::Listen(listen) => listen.key.len(),
        ClientFrame::Unlisten(unlisten) => unlisten.key.len(),
        ClientFrame::Open(open) => open.name.len() + open.key.len() + open.digest.len(),
        _ => 0,
    };
    body + size_of::<ClientFrame>()
}

/// The channel that a frame names, if it names one.
pub(super) fn channel_of(frame: &ClientFrame) -> Option<u32> {
    match frame {
        ClientFrame::Open(body) => Some(body.ch),
        ClientFrame::Close(body) => Some(body.ch),
        ClientFrame::Subscribe(body) => Some(body.ch),
        ClientFrame::Unsubscribe(body) => Some(body.ch),
        ClientFrame::Call(body) => Some(body.ch),
        ClientFrame::Send(body) => Some(body.ch),
        ClientFrame::Listen(body) => Some(body.ch),
        ClientFrame::Unlisten(body) => Some(body.ch),
        ClientFrame::Hello(_)
        | ClientFrame::Cancel(_)
        | ClientFrame::Item(_)
        | ClientFrame::Credit(_)
        | ClientFrame::End(_)
        | ClientFrame::Ping(_)
        | ClientFrame::Pong(_)
        | ClientFrame::Goodbye(_) => None,
    }
}
