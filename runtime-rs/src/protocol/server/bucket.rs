//! A token bucket.

use std::time::Duration;

/// Lets `burst` messages through at once and `per_second` in the long run.
#[derive(Debug)]
pub(super) struct Bucket {
    per_second: u32,
    burst: u32,
    /// In thousandths.
    tokens: u64,
    filled_at: Duration,
}

impl Bucket {
    pub(super) fn new(per_second: u32, burst: u32, now: Duration) -> Self {
        Self { per_second, burst, tokens: u64::from(burst) * 1_000, filled_at: now }
    }

    /// Gives the last token back: the message was asked for.
    pub(super) fn give_back(&mut self) {
        self.tokens = self.tokens.saturating_add(1_000).min(u64::from(self.burst) * 1_000);
    }

    /// Takes a token, if there is one.
    pub(super) fn take(&mut self, now: Duration) -> bool {
        let elapsed_ms = u64::try_from(now.saturating_sub(self.filled_at).as_millis()).unwrap_or(u64::MAX);
        let full = u64::from(self.burst) * 1_000;
        self.tokens = self.tokens.saturating_add(elapsed_ms.saturating_mul(u64::from(self.per_second))).min(full);
        self.filled_at += Duration::from_millis(elapsed_ms);
        let has_token = self.tokens >= 1_000;
        if has_token {
            self.tokens -= 1_000;
        }
        has_token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_the_rate_holds() {
        let mut bucket = Bucket::new(10, 3, Duration::ZERO);
        let at = |ms| Duration::from_millis(ms);
        assert_eq!([0, 0, 0, 0].map(|ms| bucket.take(at(ms))), [true, true, true, false]);
        assert_eq!([50, 99, 100, 101].map(|ms| bucket.take(at(ms))), [false, false, true, false]);
        assert_eq!([10_000; 4].map(|ms| bucket.take(at(ms))), [true, true, true, false]);
    }
}
