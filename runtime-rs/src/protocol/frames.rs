//! The control frames of each side, by kind.
//!
//! Source: docs/protocol.md, "Envelope"; the bodies are declared in `schemas/restream/session.rss`.

use bytes::Bytes;

use super::envelope::{Malformed, control_frame};
use super::generated::session::v1 as body;
use crate::codec;

/// Declares the frames that one side sends: an enum with one variant per kind, and its two conversions.
macro_rules! frames_of_side {
    ($(#[$docs:meta])* $side:ident { $($number:literal $kind:ident($body:ident),)* }) => {
        $(#[$docs])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $side {
            $(
                #[doc = concat!("Kind ", $number, ".")]
                $kind(body::$body),
            )*
        }

        impl $side {
            /// Decodes the body of a control frame.
            ///
            /// # Errors
            /// [`Malformed`] if this side sends no such kind or the body is not its row.
            pub fn decode(kind: u32, bytes: &[u8]) -> Result<Self, Malformed> {
                match kind {
                    $($number => codec::decode(bytes).map(Self::$kind).map_err(|_| Malformed(stringify!($kind))),)*
                    _ => Err(Malformed("kind")),
                }
            }

            /// The whole frame.
            #[must_use]
            pub fn encode(&self) -> Bytes {
                match self {
                    $(Self::$kind(body) => control_frame($number, &codec::encode(body)),)*
                }
            }
        }

        $(
            impl From<body::$body> for $side {
                fn from(body: body::$body) -> Self {
                    Self::$kind(body)
                }
            }
        )*
    };
}

frames_of_side! {
    /// What a client sends.
    ClientFrame {
        1 Hello(Hello),
        3 Open(Open),
        6 Subscribe(Subscribe),
        10 Unsubscribe(Unsubscribe),
        12 Call(Call),
        13 Cancel(Cancel),
        16 Send(Send),
        17 Listen(Listen),
        19 Unlisten(Unlisten),
        21 Ping(Ping),
        22 Pong(Pong),
        23 Goodbye(Goodbye),
        24 Close(Close),
        25 Item(Item),
        26 Credit(Credit),
        27 End(End),
    }
}

frames_of_side! {
    /// What a server sends, beside deltas.
    ServerFrame {
        2 Welcome(Welcome),
        4 Opened(Opened),
        5 Refused(OpenRefused),
        7 Subscribed(Subscribed),
        8 Snapshot(SnapshotChunk),
        9 Advance(Advance),
        11 Unsubscribed(Unsubscribed),
        14 Result(CallResult),
        15 Failure(CallFailure),
        18 Listening(Listening),
        20 Event(EventFrame),
        21 Ping(Ping),
        22 Pong(Pong),
        23 Goodbye(Goodbye),
        25 Item(Item),
        26 Credit(Credit),
    }
}
