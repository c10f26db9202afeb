//! What changes in a set: elements that go, elements that come, in this order.

use indexmap::IndexSet;

use super::Set;
use crate::codec::{DecodeError, Key, Reader, Writer, decode_members, encode_members};

/// What changes in a [`Set`].
///
/// Removing an absent element and adding a present one do nothing; an element that is both removed and added moves to the end.
#[derive(Clone, Debug)]
pub struct SetPatch<T: Key> {
    removed: IndexSet<T>,
    added: IndexSet<T>,
}

/// From so many removed elements on, one pass over the set is cheaper than removing them one by one.
const SINGLE_REMOVALS: usize = 4;

impl<T: Key> Default for SetPatch<T> {
    fn default() -> Self {
        Self { removed: IndexSet::new(), added: IndexSet::new() }
    }
}

/// The order of what is added counts, because it becomes the set's.
impl<T: Key> PartialEq for SetPatch<T> {
    fn eq(&self, other: &Self) -> bool {
        self.removed == other.removed && self.added.iter().eq(&other.added)
    }
}

impl<T: Key> SetPatch<T> {
    /// Changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The elements that go.
    pub fn removed(&self) -> impl Iterator<Item = &T> {
        self.removed.iter()
    }

    /// The elements that come.
    pub fn added(&self) -> impl Iterator<Item = &T> {
        self.added.iter()
    }

    /// Removes an element.
    #[must_use]
    pub fn remove(mut self, value: T) -> Self {
        self.record_remove(value);
        self
    }

    /// Adds an element.
    #[must_use]
    pub fn insert(mut self, value: T) -> Self {
        self.record_add(value);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.added.is_empty()
    }

    pub(super) fn record_remove(&mut self, value: T) {
        self.added.shift_remove(&value);
        self.removed.insert(value);
    }

    pub(super) fn record_add(&mut self, value: T) {
        self.added.insert(value);
    }

    pub(super) fn apply(&self, elements: &mut IndexSet<T>) {
        if self.removed.len() < SINGLE_REMOVALS {
            for value in &self.removed {
                elements.shift_remove(value);
            }
        } else {
            elements.retain(|value| !self.removed.contains(value));
        }
        elements.extend(self.added.iter().cloned());
    }

    /// See [`Delta::prune`](super::Delta::prune).
    pub(super) fn prune(&mut self, old: &Set<T>) {
        self.removed.retain(|value| old.contains(value));
        let removed = &self.removed;
        self.added.retain(|value| removed.contains(value) || !old.contains(value));
    }

    /// Whether sending `new` whole is shorter.
    pub(super) fn replaces_all(&self, new: &Set<T>) -> bool {
        !self.removed.is_empty() && self.added.len() == new.len()
    }

    /// What turns `old` into `new`; `None` if its order cannot be reached.
    pub(super) fn between(old: &Set<T>, new: &Set<T>) -> Option<Self> {
        let mut patch = Self::default();
        patch.removed.extend(old.iter().filter(|value| !new.contains(*value)).cloned());
        patch.added.extend(new.iter().filter(|value| !old.contains(*value)).cloned());
        let kept = old.iter().filter(|value| new.contains(*value));
        kept.chain(&patch.added).eq(new).then_some(patch)
    }

    /// Writes the patch; returns false, with nothing written, if it is empty.
    pub(super) fn encode(&self, w: &mut Writer) -> bool {
        if self.is_empty() {
            return false;
        }
        encode_members(&self.removed, w);
        encode_members(&self.added, w);
        true
    }

    pub(super) fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { removed: decode_members(r)?, added: decode_members(r)? })
    }
}
