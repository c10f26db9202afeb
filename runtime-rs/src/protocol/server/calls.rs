//! The calls of one connection.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;

use super::super::frames::ServerFrame;
use super::super::generated::session::v1::{CallCode, CallFailure, CallResult, Seen};
use super::super::seen::encode_seen;
use super::streams::CallStream;
use crate::codec::check::Violation;

/// How a call ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The row of the result.
    Done(Bytes),
    /// A declared error: `[case id][payload row]`.
    Declared(Bytes),
    /// A value breaks a constraint.
    Violated(Violation),
    /// Any other failure.
    Failed {
        /// Which one.
        code: CallCode,
        /// For people.
        message: String,
    },
}

impl Outcome {
    pub(super) fn failed(code: CallCode, message: &str) -> Self {
        Self::Failed { code, message: message.to_owned() }
    }

    fn n_bytes(&self) -> usize {
        match self {
            Self::Done(body) | Self::Declared(body) => body.len(),
            Self::Violated(violation) => violation.path.len() + violation.message.len(),
            Self::Failed { message, .. } => message.len(),
        }
    }

    /// This outcome, or `too_large` in its place.
    pub(super) fn bounded(self, max_bytes: usize) -> Self {
        if self.n_bytes() <= max_bytes {
            return self;
        }
        Self::Failed { code: CallCode::TooLarge, message: format!("the answer has more than {max_bytes} bytes") }
    }

    pub(super) fn frame(self, id: u32, seen: &[Seen]) -> ServerFrame {
        let seen = encode_seen(seen);
        let (code, body, message) = match self {
            Self::Done(body) => return CallResult { id, body, seen }.into(),
            Self::Declared(body) => (CallCode::Declared, body, String::new()),
            Self::Violated(violation) => {
                let message = violation.to_string();
                let (rule, path) = (violation.rule.as_str().to_owned(), violation.path);
                return CallFailure { id, code: CallCode::Constraint, message, seen, rule, path, ..Default::default() }
                    .into();
            }
            Self::Failed { code, message } => (code, Bytes::new(), message),
        };
        CallFailure { id, code, body, message, seen, ..Default::default() }.into()
    }
}

/// A call in flight.
pub(super) struct Call {
    /// When it is given up.
    pub(super) due: Option<Duration>,
    /// Its items, if it has any.
    pub(super) stream: Option<CallStream>,
    /// The version of each subscribed channel when the handler started; `None` while it waits for an open.
    pub(super) began: Option<BTreeMap<u32, u64>>,
}

/// The calls in flight, by id.
#[derive(Default)]
pub(super) struct Calls(pub(super) BTreeMap<u32, Call>);

impl Calls {
    /// When the next one is given up.
    pub(super) fn next_due(&self) -> Option<Duration> {
        self.0.values().filter_map(|call| call.due).min()
    }

    /// Those that are too old.
    pub(super) fn overdue(&self, now: Duration) -> Vec<u32> {
        let is_overdue = |call: &Call| call.due.is_some_and(|due| due <= now);
        self.0.iter().filter(|(_, call)| is_overdue(call)).map(|(id, _)| *id).collect()
    }

    /// Those with streams, in order.
    pub(super) fn streaming(&self) -> impl Iterator<Item = u32> {
        self.0.iter().filter(|(_, call)| call.stream.is_some()).map(|(id, _)| *id)
    }

    pub(super) fn stream(&mut self, id: u32) -> Option<&mut CallStream> {
        self.0.get_mut(&id)?.stream.as_mut()
    }
}
