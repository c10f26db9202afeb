//! The event streams of one instance.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::inbox::Inbox;
use super::numbers::Number;
use crate::Level;
use crate::protocol::frames::ServerFrame;
use crate::protocol::generated::session::v1::EventFrame;

/// An event and the row of its key, empty without one.
pub(super) type Listened = (u32, Bytes);

/// Who listens to which event of an instance.
#[derive(Debug, Default)]
pub(super) struct Streams(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    streams: BTreeMap<Listened, Stream>,
    /// What the handler is still to be told.
    hooks: VecDeque<Hook>,
    /// Somebody tells it.
    is_telling: bool,
}

#[derive(Debug)]
struct Stream {
    number: Number,
    /// By connection.
    listeners: BTreeMap<u64, Listener>,
}

/// One connection.
#[derive(Debug)]
pub(super) struct Listener {
    pub(super) level: Level,
    pub(super) inbox: Arc<Inbox>,
}

/// The first listener of a key has come, or the last has gone.
#[derive(Debug)]
pub(super) struct Hook {
    pub(super) event: u32,
    pub(super) key: Bytes,
    pub(super) is_first: bool,
}

/// Who tells the handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runs {
    /// Whoever got this: with [`Streams::next_hook`] until there is none.
    Here,
    /// Somebody else, or there is nothing to tell.
    Elsewhere,
}

/// An event on its way to listeners: encoded once for each level among them.
pub(super) struct Encoded<'a> {
    encode: &'a dyn Fn(Level) -> Bytes,
    made: Vec<(Level, Bytes)>,
}

impl<'a> Encoded<'a> {
    pub(super) fn new(encode: &'a dyn Fn(Level) -> Bytes) -> Self {
        Self { encode, made: Vec::new() }
    }

    fn at(&mut self, level: Level) -> Bytes {
        if let Some((_, body)) = self.made.iter().find(|(made, _)| *made == level) {
            return body.clone();
        }
        let body = (self.encode)(level);
        // What looks the same is the same, so that frames can be shared.
        let body = self.made.iter().find(|(_, made)| *made == body).map_or(body, |(_, made)| made.clone());
        self.made.push((level, body.clone()));
        body
    }
}

impl Streams {
    /// Adds a listener and gives the number of the stream.
    pub(super) fn listen(&self, listened: Listened, connection: u64, listener: Listener) -> (u32, Runs) {
        let mut state = self.lock();
        let is_first = !state.streams.contains_key(&listened);
        let new = || Stream { number: Number::take(), listeners: BTreeMap::new() };
        let stream = state.streams.entry(listened.clone()).or_insert_with(new);
        stream.listeners.insert(connection, listener);
        let number = stream.number.get();
        (number, if is_first { state.tell(listened, true) } else { Runs::Elsewhere })
    }

    /// Removes a listener; the number is free again after the last.
    pub(super) fn unlisten(&self, listened: Listened, connection: u64) -> Runs {
        let mut state = self.lock();
        let Some(stream) = state.streams.get_mut(&listened) else { return Runs::Elsewhere };
        stream.listeners.remove(&connection);
        if !stream.listeners.is_empty() {
            return Runs::Elsewhere;
        }
        state.streams.remove(&listened);
        state.tell(listened, false)
    }

    /// What to tell the handler next.
    pub(super) fn next_hook(&self) -> Option<Hook> {
        let mut state = self.lock();
        let hook = state.hooks.pop_front();
        state.is_telling = hook.is_some();
        hook
    }

    /// Gives an event to everybody who listens.
    pub(super) fn emit(&self, listened: &Listened, version: impl FnOnce() -> u64, event: &mut Encoded<'_>) {
        let state = self.lock();
        let Some(stream) = state.streams.get(listened) else { return };
        let (number, version) = (stream.number.get(), version());
        let mut frames: Vec<(Bytes, Bytes)> = Vec::new();
        for listener in stream.listeners.values() {
            let body = event.at(listener.level);
            let made = frames.iter().find(|(of, _)| *of == body).map(|(_, frame)| frame.clone());
            let frame = made.unwrap_or_else(|| {
                let frame = ServerFrame::from(EventFrame { stream: number, version, body: body.clone() }).encode();
                frames.push((body, frame.clone()));
                frame
            });
            listener.inbox.push(frame);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Under the lock that decided who is first, so that the handler is told in that order.
    fn tell(&mut self, (event, key): Listened, is_first: bool) -> Runs {
        if key.is_empty() {
            return Runs::Elsewhere;
        }
        self.hooks.push_back(Hook { event, key, is_first });
        if std::mem::replace(&mut self.is_telling, true) { Runs::Elsewhere } else { Runs::Here }
    }
}
