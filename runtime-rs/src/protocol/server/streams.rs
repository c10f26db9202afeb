//! The streams of calls: items to and from the caller, each direction with its own credit.

use std::sync::Arc;

use bytes::Bytes;

use super::super::envelope::{Malformed, MessageBuilder};
use super::super::frames::ServerFrame;
use super::super::generated::session::v1::{Credit, End, Item};
use super::super::window::Window;
use super::ServerCore;

/// What the application has for the caller of one call, and what it takes from it. The core asks when the socket has
/// room, so that nothing but a pipe's own few items waits anywhere.
pub trait Pipe: Send + Sync {
    /// Whether an item for the caller waits.
    fn has_item(&self) -> bool;

    /// The next item for the caller.
    fn next_item(&self) -> Option<Bytes>;

    /// How many items and bytes more the caller may send, since this was last asked.
    fn take_grant(&self) -> Option<(u32, u32)>;

    /// An item from the caller, within what was granted.
    fn accept(&self, item: Bytes);

    /// The caller has sent its last item.
    fn end(&self);

    /// The call is over: what waits may still be asked for, nothing new is taken or comes.
    fn close(&self);
}

/// The streams of one call.
pub(super) struct CallStream {
    /// There once the handler has been started.
    pipe: Option<Arc<dyn Pipe>>,
    to_caller: Window,
    from_caller: Window,
    has_ended: bool,
    /// Items have been sent since the caller last gave credit.
    has_sent: bool,
    /// The answer, which goes behind the last item.
    held: Option<Bytes>,
}

impl CallStream {
    pub(super) fn new(items: u32, bytes: u32) -> Self {
        let mut to_caller = Window::default();
        to_caller.grant(items, bytes);
        Self { pipe: None, to_caller, from_caller: Window::default(), has_ended: false, has_sent: false, held: None }
    }

    fn attach(&mut self, pipe: Arc<dyn Pipe>) {
        if self.has_ended {
            pipe.end();
        }
        self.pipe = Some(pipe);
    }

    /// Nothing new is taken from the handler. Keeps the answer if items go before it, else gives it back.
    pub(super) fn hold(&mut self, answer: Bytes) -> Option<Bytes> {
        let has_item = self.pipe.as_ref().is_some_and(|pipe| {
            pipe.close();
            pipe.has_item()
        });
        if !has_item {
            return Some(answer);
        }
        self.held = Some(answer);
        None
    }

    fn accept(&mut self, item: Bytes) -> Result<(), Malformed> {
        if self.has_ended {
            return Err(Malformed("an item behind the last"));
        }
        if !self.from_caller.take(item.len()) {
            return Err(Malformed("an item without credit"));
        }
        // A handler that has returned takes no more.
        if let (Some(pipe), None) = (&self.pipe, &self.held) {
            pipe.accept(item);
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Malformed> {
        if std::mem::replace(&mut self.has_ended, true) {
            return Err(Malformed("a second end"));
        }
        if let Some(pipe) = &self.pipe {
            pipe.end();
        }
        Ok(())
    }

    /// Writes credit and items until the message has `budget` bytes; true: the call is over and its answer written.
    fn write(&mut self, id: u32, message: &mut MessageBuilder, budget: usize) -> bool {
        let Some(pipe) = &self.pipe else { return false };
        if !self.has_ended
            && let Some((items, bytes)) = pipe.take_grant()
        {
            self.from_caller.grant(items, bytes);
            message.push(&ServerFrame::from(Credit { id, items, bytes }).encode());
        }
        while message.len() < budget
            && self.to_caller.is_open()
            && let Some(body) = pipe.next_item()
        {
            self.has_sent = self.to_caller.take(body.len());
            message.push(&ServerFrame::from(Item { id, body }).encode());
        }
        let is_over = self.held.is_some() && !pipe.has_item();
        if is_over && let Some(answer) = self.held.take() {
            message.push(&answer);
        }
        is_over
    }
}

impl Drop for CallStream {
    fn drop(&mut self) {
        if let Some(pipe) = &self.pipe {
            pipe.close();
        }
    }
}

impl ServerCore {
    /// The handler of a streaming call has been started: what it has for the caller, and what it takes.
    pub fn stream(&mut self, id: u32, pipe: Arc<dyn Pipe>) {
        match self.calls.stream(id) {
            Some(stream) => stream.attach(pipe),
            None => pipe.close(),
        }
    }

    /// An item of a call that is over finds nobody: its answer was on its way.
    pub(super) fn item(&mut self, item: Item) -> Result<(), Malformed> {
        match self.calls.0.get_mut(&item.id).map(|call| &mut call.stream) {
            Some(Some(stream)) => {
                stream.accept(item.body)?;
                // It was asked for.
                self.bucket.give_back();
                Ok(())
            }
            Some(None) => Err(Malformed("an item of a call without streams")),
            None => Ok(()),
        }
    }

    pub(super) fn end_of_items(&mut self, end: &End) -> Result<(), Malformed> {
        match self.calls.0.get_mut(&end.id).map(|call| &mut call.stream) {
            Some(Some(stream)) => stream.end(),
            Some(None) => Err(Malformed("an end of a call without streams")),
            None => Ok(()),
        }
    }

    pub(super) fn credit(&mut self, credit: &Credit) -> Result<(), Malformed> {
        match self.calls.0.get_mut(&credit.id).map(|call| &mut call.stream) {
            Some(Some(stream)) => {
                stream.to_caller.grant(credit.items, credit.bytes);
                // A caller is not to be blamed for the pace of the handler.
                if std::mem::take(&mut stream.has_sent) {
                    self.bucket.give_back();
                }
                Ok(())
            }
            Some(None) => Err(Malformed("credit for a call without streams")),
            None => Ok(()),
        }
    }

    /// Writes what streaming calls have, in turns.
    pub(super) fn write_streams(&mut self, message: &mut MessageBuilder, budget: usize) {
        let streaming: Vec<u32> = self.calls.streaming().collect();
        let first = streaming.partition_point(|id| *id < self.stream_turn);
        for id in streaming[first..].iter().chain(&streaming[..first]) {
            if message.len() >= budget {
                self.stream_turn = *id;
                return;
            }
            let is_over = self.calls.stream(*id).is_some_and(|stream| stream.write(*id, message, budget));
            if is_over {
                self.calls.0.remove(id);
            }
            self.stream_turn = id.wrapping_add(1);
        }
    }
}
