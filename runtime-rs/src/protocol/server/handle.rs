//! What each frame of a live connection does, and what the application's answers do.

use std::time::Duration;

use bytes::Bytes;

use super::super::PROTOCOL_VERSION;
use super::super::envelope::Malformed;
use super::super::frames::ClientFrame;
use super::super::generated::session::v1::GoodbyeCode;
use super::super::generated::session::v1::{
    Call, CallCode, Cancel, Hello, Listen, Listening, Open, OpenCode, OpenRefused, Opened, Pong, Seen, Send, Subscribe,
    Unlisten, Unsubscribe, Unsubscribed, Welcome,
};
use super::calls::{self, Outcome};
use super::channel::{Channel, OpenChannel, Target};
use super::cursor::Cursor;
use super::streams::CallStream;
use super::waiting::channel_of;
use super::{Ending, OpenRefusal, Phase, Request, ServerCore};

impl ServerCore {
    pub(super) fn greet(&mut self, hello: Hello) {
        if hello.protocol != PROTOCOL_VERSION {
            let message = format!("this server speaks protocol {PROTOCOL_VERSION}, not {}", hello.protocol);
            return self.end(GoodbyeCode::Version, message);
        }
        self.phase = Phase::Authenticating(Vec::new());
        self.requests.push_back(Request::Authenticate { token: hello.token, client: hello.client });
    }

    /// The application has looked at the token.
    pub fn authenticated(&mut self, now: Duration, answer: Result<(), Ending>) {
        let Phase::Authenticating(held) = &mut self.phase else { return };
        let held = std::mem::take(held);
        if let Err(Ending { code, message }) = answer {
            return self.end(code, message);
        }
        self.phase = Phase::Live;
        self.last_heard = now;
        self.reply(Welcome {
            server: concat!("restream-rs ", env!("CARGO_PKG_VERSION")).to_owned(),
            max_message_bytes: saturate(self.limits.max_message_bytes),
            max_calls: saturate(self.limits.max_calls),
            max_channels: saturate(self.limits.max_channels),
        });
        for message in &held {
            if let Err(error) = self.receive_held(now, message) {
                return self.end_malformed(error);
            }
        }
    }

    pub(super) fn handle(&mut self, now: Duration, frame: ClientFrame) -> Result<(), Malformed> {
        match frame {
            ClientFrame::Ping(ping) => self.reply(Pong { n: ping.n }),
            ClientFrame::Pong(_) | ClientFrame::Hello(_) => {}
            ClientFrame::Goodbye(goodbye) => {
                self.phase = Phase::Ended(Ending { code: GoodbyeCode::Normal, message: goodbye.message });
            }
            ClientFrame::Cancel(cancel) => self.cancel(&cancel),
            ClientFrame::Item(item) => self.item(item)?,
            ClientFrame::End(end) => self.end_of_items(&end)?,
            ClientFrame::Credit(credit) => self.credit(&credit)?,
            ClientFrame::Call(call) => {
                if self.admit(now, &call)? {
                    self.route(ClientFrame::Call(call))?;
                }
            }
            frame => self.route(frame)?,
        }
        Ok(())
    }

    /// Does what a frame says, or lets it wait for the channel that it names.
    fn route(&mut self, frame: ClientFrame) -> Result<(), Malformed> {
        let Some(ch) = channel_of(&frame) else { return Ok(()) };
        let is_open = matches!(frame, ClientFrame::Open(_));
        if self.waiting.blocks(&frame, ch) || (self.channels.is_opening(ch) && !is_open) {
            self.waiting.push(frame, ch);
            if self.waiting.bytes() > self.limits.hard_queue_bytes {
                self.end(GoodbyeCode::Rate, "too much waits for an open".to_owned());
            }
            return Ok(());
        }
        match frame {
            ClientFrame::Open(open) => self.open(open)?,
            ClientFrame::Close(close) => self.close(close.ch),
            ClientFrame::Subscribe(subscribe) => self.subscribe(&subscribe)?,
            ClientFrame::Unsubscribe(unsubscribe) => self.unsubscribe(&unsubscribe),
            ClientFrame::Call(call) => self.start_call(call),
            ClientFrame::Send(send) => self.start_send(send),
            ClientFrame::Listen(listen) => self.listen(listen)?,
            ClientFrame::Unlisten(unlisten) => self.unlisten(unlisten),
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, open: Open) -> Result<(), Malformed> {
        let Open { ch, name, digest, key } = open;
        if ch == 0 || self.channels.0.contains_key(&ch) {
            return Err(Malformed("a channel that is 0 or in use"));
        }
        let refusal = |code, message: String| OpenRefused { ch, code, message, digest: None };
        if self.channels.0.len() >= self.limits.max_channels {
            let message = format!("{} channels are open", self.limits.max_channels);
            self.reply(refusal(OpenCode::TooMany, message));
        } else if key.len() > self.limits.max_key_bytes {
            let message = format!("a key of more than {} bytes", self.limits.max_key_bytes);
            self.reply(refusal(OpenCode::InvalidKey, message));
        } else {
            self.channels.0.insert(ch, Channel::Opening);
            self.requests.push_back(Request::Open { ch, name, digest, key });
        }
        Ok(())
    }

    /// The application has opened an instance, or refused to. False: it is not of use (any more), let it go.
    pub fn opened(&mut self, ch: u32, answer: Result<Target, OpenRefusal>) -> bool {
        if !self.is_live() || !self.channels.is_opening(ch) {
            return false;
        }
        let answer = answer.and_then(|target| match self.channels.holding(target.instance) {
            None => Ok(target),
            Some(other) => Err(OpenRefusal {
                code: OpenCode::TooMany,
                message: format!("open already on this connection, as channel {other}"),
                digest: Some(target.digest),
            }),
        });
        let is_open = answer.is_ok();
        match answer {
            Ok(target) => {
                let digest = target.digest.clone();
                let channel = OpenChannel { target, cursor: None, listens: std::collections::BTreeSet::new() };
                self.channels.0.insert(ch, Channel::Open(channel));
                self.reply(Opened { ch, digest });
            }
            Err(OpenRefusal { code, message, digest }) => {
                self.channels.0.remove(&ch);
                self.reply(OpenRefused { ch, code, message, digest });
            }
        }
        if self.waiting.waits_for(ch) {
            self.route_waiting();
        }
        is_open
    }

    fn route_waiting(&mut self) {
        for frame in self.waiting.take() {
            if !self.is_live() {
                return;
            }
            if let Err(error) = self.route(frame) {
                return self.end_malformed(error);
            }
        }
    }

    fn close(&mut self, ch: u32) {
        if self.channels.0.remove(&ch).is_some() {
            self.requests.push_back(Request::Close { ch });
        }
    }

    fn subscribe(&mut self, request: &Subscribe) -> Result<(), Malformed> {
        let Some(channel) = self.channels.open(request.ch) else { return Ok(()) };
        let Some(view) = channel.target.view.clone() else { return Err(Malformed("a subscription to a service")) };
        if channel.cursor.is_some() {
            return Err(Malformed("a second subscription"));
        }
        let (cursor, answer) = Cursor::start(view, request);
        channel.cursor = Some(cursor);
        self.reply(answer);
        Ok(())
    }

    fn unsubscribe(&mut self, request: &Unsubscribe) {
        if let Some(channel) = self.channels.open(request.ch) {
            channel.cursor = None;
            self.reply(Unsubscribed { ch: request.ch });
        }
    }

    /// Takes a call in or fails it at once.
    fn admit(&mut self, now: Duration, call: &Call) -> Result<bool, Malformed> {
        if self.calls.0.contains_key(&call.id) {
            return Err(Malformed("a call id in use"));
        }
        if self.calls.0.len() >= self.limits.max_calls {
            let message = format!("{} calls are in flight", self.limits.max_calls);
            self.answer(call.id, Outcome::failed(CallCode::Busy, &message), &[]);
            return Ok(false);
        }
        if call.streams && self.calls.streaming().count() >= self.limits.max_streams {
            let message = format!("{} streams are open", self.limits.max_streams);
            self.answer(call.id, Outcome::failed(CallCode::Busy, &message), &[]);
            return Ok(false);
        }
        let due = match call.deadline_ms {
            // A stream may go on for as long as it likes.
            0 if call.streams => None,
            0 => Some(now + self.limits.call_deadline),
            ms => Some(now + Duration::from_millis(u64::from(ms))),
        };
        let stream = call.streams.then(|| CallStream::new(call.items, call.bytes));
        self.calls.0.insert(call.id, calls::Call { due, stream, began: None });
        Ok(true)
    }

    fn start_call(&mut self, call: Call) {
        let Call { ch, id, method, args, key, streams, .. } = call;
        if self.channels.open(ch).is_none() {
            if self.calls.0.remove(&id).is_some() {
                self.answer(id, Outcome::failed(CallCode::Unavailable, "the channel is not open"), &[]);
            }
            return;
        }
        let began = self.channels.cursors().map(|(ch, cursor)| (ch, cursor.view().version())).collect();
        // A call that was cancelled or grew too old while it waited is not started.
        if let Some(entry) = self.calls.0.get_mut(&id) {
            entry.began = Some(began);
            self.requests.push_back(Request::Call { ch, id, method, args, due: entry.due, key, streams });
        }
    }

    fn cancel(&mut self, cancel: &Cancel) {
        if self.calls.0.contains_key(&cancel.id) {
            self.give_up(cancel.id, CallCode::Cancelled, "cancelled by the caller");
        }
    }

    pub(super) fn give_up_overdue(&mut self, now: Duration) {
        for id in self.calls.overdue(now) {
            self.give_up(id, CallCode::Deadline, "not finished in time");
        }
    }

    /// Ends a call at once: items that wait are dropped.
    fn give_up(&mut self, id: u32, code: CallCode, message: &str) {
        if let Some(call) = self.calls.0.remove(&id) {
            self.requests.push_back(Request::Cancel { id });
            let seen = self.seen_since(&call);
            self.answer(id, Outcome::failed(code, message), &seen);
        }
    }

    /// A call has ended. Says which versions its effects have, so that the caller can wait for them. Items that wait go
    /// before the answer.
    pub fn finished(&mut self, id: u32, outcome: Outcome) {
        let Some(call) = self.calls.0.get(&id) else { return };
        let seen = self.seen_since(call);
        let answer = outcome.bounded(self.limits.max_result_bytes).frame(id, &seen).encode();
        let answer = match self.calls.stream(id) {
            Some(stream) => stream.hold(answer),
            None => Some(answer),
        };
        if let Some(answer) = answer {
            self.calls.0.remove(&id);
            self.queue(answer);
        }
    }

    /// Every subscribed store that moved since the call began, or since it was subscribed if that was later.
    fn seen_since(&self, call: &calls::Call) -> Vec<Seen> {
        let Some(began) = &call.began else { return Vec::new() };
        let versions = self.channels.cursors().map(|(ch, cursor)| {
            let from = began.get(&ch).copied().unwrap_or_else(|| cursor.began());
            (from, Seen { view: cursor.view().number(), version: cursor.view().version() })
        });
        versions.filter(|(from, seen)| seen.version > *from).map(|(_, seen)| seen).collect()
    }

    fn answer(&mut self, id: u32, outcome: Outcome, seen: &[Seen]) {
        self.reply(outcome.frame(id, seen));
    }

    fn start_send(&mut self, send: Send) {
        let Send { ch, method, args } = send;
        if self.channels.open(ch).is_some() && self.n_sends < self.limits.max_calls {
            self.n_sends += 1;
            self.requests.push_back(Request::Send { ch, method, args });
        }
    }

    /// A send is over.
    pub fn sent(&mut self) {
        self.n_sends = self.n_sends.saturating_sub(1);
    }

    fn listen(&mut self, listen: Listen) -> Result<(), Malformed> {
        let Listen { ch, event, key } = listen;
        let has_room = self.channels.n_listens() < self.limits.max_listens && key.len() <= self.limits.max_key_bytes;
        match self.channels.open(ch) {
            Some(channel) if has_room => {
                if !channel.listens.insert((event, key.clone())) {
                    return Err(Malformed("a second listen"));
                }
                self.requests.push_back(Request::Listen { ch, event, key });
            }
            _ => self.reply(Listening { ch, event, stream: 0, denied: true, key }),
        }
        Ok(())
    }

    /// The application has looked up an event: the number of its stream, or `None` if the client may not listen.
    pub fn listening(&mut self, ch: u32, event: u32, key: Bytes, stream: Option<u32>) {
        let Some(channel) = self.channels.open(ch) else { return };
        if stream.is_none() {
            channel.listens.remove(&(event, key.clone()));
        }
        self.reply(Listening { ch, event, stream: stream.unwrap_or(0), denied: stream.is_none(), key });
    }

    fn unlisten(&mut self, unlisten: Unlisten) {
        let Unlisten { ch, event, key } = unlisten;
        if self.channels.open(ch).is_some_and(|channel| channel.listens.remove(&(event, key.clone()))) {
            self.requests.push_back(Request::Unlisten { ch, event, key });
        }
    }

    /// An event for this client: a whole frame, shared by everybody who listens.
    pub fn event(&mut self, frame: Bytes) {
        if self.is_live() {
            self.queue(frame);
        }
    }
}

fn saturate(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
