//! Points and spans of time in the ranges that JavaScript can hold exactly.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The earliest point: that of a JavaScript `Date`.
    pub const MIN: Self = Self(-8_640_000_000_000_000);
    /// The latest point: that of a JavaScript `Date`.
    pub const MAX: Self = Self(8_640_000_000_000_000);

    /// The point so many milliseconds after 1970, moved into [`MIN`](Self::MIN)..=[`MAX`](Self::MAX).
    pub const fn from_millis(millis: i64) -> Self {
        match Self::try_from_millis(millis) {
            Some(timestamp) => timestamp,
            None if millis < 0 => Self::MIN,
            None => Self::MAX,
        }
    }

    /// The point so many milliseconds after 1970, if it is in the range.
    pub const fn try_from_millis(millis: i64) -> Option<Self> {
        if millis >= Self::MIN.0 && millis <= Self::MAX.0 { Some(Self(millis)) } else { None }
    }

    /// Milliseconds after 1970.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The system clock's time.
    pub fn now() -> Self {
        SystemTime::now().into()
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.0)
    }
}

/// To the millisecond, towards the past.
impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self::from_millis(i64::try_from(after.as_millis()).unwrap_or(i64::MAX)),
            Err(before) => {
                let millis = before.duration().as_nanos().div_ceil(1_000_000);
                Self::from_millis(i64::try_from(millis).map_or(i64::MIN, i64::wrapping_neg))
            }
        }
    }
}

/// A span of time: microseconds, may be negative.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i64);

impl Duration {
    /// The longest negative span: -(2^53 - 1) microseconds.
    pub const MIN: Self = Self(-Self::MAX.0);
    /// The longest span: 2^53 - 1 microseconds.
    pub const MAX: Self = Self((1 << 53) - 1);

    /// So many microseconds, moved into [`MIN`](Self::MIN)..=[`MAX`](Self::MAX).
    pub const fn from_micros(micros: i64) -> Self {
        match Self::try_from_micros(micros) {
            Some(duration) => duration,
            None if micros < 0 => Self::MIN,
            None => Self::MAX,
        }
    }

    /// So many microseconds, if they are in the range.
    pub const fn try_from_micros(micros: i64) -> Option<Self> {
        if micros >= Self::MIN.0 && micros <= Self::MAX.0 { Some(Self(micros)) } else { None }
    }

    /// So many milliseconds, moved into the range.
    pub const fn from_millis(millis: i64) -> Self {
        Self::from_micros(millis.saturating_mul(1_000))
    }

    /// Microseconds.
    pub const fn as_micros(self) -> i64 {
        self.0
    }
}

impl fmt::Debug for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} us", self.0)
    }
}

/// To the microsecond, moved into the range.
impl From<std::time::Duration> for Duration {
    fn from(duration: std::time::Duration) -> Self {
        Self::from_micros(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX))
    }
}

/// Fails for negative spans.
impl TryFrom<Duration> for std::time::Duration {
    type Error = std::num::TryFromIntError;

    fn try_from(duration: Duration) -> Result<Self, Self::Error> {
        u64::try_from(duration.0).map(Self::from_micros)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clamps_to_the_range() {
        assert_eq!(Timestamp::from_millis(i64::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::from_millis(i64::MIN), Timestamp::MIN);
        assert_eq!(Timestamp::try_from_millis(Timestamp::MAX.0 + 1), None);
        assert_eq!(Duration::from_millis(i64::MIN), Duration::MIN);
        assert_eq!(Duration::try_from_micros(Duration::MIN.0 - 1), None);
    }

    #[test]
    fn converts_from_system_time_towards_the_past() {
        let half_ms = std::time::Duration::from_micros(500);
        assert_eq!(Timestamp::from(UNIX_EPOCH + half_ms).as_millis(), 0);
        assert_eq!(Timestamp::from(UNIX_EPOCH - half_ms).as_millis(), -1);
    }
}
