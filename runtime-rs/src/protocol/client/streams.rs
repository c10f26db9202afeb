//! Calls with streams: items to and from the server, each direction with its own credit.

use std::time::Duration;

use bytes::Bytes;

use super::super::envelope::Malformed;
use super::super::generated::session::v1::{CallCode, Credit, End, Item};
use super::super::window::Window;
use super::calls::{CallState, failed};
use super::update::{CallError, Handle, Update};
use super::{CALL_OVERHEAD_BYTES, ClientCore};

/// How long a streaming call without a deadline waits for a link.
const LINK_TIMEOUT: Duration = Duration::from_secs(30);

/// The streams of one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream {
    /// What goes with the call: items and bytes.
    pub(super) first_credit: (u32, u32),
    pub(super) from_server: Window,
    pub(super) to_server: Window,
    pub(super) has_ended: bool,
    /// When the call is given up once it has been sent.
    pub(super) due: Option<Duration>,
}

impl ClientCore {
    /// Calls a method with streams. `credit` is how many items and bytes of them the server may send at first; none for
    /// a method that answers with one value. Items come as [`Update::Item`], the end as [`Update::Reply`].
    pub fn call_stream(
        &mut self,
        now: Duration,
        handle: Handle,
        method: u32,
        args: Bytes,
        credit: (u32, u32),
        deadline: Option<Duration>,
    ) -> u32 {
        let due = deadline.map(|deadline| now.saturating_add(deadline));
        let mut from_server = Window::default();
        from_server.grant(credit.0, credit.1);
        let stream = Stream { first_credit: credit, from_server, to_server: Window::default(), has_ended: false, due };
        let queue_due = due.unwrap_or(now.saturating_add(LINK_TIMEOUT));
        self.begin_call(now, handle, method, args, queue_due, Some(stream))
    }

    /// Whether the server takes another item now; [`Update::Credit`] tells when that may have changed.
    #[must_use]
    pub fn may_send_item(&self, call: u32) -> bool {
        self.calls.stream(call).is_some_and(|stream| !stream.has_ended && stream.to_server.is_open())
    }

    /// Sends an item. False: the server takes none now. A call with an item that no message can carry is given up.
    pub fn send_item(&mut self, call: u32, body: Bytes) -> bool {
        if !self.may_send_item(call) {
            return false;
        }
        if body.len() + CALL_OVERHEAD_BYTES > self.max_message_bytes {
            self.calls.pending.remove(&call);
            self.send_frame(super::Cancel { id: call });
            self.end_call(call, Err(failed(CallCode::TooLarge, "an item is larger than a message may be")));
            return false;
        }
        let has_credit = self.calls.stream_mut(call).is_some_and(|stream| stream.to_server.take(body.len()));
        if has_credit {
            self.send_frame(Item { id: call, body });
        }
        has_credit
    }

    /// There are no more items for the server.
    pub fn end_items(&mut self, call: u32) {
        let Some(pending) = self.calls.pending.get_mut(&call) else { return };
        let is_sent = matches!(pending.state, CallState::Sent);
        let Some(stream) = &mut pending.stream else { return };
        if !std::mem::replace(&mut stream.has_ended, true) && is_sent {
            self.send_frame(End { id: call });
        }
    }

    /// Lets the server send so much more.
    pub fn grant(&mut self, call: u32, items: u32, bytes: u32) {
        let Some(pending) = self.calls.pending.get_mut(&call) else { return };
        let is_sent = matches!(pending.state, CallState::Sent);
        let Some(stream) = &mut pending.stream else { return };
        stream.from_server.grant(items, bytes);
        if is_sent {
            self.send_frame(Credit { id: call, items, bytes });
        } else {
            stream.first_credit.0 = stream.first_credit.0.saturating_add(items);
            stream.first_credit.1 = stream.first_credit.1.saturating_add(bytes);
        }
    }

    /// An item of a call that was given up finds nobody.
    pub(super) fn receive_item(&mut self, item: Item) -> Result<(), Malformed> {
        let Some(pending) = self.calls.pending.get_mut(&item.id) else { return Ok(()) };
        match (&pending.state, &mut pending.stream) {
            (CallState::Sent, Some(stream)) => {
                if !stream.from_server.take(item.body.len()) {
                    return Err(Malformed("an item without credit"));
                }
                self.updates.push_back(Update::Item { call: item.id, body: item.body });
                Ok(())
            }
            _ => Err(Malformed("an item that no call waits for")),
        }
    }

    pub(super) fn receive_credit(&mut self, credit: &Credit) -> Result<(), Malformed> {
        let Some(pending) = self.calls.pending.get_mut(&credit.id) else { return Ok(()) };
        let Some(stream) = &mut pending.stream else { return Err(Malformed("credit for a call without streams")) };
        stream.to_server.grant(credit.items, credit.bytes);
        self.updates.push_back(Update::Credit { call: credit.id });
        Ok(())
    }

    /// The end of a call that could not begin.
    pub(super) fn refuse_call(&mut self, id: u32, code: CallCode, message: &str) -> u32 {
        self.end_call(id, Err::<Bytes, CallError>(failed(code, message)));
        id
    }
}
