//! The client's side: one [`ClientCore`] for the life of a client, across its connections.
//!
//! The caller owns the socket. It dials when [`ClientCore::link`] is [`Link::Connecting`], tells what happens to the
//! socket, writes what [`ClientCore::poll_message`] gives, acts on what [`ClientCore::poll_update`] tells, and closes the
//! socket once the link is [`Link::Waiting`] or [`Link::Stopped`] and nothing is left to write.

mod backoff;
mod calls;
mod channel;
mod life;
mod receive;
mod replica;
mod streams;
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
use self::channel::{Channel, Listened, Phase, Subscription};
use self::streams::Stream;
use super::frames::ClientFrame;
use super::generated::session::v1::{CallCode, Cancel, Close, End, Listen, Open, Send, Unlisten, Unsubscribe};
use super::unit::UnitInfo;

/// Bytes of the message that begins with the hello.
const HELLO_MAX_MESSAGE_BYTES: usize = 8 << 10;
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
    last_pinged: Duration,
    /// The next message begins with the hello.
    is_greeting: bool,
    max_message_bytes: usize,
    channels: BTreeMap<Handle, Channel>,
    last_handle: u32,
    last_ch: u32,
    by_ch: BTreeMap<u32, Handle>,
    by_view: BTreeMap<u32, Handle>,
    by_stream: BTreeMap<u32, (Handle, Listened)>,
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
            last_pinged: Duration::ZERO,
            is_greeting: false,
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

    /// Wants an event, of one key (its row) if it is keyed, else of the empty one.
    pub fn listen(&mut self, handle: Handle, event: u32, key: Bytes) {
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        if channel.listens.contains_key(&(event, key.clone())) {
            return;
        }
        channel.listens.insert((event, key.clone()), None);
        if let Some(ch) = channel.ch() {
            self.send_frame(Listen { ch, event, key });
        }
    }

    /// Wants an event no more.
    pub fn unlisten(&mut self, handle: Handle, event: u32, key: Bytes) {
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        if let Some(stream) = channel.listens.remove(&(event, key.clone()))
            && let Some(ch) = channel.ch()
        {
            if let Some(stream) = stream {
                self.by_stream.remove(&stream);
            }
            self.send_frame(Unlisten { ch, event, key });
        }
    }

    /// Calls a method; the end comes as [`Update::Reply`] with the number returned.
    pub fn call(&mut self, now: Duration, handle: Handle, method: u32, args: Bytes, deadline: Duration) -> u32 {
        self.begin_call(now, handle, method, args, now.saturating_add(deadline), None)
    }

    fn begin_call(
        &mut self,
        now: Duration,
        handle: Handle,
        method: u32,
        args: Bytes,
        due: Duration,
        stream: Option<Stream>,
    ) -> u32 {
        let id = self.calls.next_id();
        if args.len() + CALL_OVERHEAD_BYTES > self.max_message_bytes {
            return self.refuse_call(id, CallCode::TooLarge, "more arguments than a message may have");
        }
        if !self.calls.has_room(args.len()) {
            return self.refuse_call(id, CallCode::Busy, "too many calls wait for a connection");
        }
        if let Some(why) = self.refusal(handle) {
            return self.refuse_call(id, CallCode::Unavailable, &why);
        }
        let call = Pending { handle, method, args, key: None, due: Some(due), state: CallState::Queued, stream };
        self.calls.pending.insert(id, call);
        self.send_queued(now);
        id
    }

    /// Why calls of a handle cannot go anywhere, if so.
    fn refusal(&self, handle: Handle) -> Option<String> {
        match self.channels.get(&handle).map(|channel| &channel.phase) {
            None => Some("the handle is closed".to_owned()),
            Some(Phase::Refused { code, .. }) if self.link == Link::Live => {
                Some(format!("the server refused it: {code}"))
            }
            Some(_) => None,
        }
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
        let listens: Vec<Listened> = channel.listens.keys().cloned().collect();
        self.send_frame(open);
        if let Some(request) = subscribe {
            self.send_frame(request);
        }
        for (event, key) in listens {
            self.send_frame(Listen { ch, event, key });
        }
        self.refresh(handle);
    }

    /// Sends the calls that waited, in the order they were made.
    fn send_queued(&mut self, now: Duration) {
        for (id, handle) in self.calls.queued() {
            if let Some(ch) = self.channels.get(&handle).and_then(Channel::ch)
                && let Some(call) = self.calls.send(now, id, ch)
            {
                self.send_frame(call);
                if self.calls.stream(id).is_some_and(|stream| stream.has_ended) {
                    self.send_frame(End { id });
                }
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

    /// Tells the application if a handle's status changed.
    fn refresh(&mut self, handle: Handle) {
        let Some(channel) = self.channels.get_mut(&handle) else { return };
        let status = channel.current_status(matches!(self.link, Link::Stopped { .. }));
        if channel.status != status {
            channel.status = status.clone();
            self.updates.push_back(Update::Status(handle, status));
        }
    }
}
