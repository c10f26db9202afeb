//! Constraints: what a value must be where it enters, and where in it something is not.
//!
//! Decoders do not look at constraints; commits, arguments and replies do. Rule, path and message of a violation are the
//! same in TypeScript (`tests/vectors/constraints.json`). Source: docs/language.md, "Constraints".

mod limits;
mod path;
mod pattern;

pub use self::limits::{Length, Number, count, len, pattern, range};
pub use self::path::Path;
pub(crate) use self::path::quoted as path_quoted;
pub use self::pattern::Pattern;
use super::value::Value;
pub use crate::error::{Rule, Violation};

/// Checks the constraints inside a value.
/// # Errors
/// The first violation, in declaration order.
#[inline]
pub fn value<T: Value>(value: &T, at: &Path<'_>) -> Result<(), Violation> {
    if T::CONSTRAINED { value.check(at) } else { Ok(()) }
}

/// Checks the constraints inside a value that stands alone.
///
/// ```
/// assert!(restream::check::whole(&vec![1, 2, 3]).is_ok());
/// ```
/// # Errors
/// The first violation, in declaration order.
pub fn whole<T: Value>(value: &T) -> Result<(), Violation> {
    self::value(value, &Path::root())
}

pub(crate) fn items<'a, T: Value>(items: impl IntoIterator<Item = &'a T>, at: &Path<'_>) -> Result<(), Violation> {
    if !T::CONSTRAINED {
        return Ok(());
    }
    items.into_iter().enumerate().try_for_each(|(n, item)| item.check(&at.index(n)))
}

/// The elements of a set; its path names them as those of a map name their keys.
pub(crate) fn members<'a, T: super::Key>(
    members: impl IntoIterator<Item = &'a T>,
    at: &Path<'_>,
) -> Result<(), Violation> {
    if !T::CONSTRAINED {
        return Ok(());
    }
    members.into_iter().try_for_each(|member| member.check(&at.key(&|| member.path_text())))
}

pub(crate) fn entry<K: super::Key, V: Value>(key: &K, value: &V, at: &Path<'_>) -> Result<(), Violation> {
    let text = || key.path_text();
    let at = at.key(&text);
    self::value(key, &at)?;
    self::value(value, &at)
}

pub(crate) fn entries<'a, K: super::Key, V: Value>(
    entries: impl IntoIterator<Item = (&'a K, &'a V)>,
    at: &Path<'_>,
) -> Result<(), Violation> {
    if !K::CONSTRAINED && !V::CONSTRAINED {
        return Ok(());
    }
    entries.into_iter().try_for_each(|(key, value)| entry(key, value, at))
}
