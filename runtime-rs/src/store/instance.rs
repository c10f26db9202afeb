//! A store: its state, its commits and its views.

use std::any::TypeId;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};
use std::time::Instant;

use uuid::Uuid;

use super::limits::StoreLimits;
use super::log::Log;
use super::measure::Bound;
use super::source::{Source, View, ViewNumber};
use super::view::{Lens, ViewOf};
use super::wake::{CommitGuard, Wake, Wakes};
use super::watch::Watch;
use crate::codec::check;
use crate::codec::{Level, Row};
use crate::delta::{Change, Delta, Partial, Path, Project};
use crate::error::Refused;

/// A state that changes in commits, with the log of its newest changes. A clone is another handle to the same store.
///
/// Writers take turns; a reader never waits for one, because a commit works on a copy that shares what it does not change.
pub struct Store<S: Partial + Row>(Arc<Shared<S>>);

pub(super) struct Shared<S: Partial + Row> {
    pub(super) epoch: Uuid,
    limits: StoreLimits,
    clock: fn() -> Instant,
    /// Held while a commit is made, so that there is one after another.
    writer: Mutex<Bound>,
    published: RwLock<Published<S>>,
    views: Mutex<Views<S>>,
    wakes: Wakes,
}

/// By level and by what they show: the state's own type or that of a projection.
type Views<S> = BTreeMap<(Level, TypeId), Weak<ViewOf<S>>>;

/// What readers see: the newest commit and the deltas that led to it, always in step.
struct Published<S: Partial> {
    current: Arc<Commit<S>>,
    log: Log<S::Patch>,
}

pub(super) struct Commit<S> {
    pub(super) version: u64,
    pub(super) state: S,
}

impl<S: Partial + Row> Store<S> {
    /// A store at version 0 of a new epoch.
    /// # Errors
    /// [`Refused`] if readers would refuse the state, or if the system has no random bytes for the epoch.
    pub fn new(state: S) -> Result<Self, Refused> {
        Self::with_limits(state, StoreLimits::default(), Instant::now)
    }

    /// A store with other limits, and with another clock for the age of its log.
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_limits(state: S, limits: StoreLimits, clock: fn() -> Instant) -> Result<Self, Refused> {
        let mut epoch = [0; 16];
        getrandom::fill(&mut epoch).map_err(|error| Refused::internal(format!("no random bytes: {error}")))?;
        check::value(&state, &check::Path::root())?;
        let bound = Bound::of(&state, limits.snapshot_bytes)?;
        let current = Arc::new(Commit { version: 0, state });
        Ok(Self(Arc::new(Shared {
            epoch: Uuid::from_bytes(epoch),
            limits,
            clock,
            writer: Mutex::new(bound),
            published: RwLock::new(Published { current, log: Log::new() }),
            views: Mutex::default(),
            wakes: Wakes::default(),
        })))
    }

    /// Names the history of this store; random, 128 bits.
    pub fn epoch(&self) -> Uuid {
        self.0.epoch
    }

    /// The newest version: 0 at first, 1 more for each commit that changed something.
    pub fn version(&self) -> u64 {
        self.0.version()
    }

    /// Looks at the newest state. Commits go on meanwhile, unseen.
    pub fn read<R>(&self, f: impl FnOnce(&S) -> R) -> R {
        f(&self.0.current().state)
    }

    /// The newest state; lists and maps are shared with it, not copied.
    pub fn snapshot(&self) -> S {
        self.0.current().state.clone()
    }

    /// Changes the state through a draft and commits what the draft recorded; nothing changed: no commit.
    /// # Errors
    /// [`Refused`] if readers would refuse the new state, or inside another change of the same store.
    /// # Panics
    /// If `f` does; the store is as it was then.
    pub fn update<T>(&self, f: impl FnOnce(&mut S::Draft<'_>) -> T) -> Result<T, Refused> {
        self.try_update(|draft| Ok(f(draft)))
    }

    /// Like [`update`](Self::update), but commits nothing if `f` fails.
    /// # Errors
    /// What `f` returns, and [`Refused`] as in [`update`](Self::update).
    /// # Panics
    /// If `f` does; the store is as it was then.
    pub fn try_update<T, E: From<Refused>>(&self, f: impl FnOnce(&mut S::Draft<'_>) -> Result<T, E>) -> Result<T, E> {
        self.0.commit(|old| {
            let mut new = old.clone();
            let mut patch = S::Patch::default();
            let result = f(&mut S::draft(&mut new, Some(&mut patch)))?;
            new.settle(&mut patch);
            S::prune(&mut patch, old, &new);
            Ok((new, patch, result))
        })
    }

    /// Commits what turns the state into `new`.
    /// # Errors
    /// [`Refused`] as in [`update`](Self::update).
    pub fn replace(&self, new: S) -> Result<(), Refused> {
        self.0.commit(|old| {
            let patch = match old.diff(&new) {
                Change::Keep => S::Patch::default(),
                Change::Patch(patch) => patch,
                Change::Set(_) => return Err(Refused::internal("a state is compared field by field")),
            };
            // What readers get to, also where two states are equal but not the same, as 0 and -0 are.
            let mut reached = old.clone();
            reached.apply(&patch)?;
            Ok((reached, patch, ()))
        })
    }

    /// Commits an explicit patch.
    /// # Errors
    /// [`Refused`] with `invalid` if the patch does not fit the state, and as in [`update`](Self::update).
    pub fn patch(&self, mut patch: S::Patch) -> Result<(), Refused> {
        self.0.commit(|old| {
            let mut new = old.clone();
            new.apply(&patch)?;
            S::prune(&mut patch, old, &new);
            Ok((new, patch, ()))
        })
    }

    /// The view of this level. All who ask while somebody holds it share one; otherwise `number` names the new one.
    pub fn view(&self, level: Level, number: &dyn Fn() -> Box<dyn ViewNumber>) -> Arc<dyn View> {
        self.shared_view(TypeId::of::<S>(), Lens::whole, level, number)
    }

    /// The view of this level that shows a projection; shared as in [`view`](Self::view).
    pub fn projection<P: Project<S> + Row>(
        &self,
        level: Level,
        number: &dyn Fn() -> Box<dyn ViewNumber>,
    ) -> Arc<dyn View> {
        self.shared_view(TypeId::of::<P>(), Lens::onto::<P>, level, number)
    }

    fn shared_view(
        &self,
        shown: TypeId,
        lens: fn() -> Lens<S>,
        level: Level,
        number: &dyn Fn() -> Box<dyn ViewNumber>,
    ) -> Arc<dyn View> {
        let mut views = lock(&self.0.views);
        if let Some(view) = views.get(&(level, shown)).and_then(Weak::upgrade) {
            return view;
        }
        let view = Arc::new(ViewOf::new(Arc::clone(&self.0), lens(), level, number()));
        views.insert((level, shown), Arc::downgrade(&view));
        view
    }

    /// Tells what changes at one place, e.g. `&BoardState::path().turn()`.
    pub fn watch<T: Delta>(&self, path: &Path<S, T>) -> Watch<S, T> {
        Watch::new(self.clone(), path.clone())
    }

    /// Calls `wake` after each commit until the guard is dropped.
    pub fn on_commit(&self, wake: Wake) -> CommitGuard {
        self.0.wakes.add(wake)
    }
}

impl<S: Partial + Row> Shared<S> {
    pub(super) fn version(&self) -> u64 {
        self.current().version
    }

    pub(super) fn current(&self) -> Arc<Commit<S>> {
        self.read(|published| Arc::clone(&published.current))
    }

    /// The newest version, and the bytes of all deltas from `from` to it if the log has them.
    pub(super) fn gap_from(&self, from: u64) -> (u64, Option<u64>) {
        self.read(|published| (published.log.head(), published.log.bytes_from(from)))
    }

    /// The delta from `from` to the next version if the log has it, and the oldest version that it leads on from.
    pub(super) fn delta_from(&self, from: u64) -> Option<(Arc<S::Patch>, u64)> {
        self.read(|published| published.log.delta_from(from).map(|patch| (Arc::clone(patch), published.log.tail())))
    }

    fn read<R>(&self, f: impl FnOnce(&Published<S>) -> R) -> R {
        f(&self.published.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes a commit of what `change` gives for the current state: the new state, the patch that leads to it, and a result.
    fn commit<T, E: From<Refused>>(&self, change: impl FnOnce(&S) -> Result<(S, S::Patch, T), E>) -> Result<T, E> {
        let turn = self.take_turn()?;
        let old = self.current();
        let (state, patch, result) = change(&old.state)?;
        let is_new = !S::is_empty(&patch);
        if is_new {
            self.publish(turn, &old, state, patch)?;
            self.wakes.call_all();
        }
        Ok(result)
    }

    /// Checks and publishes a commit, and lets the next writer in.
    fn publish(&self, mut turn: Turn<'_>, old: &Commit<S>, state: S, patch: S::Patch) -> Result<(), Refused> {
        S::check_patch(&patch, &state, &check::Path::root())?;
        let (bound, n_bytes) = turn.bound.after(&patch, &state, self.limits.snapshot_bytes)?;
        *turn.bound = bound;
        let current = Arc::new(Commit { version: old.version + 1, state });
        let at = (self.clock)();
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        published.log.push(patch, n_bytes, at, &self.limits);
        published.current = current;
        Ok(())
    }

    fn take_turn(&self) -> Result<Turn<'_>, Refused> {
        if WRITING.replace(true) {
            return Err(Refused::internal("a store cannot be changed inside a change of itself or of another store"));
        }
        Ok(Turn { bound: lock(&self.writer) })
    }
}

thread_local! {
    /// Whether this thread makes a commit: it must not wait for itself, nor, holding one store, for another whose writer
    /// may be waiting for the first.
    static WRITING: Cell<bool> = const { Cell::new(false) };
}

/// The right to make the next commit.
struct Turn<'a> {
    bound: MutexGuard<'a, Bound>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        WRITING.set(false);
    }
}

impl<S: Partial + Row> Source for Store<S> {
    fn epoch(&self) -> Uuid {
        self.epoch()
    }

    fn version(&self) -> u64 {
        self.version()
    }

    fn view(&self, level: Level, number: &dyn Fn() -> Box<dyn ViewNumber>) -> Arc<dyn View> {
        self.view(level, number)
    }

    fn on_commit(&self, wake: Wake) -> CommitGuard {
        self.on_commit(wake)
    }
}

impl<S: Partial + Row> Clone for Store<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Says nothing of the state, which not everybody who reads logs may see.
impl<S: Partial + Row> fmt::Debug for Store<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("epoch", &self.epoch()).field("version", &self.version()).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic in a user's closure leaves nothing half done: what the lock guards changes only in one step afterwards.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
