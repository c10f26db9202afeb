//! The set of `partials` structs: ordered by insertion, cheap to clone, copied when a shared one is changed.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use indexmap::{Equivalent, IndexSet};

use super::{Change, Delta, Mismatch, Partial, SetDraft, SetIntoIter, SetIter, SetPatch};
use crate::codec::check;
use crate::codec::columns::{Layout, RowsOf, RowsScratch};
use crate::codec::{DecodeError, Key, Reader, Value, Writer};

/// A set in a store's state. It keeps the order of insertion, which is the same for all readers and counts in comparisons. A
/// clone costs nothing and shares the elements until one of the two is changed.
pub struct Set<T>(Arc<IndexSet<T>>);

impl<T> Set<T> {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The elements in order.
    pub fn iter(&self) -> SetIter<'_, T> {
        SetIter(self.0.iter())
    }

    /// The oldest element.
    pub fn first(&self) -> Option<&T> {
        self.0.first()
    }

    /// The newest element.
    pub fn last(&self) -> Option<&T> {
        self.0.last()
    }

    fn shares(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: Hash + Eq> Set<T> {
    /// Whether `value` is an element.
    pub fn contains<Q: ?Sized + Hash + Equivalent<T>>(&self, value: &Q) -> bool {
        self.0.contains(value)
    }
}

impl<T: Clone> Set<T> {
    /// The elements for changing; copies them first if they are shared.
    pub(super) fn make_mut(&mut self) -> &mut IndexSet<T> {
        Arc::make_mut(&mut self.0)
    }
}

impl<T> Clone for Set<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: fmt::Debug> fmt::Debug for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Equal elements in the same order.
impl<T: PartialEq> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        self.shares(other) || self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<T: Eq> Eq for Set<T> {}

impl<T: Hash + Eq> From<IndexSet<T>> for Set<T> {
    fn from(elements: IndexSet<T>) -> Self {
        Self(Arc::new(elements))
    }
}

/// An element that is there already is left out.
impl<T: Hash + Eq, const N: usize> From<[T; N]> for Set<T> {
    fn from(elements: [T; N]) -> Self {
        elements.into_iter().collect()
    }
}

/// An element that is there already is left out.
impl<T: Hash + Eq> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        elements.into_iter().collect::<IndexSet<T>>().into()
    }
}

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = SetIter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Copies the elements if they are shared.
impl<T: Clone> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = SetIntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        SetIntoIter(Arc::unwrap_or_clone(self.0).into_iter())
    }
}

impl<T: Key> Value for Set<T> {
    type Scratch = RowsScratch;
    type Payload<'a> = RowsOf<Self>;

    const LAYOUT: Layout = Layout::Rows;
    const COLLECTION: bool = true;

    fn encode(&self, w: &mut Writer) {
        self.0.encode(w);
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        IndexSet::decode(r).map(Self::from)
    }

    const CONSTRAINED: bool = T::CONSTRAINED;

    fn check(&self, at: &check::Path<'_>) -> Result<(), check::Violation> {
        check::members(self, at)
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Key> Delta for Set<T> {
    type Patch = SetPatch<T>;

    fn is_empty(patch: &SetPatch<T>) -> bool {
        patch.is_empty()
    }

    fn apply(&mut self, patch: &SetPatch<T>) -> Result<(), Mismatch> {
        if !patch.is_empty() {
            patch.apply(self.make_mut());
        }
        Ok(())
    }

    fn diff(&self, new: &Self) -> Change<Self> {
        if self.shares(new) {
            return Change::Keep;
        }
        match SetPatch::between(self, new) {
            Some(patch) if patch.replaces_all(new) => Change::Set(new.clone()),
            Some(patch) => Change::from_patch(patch),
            None => Change::Set(new.clone()),
        }
    }

    /// Elements have no parts, so a patch holds no value that may have changed since.
    fn settle(&self, _: &mut SetPatch<T>) {}

    fn prune(patch: &mut SetPatch<T>, old: &Self, new: &Self) {
        if old.same(new) {
            *patch = SetPatch::default();
        } else {
            patch.prune(old);
        }
    }

    fn check_patch(patch: &SetPatch<T>, _: &Self, at: &check::Path<'_>) -> Result<(), check::Violation> {
        check::members(patch.added(), at)
    }

    fn encode_patch(patch: &SetPatch<T>, w: &mut Writer) -> bool {
        patch.encode(w)
    }

    fn decode_patch(r: &mut Reader<'_>) -> Result<SetPatch<T>, DecodeError> {
        SetPatch::decode(r)
    }

    fn replaces_all(patch: &SetPatch<T>, new: &Self) -> bool {
        patch.replaces_all(new)
    }
}

impl<T: Key> Partial for Set<T> {
    type Draft<'a> = SetDraft<'a, T>;

    fn draft<'a>(state: &'a mut Self, patch: Option<&'a mut SetPatch<T>>) -> SetDraft<'a, T> {
        SetDraft::new(state, patch)
    }
}
