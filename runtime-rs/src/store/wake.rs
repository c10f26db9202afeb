//! Telling readers that there is something new.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Called after a commit, on the thread that made it and with no lock held; several commits may share one call's effect,
/// so it only says "look again". It must be quick and must not panic.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Those who want to know of commits.
#[derive(Default)]
pub(super) struct Wakes(Arc<Mutex<Registered>>);

#[derive(Default)]
struct Registered {
    next: u64,
    wakes: BTreeMap<u64, Wake>,
}

/// Registration of a [`Wake`]; dropping it ends the calls, except those under way.
pub struct CommitGuard {
    registered: Weak<Mutex<Registered>>,
    number: u64,
}

impl Wakes {
    pub(super) fn add(&self, wake: Wake) -> CommitGuard {
        let mut registered = lock(&self.0);
        let number = registered.next;
        registered.next += 1;
        registered.wakes.insert(number, wake);
        CommitGuard { registered: Arc::downgrade(&self.0), number }
    }

    pub(super) fn call_all(&self) {
        // Copied out first: a call may add or end registrations.
        let wakes: Vec<Wake> = lock(&self.0).wakes.values().cloned().collect();
        wakes.iter().for_each(|wake| wake());
    }
}

impl Drop for CommitGuard {
    fn drop(&mut self) {
        if let Some(registered) = self.registered.upgrade() {
            let wake = lock(&registered).wakes.remove(&self.number);
            // Only now, without the lock: what the call holds may register or end others when it is dropped.
            drop(wake);
        }
    }
}

impl fmt::Debug for CommitGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommitGuard").field("number", &self.number).finish_non_exhaustive()
    }
}

fn lock(registered: &Mutex<Registered>) -> MutexGuard<'_, Registered> {
    registered.lock().unwrap_or_else(PoisonError::into_inner)
}
