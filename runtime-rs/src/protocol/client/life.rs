//! What happens to the socket, and what time does.

use std::time::Duration;

use bytes::Bytes;

use super::super::PROTOCOL_VERSION;
use super::super::envelope::MessageBuilder;
use super::super::frames::ClientFrame;
use super::super::generated::session::v1::{Cancel, Goodbye, GoodbyeCode, Hello, Ping, Welcome};
use super::{ClientCore, FIRST_MAX_MESSAGE_BYTES, HELLO_MAX_MESSAGE_BYTES, Handle, Link, Update};

/// Silence after which the peer is probed, while a call is pending.
const PROBE_BUSY: Duration = Duration::from_secs(5);
/// Silence after which the peer is probed, otherwise. Also the longest time between two pings, because a server gives up
/// a client that only listens.
const PROBE_IDLE: Duration = Duration::from_secs(25);
/// How long a probe may stay without answer.
const PROBE_GRACE: Duration = Duration::from_secs(5);
/// How long a link must have been live for the delays to start over.
const SETTLED: Duration = Duration::from_secs(5);

impl ClientCore {
    /// Asks for a connection now.
    pub fn connect(&mut self, token: Option<String>) {
        self.token = token;
        self.retry_at = None;
        self.set_link(Link::Connecting);
    }

    /// The socket is open: hello, and everything in use.
    pub fn connected(&mut self, now: Duration) {
        self.last_heard = now;
        self.last_pinged = now;
        self.is_greeting = true;
        self.set_link(Link::Greeting);
        let hello = Hello { protocol: PROTOCOL_VERSION, token: self.token.clone(), client: self.name.clone() };
        self.send_frame(hello);
        let handles: Vec<Handle> = self.channels.keys().copied().collect();
        for handle in &handles {
            self.open_channel(*handle);
        }
        self.send_queued(now);
    }

    /// The socket is gone.
    pub fn disconnected(&mut self, now: Duration) {
        if self.link == Link::Live {
            self.backoff.forgive();
        }
        if matches!(self.link, Link::Connecting | Link::Greeting | Link::Live) {
            self.lose_link(now, None);
        }
    }

    pub(super) fn lose_link(&mut self, now: Duration, retry_after: Option<Duration>) {
        if self.live_since.take().is_some_and(|since| now.saturating_sub(since) >= SETTLED) {
            self.backoff.reset();
        }
        // What the server asks for comes on top, so that not all of its clients come back at the same moment.
        let delay = retry_after.unwrap_or_default() + self.backoff.next_delay();
        self.retry_at = Some(now + delay);
        self.forget_connection();
        self.set_link(Link::Waiting);
    }

    pub(super) fn forget_connection(&mut self) {
        self.frames.clear();
        self.by_ch.clear();
        self.by_view.clear();
        self.by_stream.clear();
        self.last_ch = 0;
        self.probed_at = None;
        self.max_message_bytes = FIRST_MAX_MESSAGE_BYTES;
        for channel in self.channels.values_mut() {
            channel.lose_link();
        }
        for (id, result) in self.calls.lose_link() {
            self.end_call(id, result);
        }
        for handle in self.channels.keys().copied().collect::<Vec<_>>() {
            self.refresh(handle);
        }
    }

    /// Says goodbye and stops for good.
    pub fn stop(&mut self) {
        let is_linked = matches!(self.link, Link::Greeting | Link::Live);
        self.forget_connection();
        if is_linked {
            self.frames.push_back(ClientFrame::from(Goodbye::default()).encode());
        }
        self.retry_at = None;
        self.set_link(Link::Stopped { code: GoodbyeCode::Normal, message: String::new() });
    }

    /// Lets time pass: dials again, probes the peer, ends what is overdue.
    pub fn tick(&mut self, now: Duration) {
        for (id, result, is_running) in self.calls.take_overdue(now) {
            if is_running {
                self.send_frame(Cancel { id });
            }
            self.end_call(id, result);
        }
        if self.retry_at.is_some_and(|at| at <= now) {
            self.connect(self.token.clone());
        }
        if self.probed_at.is_some_and(|at| at + PROBE_GRACE <= now) {
            self.lose_link(now, None);
        } else if self.probe_due().is_some_and(|due| due <= now) {
            self.probed_at = Some(now);
            self.last_pinged = now;
            self.send_frame(Ping { n: 0 });
        }
    }

    /// When [`tick`](Self::tick) has something to do next.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        let gives_up = self.probed_at.map(|at| at + PROBE_GRACE);
        [self.calls.next_due(), self.retry_at, gives_up, self.probe_due()].into_iter().flatten().min()
    }

    fn probe_due(&self) -> Option<Duration> {
        let silence = if self.calls.in_flight() { PROBE_BUSY } else { PROBE_IDLE };
        let is_linked = matches!(self.link, Link::Greeting | Link::Live);
        let due = (self.last_heard + silence).min(self.last_pinged + PROBE_IDLE);
        (is_linked && self.probed_at.is_none()).then_some(due)
    }

    /// The next message for the server.
    pub fn poll_message(&mut self) -> Option<Bytes> {
        let mut message = MessageBuilder::new();
        let max_bytes = if self.is_greeting { HELLO_MAX_MESSAGE_BYTES } else { self.max_message_bytes };
        while let Some(frame) = self.frames.front() {
            // One byte for the kind of the batch.
            if !message.is_empty() && 1 + message.len() + MessageBuilder::cost(frame.len()) > max_bytes {
                break;
            }
            message.push(frame);
            self.frames.pop_front();
        }
        self.is_greeting &= message.is_empty();
        message.finish()
    }

    /// The next thing to tell the application.
    pub fn poll_update(&mut self) -> Option<Update> {
        self.updates.pop_front()
    }

    pub(super) fn set_link(&mut self, link: Link) {
        if self.link != link {
            self.link = link.clone();
            self.updates.push_back(Update::Link(link));
        }
    }

    pub(super) fn welcomed(&mut self, now: Duration, welcome: &Welcome) {
        self.max_message_bytes = welcome.max_message_bytes as usize;
        self.live_since = Some(now);
        self.set_link(Link::Live);
    }
}
