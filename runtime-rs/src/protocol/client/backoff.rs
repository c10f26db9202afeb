//! When to dial again.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const MOST: Duration = Duration::from_secs(15);

/// Full jitter over a ceiling that doubles with each failure, from 0.5 s to 15 s.
#[derive(Debug)]
pub(super) struct Backoff {
    n_failures: u32,
    random: u64,
}

impl Backoff {
    /// `seed` spreads clients; it need not be secret.
    pub(super) fn new(seed: u64) -> Self {
        Self { n_failures: 0, random: seed }
    }

    /// The link had settled: the delays start over.
    pub(super) fn reset(&mut self) {
        self.n_failures = 0;
    }

    /// A link that was live has been cut, which is no reason to stay away for long.
    pub(super) fn forgive(&mut self) {
        self.n_failures = self.n_failures.min(1);
    }

    /// The delay before the next attempt.
    pub(super) fn next_delay(&mut self) -> Duration {
        let ceiling = FIRST.saturating_mul(1 << self.n_failures.min(10)).min(MOST);
        self.n_failures += 1;
        ceiling.mul_f64(self.fraction())
    }

    /// A number from 0 to 1. Source: splitmix64, Steele, Lea, Flood 2014.
    fn fraction(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as u32 as f64 / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_stay_below_a_ceiling_that_doubles_up_to_15_s() {
        for seed in 0..50 {
            let mut backoff = Backoff::new(seed);
            for ceiling_ms in [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000] {
                assert!(backoff.next_delay() <= Duration::from_millis(ceiling_ms));
            }
            backoff.forgive();
            assert!(backoff.next_delay() <= 2 * FIRST);
            backoff.reset();
            assert!(backoff.next_delay() <= FIRST);
        }
    }

    #[test]
    fn clients_are_spread() {
        let first = |seed| Backoff::new(seed).next_delay();
        let delays: std::collections::BTreeSet<_> = (0..100).map(first).collect();
        assert!(delays.len() > 90);
        assert!(
            delays.first().unwrap() < &Duration::from_millis(50)
                && delays.last().unwrap() > &Duration::from_millis(450)
        );
    }
}
