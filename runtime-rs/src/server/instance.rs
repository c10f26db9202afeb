//! One open instance of a unit.

use std::any::TypeId;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use bytes::Bytes;
use tokio::runtime::Handle;

use super::family::Shelf;
use super::inbox::Inbox;
use super::numbers::Number;
use super::streams::{Encoded, Listened, Streams};
use crate::Level;
use crate::codec::check::Path;
use crate::codec::{Row, encode, encode_at};
use crate::delta::Partial;
use crate::error::Refused;
use crate::protocol::unit::{Projection, Unit};
use crate::store::{CommitGuard, Store, View, ViewNumber, Watch};

/// One open instance of a store, or a service. A clone is another hand on the same instance; it stays open while
/// anybody has one.
pub struct Instance<U: Unit> {
    inner: Arc<Inner<U>>,
    _lease: Arc<Lease<U>>,
}

pub(super) struct Inner<U: Unit> {
    id: u64,
    pub(super) key: U::Key,
    store: Store<U::State>,
    streams: Streams,
}

/// Keeps an instance open; the last one dropped starts the time after which it closes.
pub(super) struct Lease<U: Unit> {
    shelf: Weak<Shelf<U>>,
    name: Bytes,
    runtime: Option<Handle>,
}

impl<U: Unit> Instance<U> {
    pub(super) fn new(inner: Arc<Inner<U>>, lease: Arc<Lease<U>>) -> Self {
        Self { inner, _lease: lease }
    }

    /// What names the instance.
    #[must_use]
    pub fn key(&self) -> &U::Key {
        &self.inner.key
    }

    /// How many commits there were in this epoch.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.inner.store.version()
    }

    /// Names the history that versions count in; new with each opening.
    #[must_use]
    pub fn epoch(&self) -> uuid::Uuid {
        self.inner.store.epoch()
    }

    /// Looks at the newest state. Commits go on meanwhile, unseen.
    pub fn read<R>(&self, f: impl FnOnce(&U::State) -> R) -> R {
        self.inner.store.read(f)
    }

    /// The state as it is now; cheap, because states share structure.
    #[must_use]
    pub fn snapshot(&self) -> U::State {
        self.inner.store.snapshot()
    }

    /// Commits what `f` does to a draft; if it panics, nothing has happened. Other changes of this instance wait until
    /// `f` is done.
    ///
    /// # Errors
    /// The new state is more than readers would accept, or this is called inside a change of this or of another
    /// instance: two that change each other would wait for ever.
    pub fn update<R>(&self, f: impl FnOnce(&mut <U::State as Partial>::Draft<'_>) -> R) -> Result<R, Refused> {
        self.inner.store.update(f)
    }

    /// Commits what `f` does to a draft, if it succeeds; otherwise nothing has happened.
    ///
    /// # Errors
    /// What `f` failed with, or the new state is more than readers would accept.
    pub fn try_update<R, E: From<Refused>>(
        &self,
        f: impl FnOnce(&mut <U::State as Partial>::Draft<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.inner.store.try_update(f)
    }

    /// Commits a whole new state; readers get the difference.
    ///
    /// # Errors
    /// The new state is more than readers would accept.
    pub fn replace(&self, state: U::State) -> Result<(), Refused> {
        self.inner.store.replace(state)
    }

    /// Commits an explicit patch.
    ///
    /// # Errors
    /// The patch does not fit the state, or the new state is more than readers would accept.
    pub fn patch(&self, patch: <U::State as crate::delta::Delta>::Patch) -> Result<(), Refused> {
        self.inner.store.patch(patch)
    }

    /// Tells what changes at one place, e.g. `&BoardState::path().turn()`: the old and the new value, as often as somebody
    /// looks. Dropping the watch ends it; it does not keep the instance open.
    #[must_use]
    pub fn watch<T: crate::delta::Delta>(&self, path: &crate::Path<U::State, T>) -> Watch<U::State, T> {
        self.inner.store.watch(path)
    }

    /// Fires an event at everybody who listens to it here. Clients that are subscribed get it after the version that
    /// the instance has now. One whose parameters break a constraint is not fired but logged.
    pub fn emit(&self, event: u32, parameters: &impl Row) {
        self.emit_sound(&(event, Bytes::new()), parameters);
    }

    /// Fires a keyed event at everybody who listens to exactly this key here. Nothing is encoded if nobody does.
    pub fn emit_keyed(&self, event: u32, key: &impl Row, parameters: &impl Row) {
        self.emit_sound(&(event, encode(key)), parameters);
    }

    fn emit_sound(&self, listened: &Listened, parameters: &impl Row) {
        if is_sound::<U>(listened.0, parameters) {
            let encode = |level| encode_at(parameters, level);
            self.inner.emit(listened, &mut Encoded::new(&encode));
        }
    }

    pub(super) fn id(&self) -> u64 {
        self.inner.id
    }

    pub(super) fn streams(&self) -> &Streams {
        &self.inner.streams
    }

    /// Wakes a connection after each commit, until the guard is dropped.
    pub(super) fn wake_on_commit(&self, inbox: &Arc<Inbox>) -> CommitGuard {
        let inbox = inbox.clone();
        self.inner.store.on_commit(Arc::new(move || inbox.wake()))
    }

    /// What readers of a level see of the state or of one of the unit's views; `None` for a service.
    pub(super) fn view(&self, level: Level, of: Option<&Projection<U::State>>) -> Option<Arc<dyn View>> {
        let is_service = TypeId::of::<U::State>() == TypeId::of::<()>();
        let (store, number): (_, &dyn Fn() -> Box<dyn ViewNumber>) = (&self.inner.store, &|| Box::new(Number::take()));
        (!is_service).then(|| match of {
            Some(projection) => (projection.view)(store, level, number),
            None => store.view(level, number),
        })
    }
}

/// Whether the parameters of an event keep their constraints; if not, that is logged.
pub(super) fn is_sound<U: Unit>(event: u32, parameters: &impl Row) -> bool {
    let Err(violation) = parameters.check_row(&Path::root()) else { return true };
    let name = U::INFO.event(event).map_or("?", |info| info.name);
    tracing::error!(unit = U::INFO.name, event = name, %violation, "an event is not fired");
    false
}

impl<U: Unit> Inner<U> {
    pub(super) fn new(key: U::Key, state: U::State) -> Result<Self, Refused> {
        static LAST_ID: AtomicU64 = AtomicU64::new(0);
        // The numbers behind the instance's own are those of its views.
        let id = LAST_ID.fetch_add(1 + U::VIEWS.len() as u64, Ordering::Relaxed) + 1;
        Ok(Self { id, key, store: Store::new(state)?, streams: Streams::default() })
    }

    pub(super) fn emit(&self, listened: &Listened, event: &mut Encoded<'_>) {
        self.streams.emit(listened, || self.store.version(), event);
    }
}

impl<U: Unit> Lease<U> {
    pub(super) fn new(shelf: Weak<Shelf<U>>, name: Bytes) -> Self {
        Self { shelf, name, runtime: Handle::try_current().ok() }
    }
}

impl<U: Unit> Drop for Lease<U> {
    fn drop(&mut self) {
        if let (Some(shelf), Some(runtime)) = (self.shelf.upgrade(), &self.runtime) {
            shelf.idle(&self.name, runtime);
        }
    }
}

impl<U: Unit> Clone for Instance<U> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), _lease: self._lease.clone() }
    }
}

impl<U: Unit> fmt::Debug for Instance<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, key, version) = (U::INFO.name, &self.inner.key, self.version());
        f.debug_struct("Instance").field("unit", &unit).field("key", key).field("version", &version).finish()
    }
}
