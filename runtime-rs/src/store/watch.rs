//! Watching one place of a state.

use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

use super::instance::Store;
use super::wake::CommitGuard;
use crate::codec::Row;
use crate::delta::{Delta, Partial, Path};

/// Tells what changes at one place of a state. Dropping it ends that.
pub struct Watch<S: Partial + Row, T> {
    store: Store<S>,
    path: Path<S, T>,
    seen: Option<T>,
    waker: Arc<Mutex<Option<Waker>>>,
    _guard: CommitGuard,
}

/// What a [`Watch`] saw; `None` where there was nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen<T> {
    /// The value at the last look.
    pub old: Option<T>,
    /// The value now.
    pub new: Option<T>,
}

impl<S: Partial + Row, T: Delta> Watch<S, T> {
    pub(super) fn new(store: Store<S>, path: Path<S, T>) -> Self {
        let waker = Arc::new(Mutex::new(None::<Waker>));
        let woken = Arc::clone(&waker);
        let guard = store.on_commit(Arc::new(move || {
            if let Some(waker) = take(&woken) {
                waker.wake();
            }
        }));
        // Only now: what is committed meanwhile is seen by the first look.
        let seen = store.read(|state| path.get(state).cloned());
        Self { store, path, seen, waker, _guard: guard }
    }

    /// What has changed since the last look; `None` if nothing has. Commits in between show as one change.
    pub fn look(&mut self) -> Option<Seen<T>> {
        let new = self.store.read(|state| {
            let now = self.path.get(state);
            let is_same = match (&self.seen, now) {
                (Some(old), Some(new)) => old.same(new),
                (None, None) => true,
                _ => false,
            };
            (!is_same).then(|| now.cloned())
        })?;
        let old = std::mem::replace(&mut self.seen, new.clone());
        Some(Seen { old, new })
    }

    /// Waits for the next change. Nothing is lost when the future is dropped: what changed shows at the next look.
    pub async fn changed(&mut self) -> Seen<T> {
        poll_fn(|cx| {
            *self.waker.lock().unwrap_or_else(PoisonError::into_inner) = Some(cx.waker().clone());
            self.look().map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }

    /// The place that is watched.
    pub fn path(&self) -> &Path<S, T> {
        &self.path
    }
}

fn take(waker: &Mutex<Option<Waker>>) -> Option<Waker> {
    waker.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Says nothing of the values, which not everybody who reads logs may see.
impl<S: Partial + Row, T> fmt::Debug for Watch<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("path", &self.path).finish_non_exhaustive()
    }
}
