//! One opened unit of a client: its channel, its subscription and its event streams.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use uuid::Uuid;

use super::super::DIGEST_BYTES;
use super::super::envelope::CHECK_MASK;
use super::super::generated::session::v1::{Reset, SnapshotChunk, Subscribe, Subscribed};
use super::super::unit::UnitInfo;
use super::replica::Replica;
use super::update::Status;
use crate::error::{DecodeError, ErrorCode};

/// Largest snapshot that is taken.
const MAX_SNAPSHOT_BYTES: usize = 64 << 20;
/// Events that wait for a version; beyond it the oldest is dropped.
const MAX_HELD_EVENTS: usize = 1_024;

/// An event and the row of its key.
pub(super) type Listened = (u32, Bytes);

/// What a client has of one store instance or service. It survives connections.
pub(super) struct Channel {
    pub(super) unit: &'static UnitInfo,
    pub(super) key: Bytes,
    /// The digest to open with: the unit's own or, for an older server, that of an ancestor.
    pub(super) digest: [u8; DIGEST_BYTES],
    pub(super) phase: Phase,
    /// What the server answered to the last open.
    pub(super) server_digest: Bytes,
    pub(super) is_wanted: bool,
    pub(super) subscription: Subscription,
    /// How many `unsubscribed` are still to come: until then every answer belongs to an earlier subscription.
    pub(super) n_unsubscribing: u32,
    pub(super) held: Option<Held>,
    pub(super) replica: Box<dyn Replica>,
    pub(super) listens: BTreeMap<Listened, Option<u32>>,
    events: VecDeque<HeldEvent>,
    /// A resync has happened and no delta has been applied since.
    is_resynced: bool,
    pub(super) status: Status,
}

/// The state of the channel on the present connection.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Phase {
    Closed,
    Opening { ch: u32 },
    Open { ch: u32 },
    Refused { code: String, message: String },
}

/// The state of the subscription on the present connection.
pub(super) enum Subscription {
    None,
    Subscribing,
    Loading {
        view: u32,
        epoch: Uuid,
        level: u32,
        bytes: Vec<u8>,
    },
    Live {
        view: u32,
    },
    /// The value cannot be decoded, not even from a snapshot of the server with this digest.
    Failed {
        digest: Bytes,
        error: DecodeError,
    },
}

/// What a value was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) epoch: Uuid,
    pub(super) version: u64,
    pub(super) level: u32,
}

struct HeldEvent {
    event: Listened,
    version: u64,
    body: Bytes,
}

/// What a frame of a view led to.
#[derive(Debug, PartialEq)]
pub(super) enum Progress {
    /// The value moved.
    Moved,
    /// The value stays what it is.
    Nothing,
    /// The value cannot be kept up: subscribe again without version.
    Resync,
    /// Not even a snapshot helps.
    Failed(DecodeError),
}

impl Channel {
    pub(super) fn new(unit: &'static UnitInfo, key: Bytes, replica: Box<dyn Replica>) -> Self {
        Self {
            unit,
            key,
            digest: unit.short_digest(),
            phase: Phase::Closed,
            server_digest: Bytes::new(),
            is_wanted: false,
            subscription: Subscription::None,
            n_unsubscribing: 0,
            held: None,
            replica,
            listens: BTreeMap::new(),
            events: VecDeque::new(),
            is_resynced: false,
            status: Status::Connecting,
        }
    }

    pub(super) fn ch(&self) -> Option<u32> {
        match self.phase {
            Phase::Opening { ch } | Phase::Open { ch } => Some(ch),
            Phase::Closed | Phase::Refused { .. } => None,
        }
    }

    /// Forgets what belonged to the lost connection. The value stays.
    pub(super) fn lose_link(&mut self) {
        if !matches!(self.phase, Phase::Refused { .. }) {
            self.phase = Phase::Closed;
        }
        if !matches!(self.subscription, Subscription::Failed { .. }) {
            self.subscription = Subscription::None;
        }
        self.n_unsubscribing = 0;
        self.listens.values_mut().for_each(|stream| *stream = None);
        self.events.clear();
    }

    /// The request that goes on from the value held, or starts anew.
    pub(super) fn subscribe(&mut self, ch: u32) -> Subscribe {
        self.subscription = Subscription::Subscribing;
        match self.held {
            Some(Held { epoch, version, level }) => Subscribe { ch, epoch: Some(epoch), version, level },
            None => Subscribe { ch, ..Subscribe::default() },
        }
    }

    /// The request that starts anew, because the server's program is another than the one whose value failed.
    pub(super) fn subscribe_anew(&mut self, ch: u32) -> Subscribe {
        self.held = None;
        self.is_resynced = false;
        self.subscribe(ch)
    }

    /// Takes the answer to a subscription, or the server's own decision to start anew.
    pub(super) fn subscribed(&mut self, answer: &Subscribed) -> Progress {
        let Subscribed { view, epoch, version, level, .. } = *answer;
        if answer.reset == Reset::Resumed {
            let is_ours = self.held == Some(Held { epoch, version, level });
            self.subscription = Subscription::Live { view };
            return if is_ours { Progress::Nothing } else { Progress::Resync };
        }
        self.subscription = Subscription::Loading { view, epoch, level, bytes: Vec::new() };
        Progress::Nothing
    }

    pub(super) fn view(&self) -> Option<u32> {
        match self.subscription {
            Subscription::Loading { view, .. } | Subscription::Live { view } => Some(view),
            Subscription::None | Subscription::Subscribing | Subscription::Failed { .. } => None,
        }
    }

    pub(super) fn snapshot(&mut self, chunk: &SnapshotChunk) -> Progress {
        let Subscription::Loading { view, epoch, level, bytes } = &mut self.subscription else {
            return Progress::Nothing;
        };
        bytes.extend_from_slice(&chunk.bytes);
        if bytes.len() > MAX_SNAPSHOT_BYTES {
            let error = DecodeError { code: ErrorCode::Elements, offset: bytes.len() };
            return self.resync(error);
        }
        if !chunk.last {
            return Progress::Nothing;
        }
        let (view, held) = (*view, Held { epoch: *epoch, version: chunk.version, level: *level });
        match self.replica.reset(bytes) {
            Ok(()) => {
                self.held = Some(held);
                self.subscription = Subscription::Live { view };
                Progress::Moved
            }
            Err(error) => self.resync(error),
        }
    }

    pub(super) fn delta(&mut self, steps: u64, check: u64, body: &[u8]) -> Progress {
        let (Subscription::Live { .. }, Some(held)) = (&self.subscription, &mut self.held) else {
            return Progress::Nothing;
        };
        let Some(to) = held.version.checked_add(steps).filter(|_| held.version & CHECK_MASK == check) else {
            return self.resync(DecodeError { code: ErrorCode::Mismatch, offset: 0 });
        };
        match self.replica.apply(body) {
            Ok(()) => {
                held.version = to;
                self.is_resynced = false;
                Progress::Moved
            }
            Err(error) => self.resync(error),
        }
    }

    pub(super) fn advance(&mut self, steps: u64) -> Progress {
        let (Subscription::Live { .. }, Some(held)) = (&self.subscription, &mut self.held) else {
            return Progress::Nothing;
        };
        match held.version.checked_add(steps) {
            Some(to) => held.version = to,
            None => return self.resync(DecodeError { code: ErrorCode::Range, offset: 0 }),
        }
        Progress::Moved
    }

    /// A value that cannot be kept up is fetched anew, once.
    fn resync(&mut self, error: DecodeError) -> Progress {
        self.held = None;
        if std::mem::replace(&mut self.is_resynced, true) { Progress::Failed(error) } else { Progress::Resync }
    }

    /// Keeps an event, to be handed out after the version that it names.
    pub(super) fn hold_event(&mut self, event: Listened, version: u64, body: Bytes) {
        if self.events.len() == MAX_HELD_EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(HeldEvent { event, version, body });
    }

    /// The events that may be handed out now, in order.
    pub(super) fn take_events(&mut self) -> Vec<(Listened, Bytes)> {
        let held = match self.subscription {
            Subscription::None | Subscription::Failed { .. } => Some(u64::MAX),
            Subscription::Live { .. } => self.held.map(|held| held.version),
            Subscription::Subscribing | Subscription::Loading { .. } => None,
        };
        let Some(version) = held else { return Vec::new() };
        let n_ready = self.events.iter().take_while(|event| event.version <= version).count();
        self.events.drain(..n_ready).map(|event| (event.event, event.body)).collect()
    }

    /// What to show.
    pub(super) fn current_status(&self, is_closed: bool) -> Status {
        match (&self.phase, &self.subscription) {
            (Phase::Refused { code, message }, _) => Status::Failed { code: code.clone(), message: message.clone() },
            (_, Subscription::Failed { error, .. }) => {
                Status::Failed { code: error.code.to_string(), message: error.to_string() }
            }
            _ if is_closed => Status::Closed,
            (Phase::Open { .. }, Subscription::Live { .. }) => Status::Ready,
            (Phase::Open { .. }, _) if !self.is_wanted => Status::Ready,
            _ if self.held.is_some() || matches!(self.status, Status::Ready | Status::Reconnecting) => {
                Status::Reconnecting
            }
            _ => Status::Connecting,
        }
    }
}
