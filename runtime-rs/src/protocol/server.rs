//! The server's side of one connection.
//!
//! [`ServerCore`] gets messages, times and answers, and gives messages and [`Request`]s. It owns the cursors: what a
//! reader has not been sent yet lies in its view, never in a queue of the connection.

mod bucket;
mod calls;
mod channel;
mod cursor;
mod handle;
mod outbox;
mod streams;
mod waiting;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

pub use self::calls::Outcome;
pub use self::channel::Target;
pub use self::streams::Pipe;

use self::bucket::Bucket;
use self::calls::Calls;
use self::channel::Channels;
use self::outbox::Outbox;
use self::waiting::Waiting;
use super::envelope::{Frame, Malformed, MessageBuilder, split};
use super::frames::{ClientFrame, ServerFrame};
use super::generated::session::v1::{Goodbye, GoodbyeCode, OpenCode};
use super::limits::Limits;

/// Messages are filled up to about this size.
const MESSAGE_BYTES: usize = 64 << 10;

/// What the core asks of the application.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Answer with [`ServerCore::authenticated`].
    Authenticate {
        /// What the client brought.
        token: Option<String>,
        /// Name and version of its library, for logs.
        client: String,
    },
    /// Answer with [`ServerCore::opened`].
    Open {
        /// The client's number for it.
        ch: u32,
        /// Full name of the unit.
        name: String,
        /// The first bytes of its digest.
        digest: Bytes,
        /// The row of the key.
        key: Bytes,
    },
    /// The channel is free again; its event streams are over.
    Close {
        /// Which channel.
        ch: u32,
    },
    /// Answer with [`ServerCore::finished`].
    Call {
        /// An open channel.
        ch: u32,
        /// The client's number for the call.
        id: u32,
        /// Which method.
        method: u32,
        /// The row of its parameters.
        args: Bytes,
        /// When the call is given up.
        due: Option<Duration>,
        /// The idempotency key.
        key: Option<String>,
        /// Whether items travel too; then [`ServerCore::stream`] comes first.
        streams: bool,
    },
    /// Drop the call: its answer, if one comes, is of no use.
    Cancel {
        /// Which call.
        id: u32,
    },
    /// Answer with [`ServerCore::sent`] when it is over.
    Send {
        /// An open channel.
        ch: u32,
        /// Which method.
        method: u32,
        /// The row of its parameters.
        args: Bytes,
    },
    /// Answer with [`ServerCore::listening`].
    Listen {
        /// An open channel.
        ch: u32,
        /// Which event.
        event: u32,
        /// The row of its key; empty without one.
        key: Bytes,
    },
    /// The event stream is over.
    Unlisten {
        /// An open channel.
        ch: u32,
        /// Which event.
        event: u32,
        /// The row of its key; empty without one.
        key: Bytes,
    },
}

/// Why an `open` is refused.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenRefusal {
    /// Which one.
    pub code: OpenCode,
    /// For people.
    pub message: String,
    /// The server's digest of the unit, if it knows the unit.
    pub digest: Option<Bytes>,
}

/// Why the connection ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The code of the goodbye.
    pub code: GoodbyeCode,
    /// For people.
    pub message: String,
}

/// A message whose frames wait from the one at this place on. Kept as it came: decoded it may take many times its bytes,
/// and nobody knows yet who sent it.
type Held = (Vec<u8>, usize);

enum Phase {
    /// Waiting for the hello.
    Greeting,
    /// The application looks at the token; what came already waits.
    Authenticating(Vec<Held>),
    Live,
    /// A goodbye is on its way, or nothing is because the peer said goodbye.
    Ended(Ending),
}

/// The state machine. Source: docs/protocol.md, "States".
pub struct ServerCore {
    limits: Arc<Limits>,
    phase: Phase,
    greeting_due: Duration,
    last_heard: Duration,
    bucket: Bucket,
    outbox: Outbox,
    channels: Channels,
    waiting: Waiting,
    calls: Calls,
    n_sends: usize,
    requests: VecDeque<Request>,
    /// The channel whose view goes first in the next message.
    turn: u32,
    /// The call whose items go first.
    stream_turn: u32,
}

impl ServerCore {
    /// A connection that was accepted at `accepted`; it is `now`.
    #[must_use]
    pub fn new(limits: Arc<Limits>, accepted: Duration, now: Duration) -> Self {
        Self {
            phase: Phase::Greeting,
            greeting_due: accepted + limits.handshake_timeout,
            last_heard: now,
            bucket: Bucket::new(limits.messages_per_second, limits.message_burst, now),
            outbox: Outbox::default(),
            channels: Channels::default(),
            waiting: Waiting::default(),
            calls: Calls::default(),
            n_sends: 0,
            requests: VecDeque::new(),
            turn: 0,
            stream_turn: 0,
            limits,
        }
    }

    /// Takes a message from the client.
    pub fn receive(&mut self, now: Duration, message: &[u8]) {
        if self.note_heard(now) && message.len() > self.limits.max_message_bytes {
            let limit = self.limits.max_message_bytes;
            return self.end(GoodbyeCode::TooLarge, format!("a message of more than {limit} bytes"));
        }
        let frames = match split(message) {
            Ok(frames) => frames,
            Err(error) => return self.end_malformed(error),
        };
        for (nth, frame) in frames.into_iter().enumerate() {
            if self.ending().is_some() {
                return;
            }
            if let Phase::Authenticating(held) = &mut self.phase {
                return held.push((message.to_vec(), nth));
            }
            if let Err(error) = self.receive_frame(now, frame) {
                return self.end_malformed(error);
            }
        }
    }

    /// Handles what waited for the answer to the hello.
    fn receive_held(&mut self, now: Duration, (message, from): &Held) -> Result<(), Malformed> {
        for frame in split(message)?.into_iter().skip(*from) {
            if !self.is_live() {
                break;
            }
            self.receive_frame(now, frame)?;
        }
        Ok(())
    }

    /// Takes note that something came that is no message, a websocket ping for example. False: it was one too many.
    pub fn note_heard(&mut self, now: Duration) -> bool {
        self.last_heard = now;
        let in_time = self.bucket.take(now);
        if !in_time {
            self.end(GoodbyeCode::Rate, "too many messages".to_owned());
        }
        in_time
    }

    fn receive_frame(&mut self, now: Duration, frame: Frame<'_>) -> Result<(), Malformed> {
        let Frame::Control { kind, body } = frame else { return Err(Malformed("a delta from a client")) };
        if matches!(self.phase, Phase::Greeting) && body.len() > self.limits.max_hello_bytes {
            let limit = self.limits.max_hello_bytes;
            self.end(GoodbyeCode::TooLarge, format!("a hello of more than {limit} bytes"));
            return Ok(());
        }
        let frame = ClientFrame::decode(kind, body)?;
        match (&self.phase, frame) {
            (Phase::Greeting, ClientFrame::Hello(hello)) => self.greet(hello),
            (Phase::Greeting, _) => return Err(Malformed("no hello first")),
            (_, ClientFrame::Hello(_)) => return Err(Malformed("a second hello")),
            (Phase::Live, frame) => self.handle(now, frame)?,
            (Phase::Authenticating(_) | Phase::Ended(_), _) => {}
        }
        Ok(())
    }

    /// Lets time pass: ends what is overdue.
    pub fn tick(&mut self, now: Duration) {
        match self.phase {
            Phase::Greeting | Phase::Authenticating(_) if now >= self.greeting_due => {
                self.end(GoodbyeCode::Timeout, "no hello in time".to_owned());
            }
            Phase::Live if now >= self.last_heard + self.limits.silence_timeout && self.wants_input() => {
                self.end(GoodbyeCode::Timeout, "nothing heard".to_owned());
            }
            Phase::Live => self.give_up_overdue(now),
            Phase::Greeting | Phase::Authenticating(_) | Phase::Ended(_) => {}
        }
    }

    /// When [`tick`](Self::tick) has something to do next.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        match self.phase {
            Phase::Greeting | Phase::Authenticating(_) => Some(self.greeting_due),
            Phase::Live => {
                let silence = self.wants_input().then(|| self.last_heard + self.limits.silence_timeout);
                silence.into_iter().chain(self.calls.next_due()).min()
            }
            Phase::Ended(_) => None,
        }
    }

    /// Whether the next message of the client may be read: not while its answers pile up or its token is looked at.
    #[must_use]
    pub fn wants_input(&self) -> bool {
        matches!(self.phase, Phase::Greeting | Phase::Live) && self.outbox.bytes() < self.limits.soft_queue_bytes
    }

    /// Whether the client has been welcomed and nothing has ended yet.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live)
    }

    /// Why the connection ends, once it does: send what [`poll_message`](Self::poll_message) still gives, then close.
    #[must_use]
    pub fn ending(&self) -> Option<&Ending> {
        if let Phase::Ended(ending) = &self.phase { Some(ending) } else { None }
    }

    /// The next thing to ask of the application.
    pub fn poll_request(&mut self) -> Option<Request> {
        self.requests.pop_front()
    }

    /// The next message for the client: replies and events first, then items and what its views have for it, in turns. Call it
    /// only when the message before is out, so that a view can give one large step instead of many.
    pub fn poll_message(&mut self) -> Option<Bytes> {
        let mut message = MessageBuilder::new();
        self.outbox.write(&mut message, MESSAGE_BYTES);
        if self.is_live() {
            // Half of a message at most, so that neither streams nor views wait for the others.
            self.write_streams(&mut message, MESSAGE_BYTES / 2);
            self.write_views(&mut message);
        }
        message.finish()
    }

    fn write_views(&mut self, message: &mut MessageBuilder) {
        let ready: Vec<u32> =
            self.channels.cursors().filter(|(_, cursor)| cursor.is_ready()).map(|(ch, _)| ch).collect();
        let first = ready.partition_point(|ch| *ch < self.turn);
        for ch in ready[first..].iter().chain(&ready[..first]) {
            if message.len() >= MESSAGE_BYTES {
                self.turn = *ch;
                return;
            }
            if let Some(cursor) = self.channels.cursor(*ch) {
                cursor.write(*ch, message, MESSAGE_BYTES, self.limits.snapshot_chunk_bytes);
                self.turn = ch.wrapping_add(1);
            }
        }
    }

    /// Ends the connection with a goodbye behind what is already on its way.
    pub fn goodbye(&mut self, code: GoodbyeCode, message: &str, retry_after: Option<Duration>) {
        if self.ending().is_some() {
            return;
        }
        let retry_after_ms = retry_after.map(|after| u32::try_from(after.as_millis()).unwrap_or(u32::MAX));
        let message = message.to_owned();
        self.outbox.push(ServerFrame::from(Goodbye { code, message: message.clone(), retry_after_ms }).encode());
        self.calls = Calls::default();
        self.requests.clear();
        self.phase = Phase::Ended(Ending { code, message });
    }

    fn end(&mut self, code: GoodbyeCode, message: String) {
        self.goodbye(code, &message, None);
    }

    fn end_malformed(&mut self, error: Malformed) {
        self.end(GoodbyeCode::Protocol, error.to_string());
    }

    /// Queues a reply or an event; a client that does not take them is too slow.
    fn queue(&mut self, frame: Bytes) {
        self.outbox.push(frame);
        if self.outbox.bytes() > self.limits.hard_queue_bytes {
            self.outbox.clear();
            self.end(GoodbyeCode::Slow, "replies and events piled up".to_owned());
        }
    }

    fn reply(&mut self, frame: impl Into<ServerFrame>) {
        self.queue(frame.into().encode());
    }
}
