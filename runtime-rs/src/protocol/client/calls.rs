//! The calls of a client, from the queue to the answer.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;

use super::super::generated::session::v1::{Call, CallCode};
use super::streams::Stream;
use super::update::{CallError, Handle};

/// Calls that may wait for a link.
pub(super) const MAX_QUEUED: usize = 1_024;
/// Bytes of arguments that may wait for a link.
pub(super) const MAX_QUEUED_BYTES: usize = 1 << 20;

/// The end of a call.
pub(super) type CallResult = Result<Bytes, CallError>;

/// A call that has not ended.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) handle: Handle,
    pub(super) method: u32,
    pub(super) args: Bytes,
    pub(super) key: Option<String>,
    pub(super) due: Option<Duration>,
    pub(super) state: CallState,
    pub(super) stream: Option<Stream>,
}

/// How far a call has come.
#[derive(Debug)]
pub(super) enum CallState {
    /// Not sent yet.
    Queued,
    /// Sent, not answered.
    Sent,
    /// Answered; handed out when the values are there that the answer names.
    Answered { result: CallResult, needs: Vec<Need> },
}

/// A value that an answer waits for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Need {
    pub(super) handle: Handle,
    pub(super) view: u32,
    pub(super) version: u64,
}

/// The calls that have not ended, by id, which is in the order they were made.
#[derive(Debug, Default)]
pub(super) struct Calls {
    pub(super) pending: BTreeMap<u32, Pending>,
    last_id: u32,
}

impl Calls {
    pub(super) fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }

    /// Whether the queue has room for one more.
    pub(super) fn has_room(&self, n_bytes: usize) -> bool {
        let queued = || self.pending.values().filter(|call| matches!(call.state, CallState::Queued));
        queued().count() < MAX_QUEUED
            && queued().map(|call| call.args.len()).sum::<usize>() + n_bytes <= MAX_QUEUED_BYTES
    }

    pub(super) fn in_flight(&self) -> bool {
        self.pending.values().any(|call| matches!(call.state, CallState::Sent))
    }

    pub(super) fn next_due(&self) -> Option<Duration> {
        self.pending.values().filter_map(|call| call.due).min()
    }

    /// Marks a queued call as sent and gives its frame.
    pub(super) fn send(&mut self, now: Duration, id: u32, ch: u32) -> Option<Call> {
        let call = self.pending.get_mut(&id)?;
        call.state = CallState::Sent;
        if let Some(stream) = &call.stream {
            call.due = stream.due;
        }
        let left = |due: Duration| u32::try_from(due.saturating_sub(now).as_millis()).unwrap_or(u32::MAX).max(1);
        let (args, key) = (call.args.clone(), call.key.clone());
        let frame =
            Call { ch, id, method: call.method, args, deadline_ms: call.due.map_or(0, left), key, ..Call::default() };
        Some(match &call.stream {
            Some(Stream { first_credit: (items, bytes), .. }) => {
                Call { streams: true, items: *items, bytes: *bytes, ..frame }
            }
            None => frame,
        })
    }

    pub(super) fn stream(&self, id: u32) -> Option<&Stream> {
        self.pending.get(&id)?.stream.as_ref()
    }

    pub(super) fn stream_mut(&mut self, id: u32) -> Option<&mut Stream> {
        self.pending.get_mut(&id)?.stream.as_mut()
    }

    /// The calls that wait, in the order they were made.
    pub(super) fn queued(&self) -> Vec<(u32, Handle)> {
        let is_queued = |call: &Pending| matches!(call.state, CallState::Queued);
        self.pending.iter().filter(|(_, call)| is_queued(call)).map(|(id, call)| (*id, call.handle)).collect()
    }

    /// Takes out the calls that the loss of the link ends.
    pub(super) fn lose_link(&mut self) -> Vec<(u32, CallResult)> {
        let lost = self.pending.extract_if(.., |_, call| !matches!(call.state, CallState::Queued));
        lost.map(|(id, call)| match call.state {
            CallState::Answered { result, .. } => (id, result),
            CallState::Queued | CallState::Sent => (id, Err(CallError::UnknownOutcome)),
        })
        .collect()
    }

    /// Takes out the calls whose time is over; the second is whether the server still works on it.
    pub(super) fn take_overdue(&mut self, now: Duration) -> Vec<(u32, CallResult, bool)> {
        let overdue = self.pending.extract_if(.., |_, call| call.due.is_some_and(|due| due <= now));
        overdue
            .map(|(id, call)| match call.state {
                CallState::Queued => (id, Err(failed(CallCode::Unavailable, "not connected in time")), false),
                CallState::Sent => (id, Err(failed(CallCode::Deadline, "no answer in time")), true),
                CallState::Answered { result, .. } => (id, result, false),
            })
            .collect()
    }

    /// Takes out the answered calls whose needs are met.
    pub(super) fn take_met(&mut self, is_met: impl Fn(&Need) -> bool) -> Vec<(u32, CallResult)> {
        let met = self.pending.extract_if(.., |_, call| match &call.state {
            CallState::Answered { needs, .. } => needs.iter().all(&is_met),
            CallState::Queued | CallState::Sent => false,
        });
        met.filter_map(|(id, call)| match call.state {
            CallState::Answered { result, .. } => Some((id, result)),
            CallState::Queued | CallState::Sent => None,
        })
        .collect()
    }
}

pub(super) fn failed(code: CallCode, message: &str) -> CallError {
    CallError::Failed { code, message: message.to_owned() }
}
