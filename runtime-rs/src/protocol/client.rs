//! The client's side: one [`ClientCore`] for the life of a client, across its connections.
//!
//! The caller owns the socket. It dials when [`ClientCore::link`] is [`Link::Connecting`], tells what happens to the
//! socket, writes what [`ClientCore::poll_message`] gives, acts on what [`ClientCore::poll_update`] tells, and closes the
//! socket once the link is [`Link::Waiting`] or [`Link::Stopped`] and nothing is left to write.

mod backoff;
mod calls;
mod channel;
mod receive;
mod replica;
mod typed;
mod update;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use uuid::Uuid;

pub use self::replica::Replica;
pub use self::update::{CallError, Handle, Link, Status, Update};

use self::backoff::Backoff;
use self::calls::{CallResult, CallState, Calls, Pending, failed};
use self::channel::{Channel, Phase, Subscription};
use super::PROTOCOL_VERSION;
use super::envelope::MessageBuilder;
use super::frames::ClientFrame;
use super::generated::session::v1::{
    CallCode, Cancel, Close, Goodbye, GoodbyeCode, Hello, Listen, Open, Ping, Send, Unlisten, Unsubscribe, Welcome,
};
use super::unit::UnitInfo;

/// Silence after which the peer is probed, while a call is pending.
const PROBE_BUSY: Duration = Duration::from_secs(5);
/// Silence after which the peer is probed, otherwise.
const PROBE_IDLE: Duration = Duration::from_secs(25);
/// How long a probe may stay without answer.
const PROBE_GRACE: Duration = Duration::from_secs(5);
/// How long a link must have been live for the delays to start over.
const SETTLED: Duration = Duration::from_secs(5);
/// Bytes of a message until the welcome names the limit.
const FIRST_MAX_MESSAGE_BYTES: usize = 64 << 10;
/// What a frame around arguments takes at most, without the idempotency key.
const CALL_OVERHEAD_BYTES: usize = 64;

/// The state machine. Source: docs/protocol.md, "States".
pub struct ClientCore {
    name: String,
    link: Link,
    token: Option<String>,
    backoff: Backoff,
    retry_at: Option<Duration>,
    live_since: Option<Duration>,
    last_heard: Duration,
    probed_at: Option<Duration>,
    max_message_bytes: usize,
    channels: BTreeMap<Handle, Channel>,
    last_handle: u32,
    last_ch: u32,
    by_ch: BTreeMap<u32, Handle>,
    by_view: BTreeMap<u32, Handle>,
    by_stream: BTreeMap<u32, (Handle, u32)>,
    calls: Calls,
    frames: VecDeque<Bytes>,
    updates: VecDeque<Update>,
}

impl ClientCore {
    /// A client that calls itself `name`. The `seed` spreads its retries against those of others.
    #[must_use]
    pub fn new(name: &str, seed: u64) -> Self {
        Self {
            name: name.to_owned(),
            link: Link::Idle,
            token: None,
            backoff: Backoff::new(seed),
            retry_at: None,
            live_since: None,
            last_heard: Duration::ZERO,
            probed_at: None,
            max_message_bytes: FIRST_MAX_MESSAGE_BYTES,
            channels: BTreeMap::new(),
            last_handle: 0,
            last_ch: 0,
            by_ch: BTreeMap::new(),
            by_view: BTreeMap::new(),
            by_stream: BTreeMap::new(),
            calls: Calls::default(),
            frames: VecDeque::new(),
            updates: VecDeque::new(),
        }
    }

    /// The state of the link.
    #[must_use]
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// The state of a handle.
    #[must_use]
    pub fn status(&self, handle: Handle) -> Status {
        self.channels.get(&handle).map_or(Status::Closed, |channel| channel.status.clone())
    }

    /// Epoch and version of the value held.
    #[must_use]
    pub fn version(&self, handle: Handle) -> Option<(Uuid, u64)> {
        self.channels.get(&handle)?.held.map(|held| (held.epoch, held.version))
    }

    /// The value's keeper, as [`open`](Self::open) got it.
    #[must_use]
    pub fn replica(&self, handle: Handle) -> Option<&dyn Replica> {
        self.channels.get(&handle).map(|channel| &*channel.replica)
    }

    // ---- what the application wants ----

    /// Opens a store instance (its value kept in `replica`) or a service (`()`).
    pub fn open(&mut self, unit: &'static UnitInfo, key: Bytes, replica: Box<dyn Replica>) -> Handle {
        self.last_handle += 1;
        let handle = Handle(self.last_handle);
        self.channels.insert(handle, Channel::new(unit, key, replica));
        self.open_channel(handle);
        handle
    }

    /// Gives a handle up. Its calls go on.
    pub fn close(&mut self, handle: Handle) {
        let Some(channel) = self.channels.get(&handle) else { return };
        if let Some(ch) = channel.ch() {
            self.by_ch.remove(&ch);
            self.by_view.retain(|_, of| *of != handle);
            self.by_stream.retain(|_, (of, _)| *of != handle);
            self.send_frame(Close { ch });
        }
        self.channels.remove(&handle);
        self.updates.push_back(Update::Status(handle, Status::Closed));
        self.settle_calls();
    }

    /// Wants the value and its changes.
    pub fn subscribe(&mut self, handle: Handle) {
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        if !std::mem::replace(&mut channel.is_wanted, true)
            && matches!(channel.subscription, Subscription::None)
            && let Some(ch) = channel.ch()
        {
            let request = channel.subscribe(ch);
            self.send_frame(request);
        }
        self.refresh(handle);
    }

    /// Wants no more changes; the value is kept.
    pub fn unsubscribe(&mut self, handle: Handle) {
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        if !std::mem::replace(&mut channel.is_wanted, false) {
            return;
        }
        self.drop_subscription(handle);
        self.refresh(handle);
        self.settle_calls();
    }

    /// Takes the subscription back, so that whatever is under way for it is dropped.
    fn drop_subscription(&mut self, handle: Handle) {
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        let has_one = !matches!(channel.subscription, Subscription::None | Subscription::Failed { .. });
        if has_one && let Some(ch) = channel.ch() {
            if let Some(view) = channel.view() {
                self.by_view.remove(&view);
            }
            channel.subscription = Subscription::None;
            channel.n_unsubscribing += 1;
            self.send_frame(Unsubscribe { ch });
        }
    }

    /// Wants an event.
    pub fn listen(&mut self, handle: Handle, event: u32) {
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        let is_new = channel.listens.insert(event, None).is_none();
        if let Some(ch) = channel.ch().filter(|_| is_new) {
            self.send_frame(Listen { ch, event });
        }
    }

    /// Wants an event no more.
    pub fn unlisten(&mut self, handle: Handle, event: u32) {
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        if let Some(stream) = channel.listens.remove(&event)
            && let Some(ch) = channel.ch()
        {
            if let Some(stream) = stream {
                self.by_stream.remove(&stream);
            }
            self.send_frame(Unlisten { ch, event });
        }
    }

    /// Calls a method; the end comes as [`Update::Reply`] with the number returned.
    pub fn call(&mut self, now: Duration, handle: Handle, method: u32, args: Bytes, deadline: Duration) -> u32 {
        let id = self.calls.next_id();
        if args.len() + CALL_OVERHEAD_BYTES > self.max_message_bytes {
            self.end_call(id, Err(failed(CallCode::TooLarge, "more arguments than a message may have")));
        } else if !self.calls.has_room(args.len()) {
            self.end_call(id, Err(failed(CallCode::Busy, "too many calls wait for a connection")));
        } else if !self.channels.contains_key(&handle) {
            self.end_call(id, Err(failed(CallCode::Unavailable, "the handle is closed")));
        } else {
            let due = now.saturating_add(deadline);
            let call = Pending { handle, method, args, key: None, due, state: CallState::Queued };
            self.calls.pending.insert(id, call);
            self.send_queued(now, handle);
        }
        id
    }

    /// Gives a call up.
    pub fn cancel(&mut self, id: u32) {
        if let Some(call) = self.calls.pending.remove(&id) {
            if matches!(call.state, CallState::Sent) {
                self.send_frame(Cancel { id });
            }
            self.end_call(id, Err(failed(CallCode::Cancelled, "cancelled")));
        }
    }

    /// Sends without an answer; false: there is no link or it does not fit a message.
    pub fn send(&mut self, handle: Handle, method: u32, args: Bytes) -> bool {
        let ch = self.channels.get(&handle).and_then(Channel::ch);
        let fits = args.len() + CALL_OVERHEAD_BYTES <= self.max_message_bytes;
        if let Some(ch) = ch.filter(|_| fits) {
            self.send_frame(Send { ch, method, args });
        }
        ch.is_some() && fits
    }

    // ---- what happens to the socket ----

    /// Asks for a connection now.
    pub fn connect(&mut self, token: Option<String>) {
        self.token = token;
        self.retry_at = None;
        self.set_link(Link::Connecting);
    }

    /// The socket is open: hello, and everything in use.
    pub fn connected(&mut self, now: Duration) {
        self.last_heard = now;
        self.set_link(Link::Greeting);
        let hello = Hello { protocol: PROTOCOL_VERSION, token: self.token.clone(), client: self.name.clone() };
        self.send_frame(hello);
        let handles: Vec<Handle> = self.channels.keys().copied().collect();
        for handle in &handles {
            self.open_channel(*handle);
        }
        let queued: Vec<Handle> = self.calls.pending.values().map(|call| call.handle).collect();
        for handle in queued {
            self.send_queued(now, handle);
        }
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

    fn lose_link(&mut self, now: Duration, retry_after: Option<Duration>) {
        if self.live_since.take().is_some_and(|since| now.saturating_sub(since) >= SETTLED) {
            self.backoff.reset();
        }
        let delay = retry_after.unwrap_or_else(|| self.backoff.next_delay());
        self.retry_at = Some(now + delay);
        self.forget_connection();
        self.set_link(Link::Waiting);
    }

    fn forget_connection(&mut self) {
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
        (is_linked && self.probed_at.is_none()).then(|| self.last_heard + silence)
    }

    /// The next message for the server.
    pub fn poll_message(&mut self) -> Option<Bytes> {
        let mut message = MessageBuilder::new();
        while let Some(frame) = self.frames.front() {
            // One byte for the kind of the batch.
            if !message.is_empty() && 1 + message.len() + MessageBuilder::cost(frame.len()) > self.max_message_bytes {
                break;
            }
            message.push(frame);
            self.frames.pop_front();
        }
        message.finish()
    }

    /// The next thing to tell the application.
    pub fn poll_update(&mut self) -> Option<Update> {
        self.updates.pop_front()
    }

    // ---- shared steps ----

    /// Opens a channel on the present connection, with all that the application wants of it.
    fn open_channel(&mut self, handle: Handle) {
        let is_linked = matches!(self.link, Link::Greeting | Link::Live);
        let Some(channel) = self.channels.get_mut(&handle).filter(|_| is_linked) else { return };
        self.last_ch += 1;
        let ch = self.last_ch;
        self.by_ch.insert(ch, handle);
        channel.phase = Phase::Opening { ch };
        let (name, digest) = (channel.unit.name.to_owned(), Bytes::copy_from_slice(&channel.digest));
        let open = Open { ch, name, digest, key: channel.key.clone() };
        let is_failed = matches!(channel.subscription, Subscription::Failed { .. });
        let subscribe = (channel.is_wanted && !is_failed).then(|| channel.subscribe(ch));
        let listens: Vec<u32> = channel.listens.keys().copied().collect();
        self.send_frame(open);
        if let Some(request) = subscribe {
            self.send_frame(request);
        }
        for event in listens {
            self.send_frame(Listen { ch, event });
        }
        self.refresh(handle);
    }

    fn send_queued(&mut self, now: Duration, handle: Handle) {
        let Some(ch) = self.channels.get(&handle).and_then(Channel::ch) else { return };
        for id in self.calls.queued_for(handle) {
            if let Some(call) = self.calls.send(now, id, ch) {
                self.send_frame(call);
            }
        }
    }

    /// Hands out the answers whose values are there.
    fn settle_calls(&mut self) {
        let channels = &self.channels;
        let is_met = |need: &calls::Need| match channels.get(&need.handle) {
            Some(channel) if channel.view() == Some(need.view) => {
                let is_live = matches!(channel.subscription, Subscription::Live { .. });
                is_live && channel.held.is_some_and(|held| held.version >= need.version)
            }
            _ => true,
        };
        for (id, result) in self.calls.take_met(is_met) {
            self.end_call(id, result);
        }
    }

    fn end_call(&mut self, call: u32, result: CallResult) {
        self.updates.push_back(Update::Reply { call, result });
    }

    fn send_frame(&mut self, frame: impl Into<ClientFrame>) {
        self.frames.push_back(frame.into().encode());
    }

    fn set_link(&mut self, link: Link) {
        if self.link != link {
            self.link = link.clone();
            self.updates.push_back(Update::Link(link));
        }
    }

    /// Tells the application if a handle's status changed.
    fn refresh(&mut self, handle: Handle) {
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        let status = channel.current_status(matches!(self.link, Link::Stopped { .. }));
        if channel.status != status {
            channel.status = status.clone();
            self.updates.push_back(Update::Status(handle, status));
        }
    }

    fn welcomed(&mut self, now: Duration, welcome: &Welcome) {
        self.max_message_bytes = welcome.max_message_bytes as usize;
        self.live_since = Some(now);
        self.set_link(Link::Live);
    }
}
