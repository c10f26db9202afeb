//! Arrays of fixed length: changed element by element.

use std::ops::Deref;

use super::{ArrayPatch, Change, Delta, Mismatch, Partial, Position};
use crate::codec::check;
use crate::codec::{DecodeError, Reader, Writer};

/// An array being changed: reads through `Deref`, writes through methods.
///
/// What changes nothing records nothing. Where slices panic, these methods do too; a panic in a store's update leaves the store as it was.
#[derive(Debug)]
pub struct ArrayDraft<'a, T: Delta> {
    state: &'a mut [T],
    patch: Option<&'a mut ArrayPatch<T>>,
}

impl<T: Delta> Deref for ArrayDraft<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.state
    }
}

impl<T: Delta> ArrayDraft<'_, T> {
    /// Replaces the element at `at`.
    /// # Panics
    /// If there is no such element.
    pub fn set(&mut self, at: impl Position, value: T) {
        let index = at.index();
        assert!(index < self.len(), "index {at} is not in an array of {}", self.len());
        if self.state[index].same(&value) {
            return;
        }
        if let Some(patch) = self.patch.as_deref_mut() {
            patch.record_set(index as u32, value.clone());
        }
        self.state[index] = value;
    }

    /// Replaces every element.
    pub fn fill(&mut self, value: T) {
        for at in 0..self.len() {
            self.set(at, value.clone());
        }
    }

    /// The element at `at` for changing; `None` if there is no such element.
    pub fn get_mut(&mut self, at: impl Position) -> Option<T::Draft<'_>>
    where
        T: Partial,
    {
        let index = at.index();
        let value = self.state.get_mut(index)?;
        let inner = self.patch.as_deref_mut().and_then(|patch| patch.record_inside(index as u32));
        Some(T::draft(value, inner))
    }
}

impl<T: Delta, const N: usize> Delta for [T; N] {
    type Patch = ArrayPatch<T>;

    fn is_empty(patch: &ArrayPatch<T>) -> bool {
        patch.is_empty()
    }

    fn apply(&mut self, patch: &ArrayPatch<T>) -> Result<(), Mismatch> {
        patch.apply(self)
    }

    fn diff(&self, new: &Self) -> Change<Self> {
        match ArrayPatch::between(self, new) {
            patch if patch.replaces_all(N) => Change::Set(new.clone()),
            patch => Change::from_patch(patch),
        }
    }

    fn settle(&self, patch: &mut ArrayPatch<T>) {
        patch.settle(self);
    }

    fn prune(patch: &mut ArrayPatch<T>, old: &Self, new: &Self) {
        patch.prune(old, new);
    }

    fn check_patch(patch: &ArrayPatch<T>, new: &Self, at: &check::Path<'_>) -> Result<(), check::Violation> {
        patch.check(new, at)
    }

    fn encode_patch(patch: &ArrayPatch<T>, w: &mut Writer) -> bool {
        patch.encode(w)
    }

    fn decode_patch(r: &mut Reader<'_>) -> Result<ArrayPatch<T>, DecodeError> {
        ArrayPatch::decode(r)
    }

    fn same(&self, other: &Self) -> bool {
        self.iter().zip(other).all(|(one, other)| one.same(other))
    }

    fn replaces_all(patch: &ArrayPatch<T>, _: &Self) -> bool {
        patch.replaces_all(N)
    }
}

impl<T: Delta, const N: usize> Partial for [T; N] {
    type Draft<'a> = ArrayDraft<'a, T>;

    fn draft<'a>(state: &'a mut Self, patch: Option<&'a mut ArrayPatch<T>>) -> ArrayDraft<'a, T> {
        ArrayDraft { state, patch }
    }
}
