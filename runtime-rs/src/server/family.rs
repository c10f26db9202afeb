//! The instances of a unit: opened by the handler once per key, closed when nobody has used them for a while.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::Shared;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until};

use super::dispatch::{BoxFuture, Dispatch};
use super::instance::{Inner, Instance, Lease, is_sound};
use super::streams::{Encoded, Listened};
use crate::codec::{Row, encode, encode_at};
use crate::error::Refused;
use crate::protocol::limits::Limits;
use crate::protocol::unit::Unit;

/// Serves a unit with a handler, and reaches its open instances. A unit without a key has one instance, which stays
/// open; those of a family close some time (see [`Limits::linger`]) after the last client or the last [`Instance`] in
/// the application's hands has gone.
pub struct Family<U: Unit>(pub(super) Arc<Shelf<U>>);

/// What is behind a [`Family`].
pub(super) struct Shelf<U: Unit> {
    pub(super) dispatch: Box<dyn Dispatch<Unit = U>>,
    slots: Mutex<BTreeMap<Bytes, Slot<U>>>,
    linger: OnceLock<Duration>,
}

enum Slot<U: Unit> {
    /// The handler is at it; everybody who asks waits for the same answer.
    Opening(Shared<BoxFuture<'static, Result<Instance<U>, Refused>>>),
    Open(Entry<U>),
}

struct Entry<U: Unit> {
    inner: Arc<Inner<U>>,
    /// Alive while anybody uses the instance.
    lease: Weak<Lease<U>>,
    idle_since: Instant,
    has_timer: bool,
}

impl<U: Unit> Family<U> {
    /// A family without instances.
    #[must_use]
    pub fn new(dispatch: impl Dispatch<Unit = U>) -> Self {
        let (slots, linger) = (Mutex::default(), OnceLock::new());
        Self(Arc::new(Shelf { dispatch: Box::new(dispatch), slots, linger }))
    }

    /// The instance, if it is open.
    #[must_use]
    pub fn get(&self, key: &U::Key) -> Option<Instance<U>> {
        match self.0.lock().get_mut(&encode(key)) {
            Some(Slot::Open(entry)) => Some(self.0.lease(entry)),
            Some(Slot::Opening(_)) | None => None,
        }
    }

    /// The instance, opened by the handler if it is not open yet. All who ask meanwhile share one answer; giving up
    /// the future does not stop the handler.
    ///
    /// # Errors
    /// What the handler refused with; `internal` if it panicked.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub async fn open(&self, key: &U::Key) -> Result<Instance<U>, Refused> {
        let name = encode(key);
        let opening = {
            let mut slots = self.0.lock();
            match slots.get_mut(&name) {
                Some(Slot::Open(entry)) => return Ok(self.0.lease(entry)),
                Some(Slot::Opening(opening)) => opening.clone(),
                None => {
                    let opening = self.0.start(name.clone(), key.clone());
                    slots.insert(name, Slot::Opening(opening.clone()));
                    opening
                }
            }
        };
        opening.await
    }

    /// Fires an event on every open instance; its parameters are encoded once for each level that listens. One whose
    /// parameters break a constraint is not fired but logged.
    pub fn emit_all(&self, event: u32, parameters: &impl Row) {
        self.emit_to_all(&(event, Bytes::new()), parameters);
    }

    /// Fires a keyed event on every open instance, for those who listen to exactly this key.
    pub fn emit_all_keyed(&self, event: u32, key: &impl Row, parameters: &impl Row) {
        self.emit_to_all(&(event, encode(key)), parameters);
    }

    fn emit_to_all(&self, listened: &Listened, parameters: &impl Row) {
        if !is_sound::<U>(listened.0, parameters) {
            return;
        }
        let encode = |level| encode_at(parameters, level);
        let mut event = Encoded::new(&encode);
        for inner in self.0.open_instances() {
            inner.emit(listened, &mut event);
        }
    }

    pub(super) fn set_linger(&self, linger: Duration) {
        // A family that two servers serve keeps the first one's word.
        let _ = self.0.linger.set(linger);
    }
}

impl<U: Unit> Shelf<U> {
    /// Has the handler open an instance, in a task of its own.
    fn start(self: &Arc<Self>, name: Bytes, key: U::Key) -> Shared<BoxFuture<'static, Result<Instance<U>, Refused>>> {
        let shelf = self.clone();
        let task = tokio::spawn(async move {
            let opening = AssertUnwindSafe(async { shelf.dispatch.open(&key).await }).catch_unwind();
            let state = opening.await.unwrap_or_else(|_| {
                tracing::error!(unit = U::INFO.name, "the handler panicked while it opened an instance");
                Err(Refused::internal("the handler failed to open the instance"))
            });
            let inner = state.and_then(|state| Inner::new(key, state));
            shelf.settle(name, inner)
        });
        let answer = async { task.await.unwrap_or_else(|_| Err(Refused::unavailable("the server is going down"))) };
        answer.boxed().shared()
    }

    fn settle(self: &Arc<Self>, name: Bytes, inner: Result<Inner<U>, Refused>) -> Result<Instance<U>, Refused> {
        let mut slots = self.lock();
        match inner {
            Ok(inner) => {
                let now = Instant::now();
                let mut entry = Entry { inner: Arc::new(inner), lease: Weak::new(), idle_since: now, has_timer: false };
                let instance = self.lease_named(&name, &mut entry);
                slots.insert(name, Slot::Open(entry));
                Ok(instance)
            }
            Err(refused) => {
                slots.remove(&name);
                Err(refused)
            }
        }
    }

    fn lease(self: &Arc<Self>, entry: &mut Entry<U>) -> Instance<U> {
        let name = encode(&entry.inner.key);
        self.lease_named(&name, entry)
    }

    fn lease_named(self: &Arc<Self>, name: &Bytes, entry: &mut Entry<U>) -> Instance<U> {
        let lease = entry.lease.upgrade().unwrap_or_else(|| {
            let lease = Arc::new(Lease::new(Arc::downgrade(self), name.clone()));
            entry.lease = Arc::downgrade(&lease);
            lease
        });
        Instance::new(entry.inner.clone(), lease)
    }

    /// Nobody uses the instance any more: it closes after a while, if that stays so.
    pub(super) fn idle(self: &Arc<Self>, name: &Bytes, runtime: &Handle) {
        let is_family = std::any::TypeId::of::<U::Key>() != std::any::TypeId::of::<()>();
        if let Some(Slot::Open(entry)) = self.lock().get_mut(name)
            && is_family
        {
            entry.idle_since = Instant::now();
            if !std::mem::replace(&mut entry.has_timer, true) {
                runtime.spawn(close_idle(Arc::downgrade(self), name.clone(), entry.idle_since + self.linger()));
            }
        }
    }

    /// Takes the instance out if it has been idle for long enough, else says when to look again.
    fn take_idle(&self, name: &Bytes) -> Idle<U> {
        let mut slots = self.lock();
        let Some(Slot::Open(entry)) = slots.get_mut(name) else { return Idle::InUse };
        if entry.lease.strong_count() > 0 {
            entry.has_timer = false;
            return Idle::InUse;
        }
        let due = entry.idle_since + self.linger();
        if due > Instant::now() {
            return Idle::Until(due);
        }
        let inner = entry.inner.clone();
        slots.remove(name);
        Idle::Over(inner)
    }

    fn open_instances(&self) -> Vec<Arc<Inner<U>>> {
        let is_open = |slot: &Slot<U>| match slot {
            Slot::Open(entry) => Some(entry.inner.clone()),
            Slot::Opening(_) => None,
        };
        self.lock().values().filter_map(is_open).collect()
    }

    fn linger(&self) -> Duration {
        self.linger.get().copied().unwrap_or(Limits::default().linger)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Bytes, Slot<U>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Idle<U: Unit> {
    InUse,
    Until(Instant),
    Over(Arc<Inner<U>>),
}

async fn close_idle<U: Unit>(shelf: Weak<Shelf<U>>, name: Bytes, mut due: Instant) {
    let (shelf, inner) = loop {
        sleep_until(due).await;
        let Some(shelf) = shelf.upgrade() else { return };
        match shelf.take_idle(&name) {
            Idle::InUse => return,
            Idle::Until(later) => due = later,
            Idle::Over(inner) => break (shelf, inner),
        }
    };
    let instance = Instance::new(inner, Arc::new(Lease::new(Weak::new(), name)));
    if AssertUnwindSafe(async { shelf.dispatch.close(instance).await }).catch_unwind().await.is_err() {
        tracing::error!(unit = U::INFO.name, "the handler panicked while it closed an instance");
    }
}

impl<U: Unit> Clone for Family<U> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<U: Unit> fmt::Debug for Family<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Family").field("unit", &U::INFO.name).finish_non_exhaustive()
    }
}
