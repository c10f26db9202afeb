//! What a connection has open.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;

use super::cursor::Cursor;
use crate::store::View;

/// What an `open` led to.
#[derive(Clone)]
pub struct Target {
    /// Which instance it is: equal for equal instances, within this process.
    pub instance: u64,
    /// The unit's own digest, as long as the one in `open`.
    pub digest: Bytes,
    /// What subscribing reads; `None` for a service.
    pub view: Option<Arc<dyn View>>,
}

/// A channel: between `open` and its answer, or open.
pub(super) enum Channel {
    Opening,
    Open(OpenChannel),
}

/// An open channel with its subscription and its event streams.
pub(super) struct OpenChannel {
    pub(super) target: Target,
    pub(super) cursor: Option<Cursor>,
    pub(super) listens: BTreeSet<(u32, Bytes)>,
}

/// The channels of one connection, by number.
#[derive(Default)]
pub(super) struct Channels(pub(super) BTreeMap<u32, Channel>);

impl Channels {
    pub(super) fn open(&mut self, ch: u32) -> Option<&mut OpenChannel> {
        match self.0.get_mut(&ch) {
            Some(Channel::Open(channel)) => Some(channel),
            Some(Channel::Opening) | None => None,
        }
    }

    pub(super) fn is_opening(&self, ch: u32) -> bool {
        matches!(self.0.get(&ch), Some(Channel::Opening))
    }

    /// The channel that has this instance open.
    pub(super) fn holding(&self, instance: u64) -> Option<u32> {
        self.all_open().find(|(_, channel)| channel.target.instance == instance).map(|(ch, _)| ch)
    }

    pub(super) fn cursors(&self) -> impl Iterator<Item = (u32, &Cursor)> {
        self.all_open().filter_map(|(ch, channel)| Some((ch, channel.cursor.as_ref()?)))
    }

    pub(super) fn cursor(&mut self, ch: u32) -> Option<&mut Cursor> {
        self.open(ch)?.cursor.as_mut()
    }

    pub(super) fn n_listens(&self) -> usize {
        self.all_open().map(|(_, channel)| channel.listens.len()).sum()
    }

    fn all_open(&self) -> impl Iterator<Item = (u32, &OpenChannel)> {
        self.0.iter().filter_map(|(ch, channel)| match channel {
            Channel::Open(channel) => Some((*ch, channel)),
            Channel::Opening => None,
        })
    }
}
