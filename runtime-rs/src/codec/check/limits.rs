//! The rules themselves, and what they say.

use std::fmt::Display;
use std::ops::{Bound, RangeBounds};

use bytes::Bytes;

use super::{Path, Pattern, Rule, Violation};

/// A number that can have a range.
pub trait Number: Copy + PartialOrd {
    /// As both languages write it.
    fn text(self) -> String;
}

macro_rules! integers {
    ($($ty:ty)*) => {$(
        impl Number for $ty {
            fn text(self) -> String {
                self.to_string()
            }
        }
    )*};
}
integers! { u8 u16 u32 u64 i8 i16 i32 i64 }

impl Number for f32 {
    fn text(self) -> String {
        f64::from(self).text()
    }
}

/// As JavaScript writes it. Source: ECMA-262, Number::toString.
impl Number for f64 {
    fn text(self) -> String {
        if !self.is_finite() {
            let name = if self.is_nan() { "NaN" } else { "Infinity" };
            return if self < 0.0 { format!("-{name}") } else { name.to_owned() };
        }
        if self == 0.0 {
            return "0".to_owned();
        }
        if (1e-6..1e21).contains(&self.abs()) {
            return self.to_string();
        }
        let text = format!("{self:e}");
        if self.abs() < 1.0 { text } else { text.replace('e', "e+") }
    }
}

/// Something with a length that `@len` counts.
pub trait Length {
    /// Unicode scalars, or bytes.
    fn size(&self) -> usize;
}

impl Length for String {
    fn size(&self) -> usize {
        self.chars().count()
    }
}

impl Length for Bytes {
    fn size(&self) -> usize {
        self.len()
    }
}

/// `@range`.
/// # Errors
/// The violation. NaN is in no range.
#[inline]
pub fn range<T: Number>(value: T, limits: impl RangeBounds<T>, at: &Path<'_>) -> Result<(), Violation> {
    if limits.contains(&value) {
        return Ok(());
    }
    let text = |bound: Bound<&T>| match bound {
        Bound::Included(limit) | Bound::Excluded(limit) => Some((*limit).text()),
        Bound::Unbounded => None,
    };
    let allowed = allowed(text(limits.start_bound()), text(limits.end_bound()));
    Err(at.violation(Rule::Range, format!("is {}; {allowed}", value.text())))
}

/// `@len`.
/// # Errors
/// The violation.
#[inline]
pub fn len(value: &impl Length, limits: impl RangeBounds<usize>, at: &Path<'_>) -> Result<(), Violation> {
    counted(Rule::Len, "has a length of", value.size(), &limits, at)
}

/// `@count`, of a collection with so many elements.
/// # Errors
/// The violation.
#[inline]
pub fn count(count: usize, limits: impl RangeBounds<usize>, at: &Path<'_>) -> Result<(), Violation> {
    counted(Rule::Count, "has a count of", count, &limits, at)
}

/// `@pattern`.
/// # Errors
/// The violation, which does not tell the text.
#[inline]
pub fn pattern(value: &str, pattern: &Pattern, at: &Path<'_>) -> Result<(), Violation> {
    if pattern.matches(value) {
        return Ok(());
    }
    Err(at.violation(Rule::Pattern, format!("does not match {}", pattern.text())))
}

fn counted(
    rule: Rule,
    what: &str,
    count: usize,
    limits: &impl RangeBounds<usize>,
    at: &Path<'_>,
) -> Result<(), Violation> {
    if limits.contains(&count) {
        return Ok(());
    }
    let text = |bound: Bound<&usize>| match bound {
        Bound::Included(limit) | Bound::Excluded(limit) => Some(limit.to_string()),
        Bound::Unbounded => None,
    };
    let allowed = allowed(text(limits.start_bound()), text(limits.end_bound()));
    Err(at.violation(rule, format!("{what} {count}; {allowed}")))
}

fn allowed(low: Option<impl Display>, high: Option<impl Display>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("allowed are {low} to {high}"),
        (Some(low), None) => format!("allowed are {low} or more"),
        (None, Some(high)) => format!("allowed are {high} or less"),
        (None, None) => "all are allowed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_javascript_does() {
        let cases = [
            (-0.0, "0"),
            (0.1, "0.1"),
            (-1.5, "-1.5"),
            (1e21, "1e+21"),
            (123_456_789_012_345_680_000.0, "123456789012345680000"),
            (1.5e300, "1.5e+300"),
            (0.000_001, "0.000001"),
            (1.5e-7, "1.5e-7"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ];
        for (value, text) in cases {
            assert_eq!(value.text(), text);
        }
    }
}
