//! What the client core tells the application.

use bytes::Bytes;
use uuid::Uuid;

use super::super::generated::session::v1::{CallCode, GoodbyeCode};

/// Names what a client has opened, for as long as the client lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(pub u32);

/// The state of the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Nothing was asked for yet.
    Idle,
    /// A socket is to be opened.
    Connecting,
    /// The hello is out.
    Greeting,
    /// Welcome.
    Live,
    /// The link was lost; the next attempt follows.
    Waiting,
    /// There will be no further attempt.
    Stopped {
        /// Why.
        code: GoodbyeCode,
        /// For people.
        message: String,
    },
}

/// The state of a handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// No value or no channel yet.
    Connecting,
    /// Open, and current if it is subscribed.
    Ready,
    /// The link or the value was lost; what is shown is old.
    Reconnecting,
    /// Refused, or its value does not decode.
    Failed {
        /// A code of docs/protocol.md or docs/wire-format.md.
        code: String,
        /// For people.
        message: String,
    },
    /// Given up by the application.
    Closed,
}

/// Why a call has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// The declared error: `[case id][payload row]`.
    Declared(Bytes),
    /// Any other failure.
    Failed {
        /// Which one.
        code: CallCode,
        /// For people.
        message: String,
    },
    /// The link was lost after the call was sent.
    UnknownOutcome,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    /// The link changed.
    Link(Link),
    /// A handle changed.
    Status(Handle, Status),
    /// A handle has another value.
    State {
        /// Whose.
        handle: Handle,
        /// The epoch of the value.
        epoch: Uuid,
        /// The version of the value.
        version: u64,
    },
    /// An event, after the version that it names.
    Event {
        /// Whose.
        handle: Handle,
        /// Which event.
        event: u32,
        /// The row of its key; empty without one.
        key: Bytes,
        /// The row of its parameters.
        body: Bytes,
    },
    /// An item of a call's answer.
    Item {
        /// Which call.
        call: u32,
        /// The row of the item.
        body: Bytes,
    },
    /// The server takes more items of a call.
    Credit {
        /// Which call.
        call: u32,
    },
    /// A call has ended.
    Reply {
        /// Which call.
        call: u32,
        /// How.
        result: Result<Bytes, CallError>,
    },
}
