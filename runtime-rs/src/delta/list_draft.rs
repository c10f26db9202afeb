//! A list being changed.

use std::ops::{Bound, Deref, RangeBounds};

use super::{Delta, List, ListPatch, Partial, Position};

/// A [`List`] being changed: reads through `Deref`, writes through methods named as those of `Vec`.
///
/// What changes nothing records nothing. Where `Vec` panics, these methods do too; a panic in a store's update leaves the store as it was.
#[derive(Debug)]
pub struct ListDraft<'a, T: Delta> {
    state: &'a mut List<T>,
    patch: Option<&'a mut ListPatch<T>>,
}

impl<T: Delta> Deref for ListDraft<'_, T> {
    type Target = List<T>;

    fn deref(&self) -> &List<T> {
        self.state
    }
}

impl<'a, T: Delta> ListDraft<'a, T> {
    pub(super) fn new(state: &'a mut List<T>, patch: Option<&'a mut ListPatch<T>>) -> Self {
        Self { state, patch }
    }

    /// Replaces the element at `at`.
    /// # Panics
    /// If there is no such element.
    pub fn set(&mut self, at: impl Position, value: T) {
        let index = self.checked(at, self.len());
        if !self.state[index].same(&value) {
            self.replace(index, 1, vec![value]);
        }
    }

    /// Appends an element.
    pub fn push(&mut self, value: T) {
        self.replace(self.len(), 0, vec![value]);
    }

    /// Appends elements.
    pub fn extend(&mut self, values: impl IntoIterator<Item = T>) {
        self.replace(self.len(), 0, values.into_iter().collect());
    }

    /// Inserts an element in front of the one at `at`, or at the end if `at` is the length.
    /// # Panics
    /// If `at` is greater than the length.
    pub fn insert(&mut self, at: impl Position, value: T) {
        let index = self.checked(at, self.len() + 1);
        self.replace(index, 0, vec![value]);
    }

    /// Removes the element at `at`.
    /// # Panics
    /// If there is no such element.
    pub fn remove(&mut self, at: impl Position) -> T {
        let index = self.checked(at, self.len());
        let removed = self.state[index].clone();
        self.replace(index, 1, vec![]);
        removed
    }

    /// Removes the last element; `None` if there is none.
    pub fn pop(&mut self) -> Option<T> {
        self.len().checked_sub(1).map(|last| self.remove(last))
    }

    /// Removes all but the first `len` elements; does nothing if there are no more.
    pub fn truncate(&mut self, len: usize) {
        self.replace(len.min(self.len()), self.len().saturating_sub(len), vec![]);
    }

    /// Removes all elements.
    pub fn clear(&mut self) {
        self.truncate(0);
    }

    /// Replaces a range of elements.
    /// # Panics
    /// If the range ends behind the list or before it begins.
    pub fn splice(&mut self, range: impl RangeBounds<usize>, values: impl IntoIterator<Item = T>) {
        let start = match range.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(last) => last.saturating_add(1),
            Bound::Excluded(end) => *end,
            Bound::Unbounded => self.len(),
        };
        assert!(start <= end && end <= self.len(), "range {start}..{end} is not in a list of {}", self.len());
        self.replace(start, end - start, values.into_iter().collect());
    }

    /// The element at `at` for changing; `None` if there is no such element.
    pub fn get_mut(&mut self, at: impl Position) -> Option<T::Draft<'_>>
    where
        T: Partial,
    {
        let index = at.index();
        if index >= self.len() {
            return None;
        }
        let inner = self.patch.as_deref_mut().map(|patch| patch.record_inside(self.state.as_slice(), index));
        Some(T::draft(&mut self.state.make_mut()[index], inner))
    }

    /// Everything that changes a list goes through here.
    fn replace(&mut self, at: usize, removed: usize, inserted: Vec<T>) {
        if removed == 0 && inserted.is_empty() {
            return;
        }
        if let Some(patch) = self.patch.as_deref_mut() {
            patch.record_splice(self.state.as_slice(), at, removed, inserted.clone());
        }
        self.state.make_mut().splice(at..at + removed, inserted);
    }

    fn checked(&self, at: impl Position, limit: usize) -> usize {
        assert!(at.index() < limit, "index {at} is not in a list of {}", self.len());
        at.index()
    }
}
