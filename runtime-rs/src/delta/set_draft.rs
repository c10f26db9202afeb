//! A set being changed.

use std::hash::Hash;
use std::ops::Deref;

use indexmap::Equivalent;

use super::{Set, SetPatch};
use crate::codec::Key;

/// A [`Set`] being changed: reads through `Deref`, writes through methods named as those of other sets.
///
/// What changes nothing records nothing.
#[derive(Debug)]
pub struct SetDraft<'a, T: Key> {
    state: &'a mut Set<T>,
    patch: Option<&'a mut SetPatch<T>>,
}

impl<T: Key> Deref for SetDraft<'_, T> {
    type Target = Set<T>;

    fn deref(&self) -> &Set<T> {
        self.state
    }
}

impl<'a, T: Key> SetDraft<'a, T> {
    pub(super) fn new(state: &'a mut Set<T>, patch: Option<&'a mut SetPatch<T>>) -> Self {
        Self { state, patch }
    }

    /// Adds an element at the end; false if it is there already, wherever it stands.
    pub fn insert(&mut self, value: T) -> bool {
        // Looked up first, because only a change may cost a copy of a shared set.
        if self.contains(&value) {
            return false;
        }
        if let Some(patch) = self.patch.as_deref_mut() {
            patch.record_add(value.clone());
        }
        self.state.make_mut().insert(value)
    }

    /// Inserts elements one after another.
    pub fn extend(&mut self, values: impl IntoIterator<Item = T>) {
        for value in values {
            self.insert(value);
        }
    }

    /// Removes an element; false if it is not there. The others keep their order.
    pub fn remove<Q: ?Sized + Hash + Equivalent<T>>(&mut self, value: &Q) -> bool {
        if !self.contains(value) {
            return false;
        }
        let Some(value) = self.state.make_mut().shift_take(value) else { return false };
        if let Some(patch) = self.patch.as_deref_mut() {
            patch.record_remove(value);
        }
        true
    }

    /// Removes all elements.
    pub fn clear(&mut self) {
        if self.is_empty() {
            return;
        }
        if let Some(patch) = self.patch.as_deref_mut() {
            self.state.iter().for_each(|value| patch.record_remove(value.clone()));
        }
        *self.state = Set::new();
    }
}
