//! Streams of calls as handlers see them: a [`Sink`] for items to the caller, a [`Source`] of items from it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

use super::ctx::Ctx;
use super::inbox::Inbox;
use crate::codec::check::{Path, Violation};
use crate::codec::{Level, Row, decode, encode_at};
use crate::error::{RefusalCode, Refused};
use crate::protocol::limits::Limits;
use crate::protocol::server::Pipe;

/// Bytes of items that wait for credit or for the socket before a handler has to wait.
const QUEUE_BYTES: usize = 16 << 10;

/// Where the items of a call go: the handler of an rpc that answers with a `stream` gets one.
///
/// Dropping it ends nothing: the stream ends when the handler returns, with an error or without.
pub struct Sink<T> {
    pipe: Option<Arc<CallPipe>>,
    encode: fn(T, Level) -> Result<Bytes, Violation>,
    level: Level,
}

impl<T> Sink<T> {
    /// For generated code: the sink of the call in progress. Items travel as the row `R`.
    #[doc(hidden)]
    #[must_use]
    pub fn of<R: Row + From<T>>(ctx: &Ctx) -> Self {
        let encode = |item, level| {
            let row = R::from(item);
            row.check_row(&Path::root().field("item"))?;
            Ok(encode_at(&row, level))
        };
        Self { pipe: ctx.pipe.clone(), encode, level: ctx.level() }
    }

    /// Sends an item, waiting while the caller takes none: a handler is never far ahead of its caller. Dropping the
    /// future before it is ready sends nothing.
    ///
    /// # Errors
    /// `constraint` if the item breaks one (its path begins with `item`), `too_large` if it has more than [`Limits::max_item_bytes`], `unavailable` if the call is over (a handler
    /// does not see this, because its future is dropped then; tasks that it started do).
    pub async fn send(&self, item: T) -> Result<(), Refused> {
        let Some(pipe) = &self.pipe else { return Err(over()) };
        let body = (self.encode)(item, self.level)?;
        if body.len() > pipe.max_item_bytes {
            let message = format!("an item of more than {} bytes", pipe.max_item_bytes);
            return Err(Refused::new(RefusalCode::TooLarge, message));
        }
        loop {
            // Made before the look, so that room made in between is not missed.
            let changed = pipe.changed.notified();
            if pipe.push(&body)? {
                return Ok(());
            }
            changed.await;
        }
    }
}

/// Items from the caller: the handler of an rpc with a `stream` parameter gets one. Dropping it takes no more; the caller
/// waits for the answer then.
pub struct Source<T> {
    pipe: Option<Arc<CallPipe>>,
    decode: fn(&[u8]) -> Result<T, Refused>,
}

impl<T> Source<T> {
    /// For generated code: the source of the call in progress. Items travel as the row `R`.
    #[doc(hidden)]
    #[must_use]
    pub fn of<R: Row + Into<T>>(ctx: &Ctx) -> Self {
        let decode = |bytes: &[u8]| {
            let invalid = |error| Refused::invalid(format!("an item does not decode: {error}"));
            let row = decode::<R>(bytes).map_err(invalid)?;
            row.check_row(&Path::root().field("item"))?;
            Ok(row.into())
        };
        let pipe = ctx.pipe.clone();
        if let Some(pipe) = &pipe {
            pipe.lock().is_taken = true;
            pipe.inbox.wake();
        }
        Self { pipe, decode }
    }

    /// The next item; `None` after the last. Dropping the future before it is ready loses nothing.
    ///
    /// # Errors
    /// `invalid` if the item does not decode, `constraint` if it breaks one, `unavailable` if the call is over (see [`Sink::send`]).
    pub async fn next(&mut self) -> Result<Option<T>, Refused> {
        let Some(pipe) = &self.pipe else { return Err(over()) };
        loop {
            let changed = pipe.changed.notified();
            match pipe.take()? {
                Taken::Item(body) => {
                    return (self.decode)(&body).map(Some);
                }
                Taken::End => return Ok(None),
                Taken::Nothing => changed.await,
            }
        }
    }
}

impl<T> Drop for Source<T> {
    fn drop(&mut self) {
        if let Some(pipe) = &self.pipe {
            let mut state = pipe.lock();
            state.is_taken = false;
            state.input.clear();
        }
    }
}

impl<T> fmt::Debug for Sink<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Source<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").finish_non_exhaustive()
    }
}

fn over() -> Refused {
    Refused::unavailable("the call is over")
}

/// What handler and connection share of one call.
#[derive(Debug)]
pub(super) struct CallPipe {
    state: Mutex<State>,
    /// There is room, an item, or the end.
    changed: Notify,
    inbox: Arc<Inbox>,
    max_item_bytes: usize,
    window: (u32, u32),
}

#[derive(Debug, Default)]
struct State {
    is_closed: bool,
    output: VecDeque<Bytes>,
    output_bytes: usize,
    /// Somebody takes items.
    is_taken: bool,
    input: VecDeque<Bytes>,
    has_ended: bool,
    /// The first credit has been given.
    is_granted: bool,
    /// What was taken since credit was last given: items and bytes.
    taken: (u32, u32),
}

enum Taken {
    Item(Bytes),
    End,
    Nothing,
}

impl CallPipe {
    pub(super) fn new(limits: &Limits, inbox: Arc<Inbox>) -> Self {
        let window = (limits.stream_items.max(1), limits.stream_bytes.max(1));
        let (state, changed, max_item_bytes) = (Mutex::default(), Notify::new(), limits.max_item_bytes);
        Self { state, changed, inbox, max_item_bytes, window }
    }

    /// Queues an item; false: there is no room.
    fn push(&self, body: &Bytes) -> Result<bool, Refused> {
        let mut state = self.lock();
        if state.is_closed {
            return Err(over());
        }
        let has_room = state.output_bytes < QUEUE_BYTES;
        if has_room {
            // A small item takes more place than its bytes.
            state.output_bytes += size_of::<Bytes>() + body.len();
            state.output.push_back(body.clone());
            drop(state);
            self.inbox.wake();
        }
        Ok(has_room)
    }

    fn take(&self) -> Result<Taken, Refused> {
        let mut state = self.lock();
        let Some(body) = state.input.pop_front() else {
            return match (state.has_ended, state.is_closed) {
                (true, _) => Ok(Taken::End),
                (false, true) => Err(over()),
                (false, false) => Ok(Taken::Nothing),
            };
        };
        state.taken.0 += 1;
        state.taken.1 = state.taken.1.saturating_add(u32::try_from(body.len()).unwrap_or(u32::MAX));
        if self.is_grant_due(&state) {
            self.inbox.wake();
        }
        Ok(Taken::Item(body))
    }

    /// Credit is given back in large pieces, so that it costs few frames.
    fn is_grant_due(&self, state: &State) -> bool {
        let (items, bytes) = self.window;
        let is_much = state.taken.0 >= items.div_ceil(2) || state.taken.1 >= bytes.div_ceil(2);
        state.is_taken && !state.is_closed && (!state.is_granted || is_much)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pipe for CallPipe {
    fn has_item(&self) -> bool {
        !self.lock().output.is_empty()
    }

    fn next_item(&self) -> Option<Bytes> {
        let mut state = self.lock();
        let body = state.output.pop_front()?;
        state.output_bytes -= size_of::<Bytes>() + body.len();
        drop(state);
        self.changed.notify_waiters();
        Some(body)
    }

    fn take_grant(&self) -> Option<(u32, u32)> {
        let mut state = self.lock();
        if !self.is_grant_due(&state) {
            return None;
        }
        let taken = std::mem::take(&mut state.taken);
        if std::mem::replace(&mut state.is_granted, true) { Some(taken) } else { Some(self.window) }
    }

    fn accept(&self, item: Bytes) {
        let mut state = self.lock();
        if state.is_taken {
            state.input.push_back(item);
            drop(state);
            self.changed.notify_waiters();
        }
    }

    fn end(&self) {
        self.lock().has_ended = true;
        self.changed.notify_waiters();
    }

    fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_waiters();
    }
}
