//! A store small enough to be its own oracle, and a client and a server core joined by two queues.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use uuid::Uuid;

use crate::Level;
use crate::error::{DecodeError, ErrorCode};
use crate::protocol::client::{ClientCore, Handle, Replica, Update};
use crate::protocol::envelope::delta_frame;
use crate::protocol::limits::Limits;
use crate::protocol::server::{OpenRefusal, Outcome, Pipe, Request, ServerCore, Target};
use crate::protocol::unit::{EventInfo, MethodInfo, MethodKind, UnitInfo};
use crate::store::{Frame, ResetReason, Resume, Step, View};

pub(super) const UNIT: UnitInfo = UnitInfo {
    name: "toy.v1.Toy",
    digest: [7; 16],
    ancestors: &[[6; 16]],
    access: Level(0),
    methods: &[MethodInfo { id: 1, name: "push", kind: MethodKind::Rpc, access: Level(0) }],
    events: &[EventInfo { id: 9, name: "tick", access: Level(0) }],
};

/// Every version's state is kept; the log may be cut.
pub(super) struct Toy {
    pub(super) view: u32,
    pub(super) epoch: Uuid,
    pub(super) inner: Mutex<Inner>,
}

pub(super) struct Inner {
    pub(super) states: Vec<Vec<u8>>,
    pub(super) log_from: u64,
    /// How many versions a merged delta may span.
    pub(super) merge: u64,
}

impl Toy {
    pub(super) fn new(view: u32, epoch: u128) -> Arc<Self> {
        let inner = Inner { states: vec![vec![]], log_from: 0, merge: 1 };
        Arc::new(Self { view, epoch: Uuid::from_u128(epoch), inner: Mutex::new(inner) })
    }

    pub(super) fn commit(&self, change: impl FnOnce(&mut Vec<u8>)) -> u64 {
        let mut inner = self.inner.lock().unwrap();
        let mut next = inner.states.last().unwrap().clone();
        change(&mut next);
        inner.states.push(next);
        inner.states.len() as u64 - 1
    }

    pub(super) fn state(&self, version: u64) -> Vec<u8> {
        self.inner.lock().unwrap().states[version as usize].clone()
    }

    pub(super) fn cut_log(&self) {
        let mut inner = self.inner.lock().unwrap();
        inner.log_from = inner.states.len() as u64 - 1;
    }
}

impl View for Toy {
    fn number(&self) -> u32 {
        self.view
    }

    fn level(&self) -> Level {
        Level(0)
    }

    fn epoch(&self) -> Uuid {
        self.epoch
    }

    fn version(&self) -> u64 {
        self.inner.lock().unwrap().states.len() as u64 - 1
    }

    fn resume(&self, epoch: Uuid, version: u64) -> Resume {
        match self.next(version) {
            _ if epoch != self.epoch => Resume::Reset(ResetReason::Epoch),
            Step::Reset(reason) => Resume::Reset(reason),
            _ => Resume::Resumed,
        }
    }

    fn next(&self, from: u64) -> Step {
        let inner = self.inner.lock().unwrap();
        let newest = inner.states.len() as u64 - 1;
        if from > newest || from < inner.log_from {
            return Step::Reset(ResetReason::Compacted);
        }
        if from == newest {
            return Step::UpToDate;
        }
        let to = newest.min(from + inner.merge);
        let (old, new) = (&inner.states[from as usize], &inner.states[to as usize]);
        if old == new {
            return Step::Advance { to };
        }
        // The delta keeps a prefix: it fits no other value.
        let kept = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let mut body = (old.len() as u32).to_le_bytes().to_vec();
        body.extend((kept as u32).to_le_bytes());
        body.extend(&new[kept..]);
        let frame = delta_frame(self.view, from, to, &body);
        Step::Delta { to, frame: Frame::new(frame, 0) }
    }

    fn snapshot(&self) -> (u64, Bytes) {
        let inner = self.inner.lock().unwrap();
        (inner.states.len() as u64 - 1, Bytes::copy_from_slice(inner.states.last().unwrap()))
    }
}

/// What a client keeps of a [`Toy`]. A state of `[0xff]` does not decode.
#[derive(Default)]
pub(super) struct ToyReplica {
    pub(super) value: Vec<u8>,
    /// How many deltas are not to decode.
    pub(super) poisoned: Arc<Mutex<u32>>,
}

const MISFIT: DecodeError = DecodeError { code: ErrorCode::Mismatch, offset: 0 };

impl Replica for ToyReplica {
    fn reset(&mut self, row: &[u8]) -> Result<(), DecodeError> {
        if row == [0xff] {
            return Err(MISFIT);
        }
        self.value = row.to_vec();
        Ok(())
    }

    fn apply(&mut self, delta: &[u8]) -> Result<(), DecodeError> {
        let mut poisoned = self.poisoned.lock().unwrap();
        if *poisoned > 0 {
            *poisoned -= 1;
            return Err(MISFIT);
        }
        let number = |at: usize| delta.get(at..at + 4).map(|b| u32::from_le_bytes(b.try_into().unwrap()) as usize);
        let (length, kept) = (number(0).ok_or(MISFIT)?, number(4).ok_or(MISFIT)?);
        if self.value.len() != length {
            return Err(MISFIT);
        }
        self.value.truncate(kept);
        self.value.extend(&delta[8..]);
        Ok(())
    }
}

/// A pipe that does what a test says.
#[derive(Default)]
pub(super) struct ToyPipe(pub(super) Mutex<Pipes>);

#[derive(Default)]
pub(super) struct Pipes {
    pub(super) to_caller: VecDeque<Bytes>,
    pub(super) from_caller: Vec<Bytes>,
    pub(super) grant: Option<(u32, u32)>,
    pub(super) has_ended: bool,
    pub(super) is_closed: bool,
}

impl ToyPipe {
    pub(super) fn lock(&self) -> MutexGuard<'_, Pipes> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Pipe for ToyPipe {
    fn has_item(&self) -> bool {
        !self.lock().to_caller.is_empty()
    }

    fn next_item(&self) -> Option<Bytes> {
        self.lock().to_caller.pop_front()
    }

    fn take_grant(&self) -> Option<(u32, u32)> {
        self.lock().grant.take()
    }

    fn accept(&self, item: Bytes) {
        let mut pipes = self.lock();
        assert!(!pipes.is_closed && !pipes.has_ended, "an item after the end");
        pipes.from_caller.push(item);
    }

    fn end(&self) {
        self.lock().has_ended = true;
    }

    fn close(&self) {
        self.lock().is_closed = true;
    }
}

/// One client and, while it is connected, its server core.
pub(super) struct Pair {
    pub(super) client: ClientCore,
    pub(super) server: Option<ServerCore>,
    pub(super) to_server: VecDeque<Bytes>,
    pub(super) to_client: VecDeque<Bytes>,
    pub(super) now: Duration,
    pub(super) limits: Arc<Limits>,
    /// Calls that a handler has been given: id, arguments.
    pub(super) running: Vec<(u32, Bytes)>,
    /// The pipes of those with streams.
    pub(super) pipes: BTreeMap<u32, Arc<ToyPipe>>,
}

impl Pair {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            client: ClientCore::new("test", 1),
            server: None,
            to_server: VecDeque::new(),
            to_client: VecDeque::new(),
            now: Duration::from_secs(1_000),
            limits: Arc::new(limits),
            running: Vec::new(),
            pipes: BTreeMap::new(),
        }
    }

    /// A subscribed handle.
    pub(super) fn subscribe(&mut self, poisoned: Arc<Mutex<u32>>) -> Handle {
        let replica = ToyReplica { poisoned, ..ToyReplica::default() };
        let handle = self.client.open(&UNIT, Bytes::new(), Box::new(replica));
        self.client.subscribe(handle);
        handle
    }

    pub(super) fn value(&self, handle: Handle) -> Vec<u8> {
        let replica: &dyn std::any::Any = self.client.replica(handle).unwrap();
        replica.downcast_ref::<ToyReplica>().unwrap().value.clone()
    }

    pub(super) fn connect(&mut self) {
        self.client.connect(None);
        self.client.connected(self.now);
        self.server = Some(ServerCore::new(self.limits.clone(), self.now, self.now));
    }

    pub(super) fn cut(&mut self) {
        self.client.disconnected(self.now);
        self.server = None;
        self.to_client.clear();
        self.to_server.clear();
        self.running.clear();
        self.pipes.clear();
    }

    /// Moves one message towards the server, and does what it asks for.
    pub(super) fn step_up(&mut self, toy: &Arc<Toy>) -> bool {
        self.to_server.extend(std::iter::from_fn(|| self.client.poll_message()));
        let Some(server) = &mut self.server else { return false };
        let Some(message) = self.to_server.pop_front() else { return false };
        server.receive(self.now, &message);
        while let Some(request) = server.poll_request() {
            match request {
                Request::Authenticate { .. } => server.authenticated(self.now, Ok(())),
                Request::Open { ch, digest, .. } => {
                    server.opened(ch, open(toy, &digest));
                }
                Request::Call { id, args, streams, .. } => {
                    self.running.push((id, args));
                    if streams {
                        let pipe = Arc::<ToyPipe>::default();
                        server.stream(id, pipe.clone());
                        self.pipes.insert(id, pipe);
                    }
                }
                Request::Cancel { id } => self.running.retain(|(running, _)| *running != id),
                Request::Listen { ch, event, key } => server.listening(ch, event, key, (event == 9).then_some(77)),
                Request::Send { .. } => server.sent(),
                Request::Close { .. } | Request::Unlisten { .. } => {}
            }
        }
        true
    }

    /// Moves one message towards the client.
    pub(super) fn step_down(&mut self) -> bool {
        let Some(server) = &mut self.server else { return false };
        if self.to_client.is_empty() {
            self.to_client.extend(server.poll_message());
        }
        let Some(message) = self.to_client.pop_front() else { return false };
        self.client.receive(self.now, &message);
        true
    }

    pub(super) fn finish(&mut self, id: u32, outcome: Outcome) {
        if let Some(server) = &mut self.server {
            server.finished(id, outcome);
        }
    }

    /// Runs until nothing moves any more.
    pub(super) fn settle(&mut self, toy: &Arc<Toy>) -> Vec<Update> {
        while self.step_up(toy) || self.step_down() {}
        self.updates()
    }

    pub(super) fn updates(&mut self) -> Vec<Update> {
        std::iter::from_fn(|| self.client.poll_update()).collect()
    }
}

fn open(toy: &Arc<Toy>, digest: &Bytes) -> Result<Target, OpenRefusal> {
    use crate::protocol::generated::session::v1::OpenCode;
    let own = Bytes::copy_from_slice(&UNIT.short_digest());
    if !UNIT.speaks(digest) {
        return Err(OpenRefusal { code: OpenCode::Diverged, message: String::new(), digest: Some(own) });
    }
    Ok(Target { instance: 1, digest: own, view: Some(toy.clone()) })
}

/// A small generator: schedules must not depend on a library's version.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}
