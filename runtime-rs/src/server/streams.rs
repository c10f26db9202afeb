//! The event streams of one instance.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::inbox::Inbox;
use super::numbers::Number;
use crate::protocol::frames::ServerFrame;
use crate::protocol::generated::session::v1::EventFrame;

/// Who listens to which event of an instance.
#[derive(Debug, Default)]
pub(super) struct Streams(Mutex<BTreeMap<u32, Stream>>);

#[derive(Debug)]
struct Stream {
    number: Number,
    /// By connection.
    listeners: BTreeMap<u64, Arc<Inbox>>,
}

impl Streams {
    /// Adds a listener and gives the number of the stream.
    pub(super) fn listen(&self, event: u32, connection: u64, inbox: Arc<Inbox>) -> u32 {
        let mut streams = self.lock();
        let new = || Stream { number: Number::take(), listeners: BTreeMap::new() };
        let stream = streams.entry(event).or_insert_with(new);
        stream.listeners.insert(connection, inbox);
        stream.number.get()
    }

    /// Removes a listener; the number is free again after the last.
    pub(super) fn unlisten(&self, event: u32, connection: u64) {
        let mut streams = self.lock();
        if let Some(stream) = streams.get_mut(&event) {
            stream.listeners.remove(&connection);
            if stream.listeners.is_empty() {
                streams.remove(&event);
            }
        }
    }

    /// Gives an event to everybody who listens: one frame, shared.
    pub(super) fn emit(&self, event: u32, version: impl FnOnce() -> u64, body: &Bytes) {
        if let Some(stream) = self.lock().get(&event) {
            let frame = EventFrame { stream: stream.number.get(), version: version(), body: body.clone() };
            let frame = ServerFrame::from(frame).encode();
            stream.listeners.values().for_each(|inbox| inbox.push(frame.clone()));
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Stream>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
