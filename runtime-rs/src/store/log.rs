//! The newest deltas of a store, typed and for all levels.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use super::limits::StoreLimits;

/// The deltas that lead to the newest version, oldest first, without a gap.
pub(super) struct Log<P> {
    entries: VecDeque<Entry<P>>,
    /// The newest version.
    head: u64,
    /// Encoded bytes of all deltas since the store began.
    written: u64,
}

struct Entry<P> {
    patch: Arc<P>,
    at: Instant,
    /// What [`Log::written`] was before this delta.
    written_before: u64,
}

impl<P> Log<P> {
    /// The log of a store at version 0.
    pub(super) fn new() -> Self {
        Self { entries: VecDeque::new(), head: 0, written: 0 }
    }

    pub(super) fn head(&self) -> u64 {
        self.head
    }

    /// The oldest version that a reader may hold to be led on from.
    pub(super) fn tail(&self) -> u64 {
        self.head - self.entries.len() as u64
    }

    /// The delta from version `from` to the next, if the log has it.
    pub(super) fn delta_from(&self, from: u64) -> Option<&Arc<P>> {
        self.entry_from(from).map(|entry| &entry.patch)
    }

    /// Encoded bytes, for a reader who sees everything, of all deltas from version `from` on; `None` if some are gone.
    pub(super) fn bytes_from(&self, from: u64) -> Option<u64> {
        if from == self.head { Some(0) } else { self.entry_from(from).map(|entry| self.written - entry.written_before) }
    }

    fn entry_from(&self, from: u64) -> Option<&Entry<P>> {
        let nth = from.checked_sub(self.tail())?;
        self.entries.get(usize::try_from(nth).ok()?)
    }

    /// Appends the delta to the next version, which takes `n_bytes` encoded, and drops what is over the limits.
    pub(super) fn push(&mut self, patch: P, n_bytes: usize, at: Instant, limits: &StoreLimits) {
        self.entries.push_back(Entry { patch: Arc::new(patch), at, written_before: self.written });
        self.written += n_bytes as u64;
        self.head += 1;
        while self.entries.len() > 1 && self.is_over(at, limits) {
            self.entries.pop_front();
        }
    }

    fn is_over(&self, now: Instant, limits: &StoreLimits) -> bool {
        self.entries.front().is_some_and(|oldest| {
            self.entries.len() > limits.log_versions
                || self.written - oldest.written_before > limits.log_bytes as u64
                || now.saturating_duration_since(oldest.at) > limits.log_age
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn log_of(n: u64, limits: &StoreLimits) -> Log<u64> {
        let start = Instant::now();
        let mut log = Log::new();
        (1..=n).for_each(|to| log.push(to, 10, start + Duration::from_secs(to), limits));
        log
    }

    #[test]
    fn gives_what_follows_a_version() {
        let log = log_of(5, &StoreLimits::default());
        assert_eq!(log.delta_from(0).map(|to| **to), Some(1));
        assert_eq!(log.delta_from(4).map(|to| **to), Some(5));
        assert_eq!((log.delta_from(5), log.delta_from(u64::MAX)), (None, None));
        assert_eq!(
            (log.bytes_from(0), log.bytes_from(4), log.bytes_from(5), log.bytes_from(6)),
            (Some(50), Some(10), Some(0), None)
        );
    }

    #[test]
    fn drops_the_oldest() {
        let tail = |limits: StoreLimits| log_of(10, &limits).tail();
        let limits = StoreLimits::default;
        assert_eq!(tail(limits()), 0);
        assert_eq!(tail(StoreLimits { log_versions: 4, ..limits() }), 6);
        assert_eq!(tail(StoreLimits { log_bytes: 35, ..limits() }), 7);
        assert_eq!(tail(StoreLimits { log_age: Duration::from_secs(2), ..limits() }), 7);
        assert_eq!(tail(StoreLimits { log_bytes: 0, ..limits() }), 9, "the newest stays");
        assert_eq!(log_of(10, &StoreLimits { log_versions: 4, ..limits() }).bytes_from(5), None);
    }
}
