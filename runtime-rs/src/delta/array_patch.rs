//! What changes in an array: elements that are set, elements that are patched.

use indexmap::IndexMap;

use super::{Change, Delta, Mismatch};
use crate::codec::check;
use crate::codec::{DecodeError, ErrorCode, Reader, Value, Writer, decode_entries, decode_keyed, encode_entries};

/// What changes in an array `[T; N]`, by index.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrayPatch<T: Delta> {
    set: IndexMap<u32, T>,
    patched: IndexMap<u32, T::Patch>,
}

impl<T: Delta> Default for ArrayPatch<T> {
    fn default() -> Self {
        Self { set: IndexMap::new(), patched: IndexMap::new() }
    }
}

impl<T: Delta> ArrayPatch<T> {
    /// Changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The elements that are replaced, by index.
    pub fn elements(&self) -> impl Iterator<Item = (u32, &T)> {
        self.set.iter().map(|(at, value)| (*at, value))
    }

    /// The elements that change in part, by index.
    pub fn patches(&self) -> impl Iterator<Item = (u32, &T::Patch)> {
        self.patched.iter().map(|(at, patch)| (*at, patch))
    }

    /// Replaces the element at `at`.
    #[must_use]
    pub fn set(mut self, at: u32, value: T) -> Self {
        self.record_set(at, value);
        self
    }

    /// Changes the element at `at` in part.
    #[must_use]
    pub fn patch(mut self, at: u32, patch: T::Patch) -> Self {
        self.patched.insert(at, patch);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.set.is_empty() && self.patched.is_empty()
    }

    pub(super) fn record_set(&mut self, at: u32, value: T) {
        self.patched.shift_remove(&at);
        self.set.insert(at, value);
    }

    /// The patch in which to record what happens inside the element at `at`; `None` if that is set as a whole.
    pub(super) fn record_inside(&mut self, at: u32) -> Option<&mut T::Patch>
    where
        T::Patch: Default,
    {
        if self.set.contains_key(&at) { None } else { Some(self.patched.entry(at).or_default()) }
    }

    pub(super) fn apply(&self, elements: &mut [T]) -> Result<(), Mismatch> {
        for (at, value) in &self.set {
            elements.get_mut(*at as usize).ok_or(Mismatch)?.clone_from(value);
        }
        self.patched.iter().try_for_each(|(at, patch)| elements.get_mut(*at as usize).ok_or(Mismatch)?.apply(patch))
    }

    /// See [`Delta::settle`].
    pub(super) fn settle(&mut self, state: &[T]) {
        for (at, value) in &mut self.set {
            if let Some(now) = state.get(*at as usize) {
                value.clone_from(now);
            }
        }
        for (at, patch) in &mut self.patched {
            if let Some(now) = state.get(*at as usize) {
                now.settle(patch);
            }
        }
    }

    /// Checks what the patch has brought into `new`.
    pub(super) fn check(&self, new: &[T], at: &check::Path<'_>) -> Result<(), check::Violation> {
        for index in self.set.keys().map(|index| *index as usize) {
            new.get(index).map_or(Ok(()), |item| item.check(&at.index(index)))?;
        }
        self.patched.iter().try_for_each(|(index, patch)| {
            let index = *index as usize;
            new.get(index).map_or(Ok(()), |item| T::check_patch(patch, item, &at.index(index)))
        })
    }

    /// See [`Delta::prune`].
    pub(super) fn prune(&mut self, old: &[T], new: &[T]) {
        self.set.retain(|at, value| !old.get(*at as usize).is_some_and(|old| old.same(value)));
        let set = &self.set;
        self.patched.retain(|at, patch| {
            let elements = old.get(*at as usize).zip(new.get(*at as usize));
            if let Some((old, new)) = elements.filter(|_| !set.contains_key(at)) {
                T::prune(patch, old, new);
            }
            !T::is_empty(patch)
        });
    }

    /// Whether sending an array of `len` elements whole is shorter.
    pub(super) fn replaces_all(&self, len: usize) -> bool {
        self.set.len() == len
    }

    /// What turns `old` into `new`.
    pub(super) fn between(old: &[T], new: &[T]) -> Self {
        let mut patch = Self::default();
        for (at, (old, new)) in (0..).zip(old.iter().zip(new)) {
            match old.diff(new) {
                Change::Keep => {}
                Change::Set(value) => drop(patch.set.insert(at, value)),
                Change::Patch(inner) => drop(patch.patched.insert(at, inner)),
            }
        }
        patch
    }

    /// Writes what the writer's level sees; returns false, with nothing left written, if that is nothing.
    pub(super) fn encode(&self, w: &mut Writer) -> bool {
        let start = w.len();
        encode_entries(&self.set, w);
        let visible = w.counted(|w| {
            let see = |(at, patch): &(&u32, &T::Patch)| {
                let start = w.len();
                at.encode(w);
                let visible = w.nested_if(|w| T::encode_patch(patch, w));
                if !visible {
                    w.truncate(start);
                }
                visible
            };
            self.patched.iter().filter(see).count()
        });
        let any = visible > 0 || !self.set.is_empty();
        if !any {
            w.truncate(start);
        }
        any
    }

    pub(super) fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let set = decode_entries(r)?;
        let start = r.offset();
        let count = r.count()?;
        if count > 0 && !T::HAS_PATCH {
            return Err(r.error_at(start, ErrorCode::Op));
        }
        let patched = decode_keyed(r, count, |r, _| r.nested(T::decode_patch))?;
        Ok(Self { set, patched })
    }
}
