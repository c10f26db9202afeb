//! What others leave for a connection: a wake-up, and events.

use std::collections::VecDeque;
use std::mem::take;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

/// Shared by a connection's task and everything that wants its attention. Wake-ups coalesce.
#[derive(Debug)]
pub(crate) struct Inbox {
    notify: Notify,
    events: Mutex<Events>,
    max_bytes: usize,
}

#[derive(Debug, Default)]
struct Events {
    frames: VecDeque<Bytes>,
    bytes: usize,
    has_overflown: bool,
}

impl Inbox {
    /// Holds events of at most `max_bytes` until the task takes them.
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self { notify: Notify::new(), events: Mutex::default(), max_bytes }
    }

    pub(crate) fn wake(&self) {
        self.notify.notify_one();
    }

    /// Leaves a whole event frame.
    pub(crate) fn push(&self, frame: Bytes) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        // A small frame takes more place than its bytes.
        let n_bytes = size_of::<Bytes>() + frame.len();
        if events.bytes + n_bytes > self.max_bytes {
            events.has_overflown = true;
        } else {
            events.bytes += n_bytes;
            events.frames.push_back(frame);
        }
        drop(events);
        self.wake();
    }

    /// Takes the events in order; `None`: there were more than may wait.
    pub(crate) fn take(&self) -> Option<VecDeque<Bytes>> {
        let events = take(&mut *self.events.lock().unwrap_or_else(PoisonError::into_inner));
        (!events.has_overflown).then_some(events.frames)
    }

    /// Waits for the next wake-up; one that came before counts.
    pub(crate) async fn notified(&self) {
        self.notify.notified().await;
    }
}
