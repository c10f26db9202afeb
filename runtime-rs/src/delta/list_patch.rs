//! What changes in a list: splices and patches of elements, applied one after another.

use super::Delta;
use super::list_op::{ListOp, Origin, index_after, origin, push_splice};
use crate::codec::check::{Path, Violation};

/// What changes in a [`List`](super::List).
///
/// As a builder: each call describes the list as the calls before it have left it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListPatch<T: Delta> {
    pub(super) ops: Vec<ListOp<T>>,
}

/// A draft that needs more steps than this replaces the whole list instead.
pub(super) const MAX_RECORDED_OPS: usize = 256;

impl<T: Delta> Default for ListPatch<T> {
    fn default() -> Self {
        Self { ops: Vec::new() }
    }
}

impl<T: Delta> ListPatch<T> {
    /// Changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The steps, in the order in which they are applied.
    pub fn ops(&self) -> &[ListOp<T>] {
        &self.ops
    }

    /// Replaces `removed` elements from `at` on by `inserted`.
    #[must_use]
    pub fn splice(mut self, at: usize, removed: usize, inserted: impl IntoIterator<Item = T>) -> Self {
        push_splice(&mut self.ops, at, removed, inserted.into_iter().collect());
        self
    }

    /// Replaces the element at `at`.
    #[must_use]
    pub fn set(self, at: usize, value: T) -> Self {
        self.splice(at, 1, [value])
    }

    /// Inserts in front of the element at `at`, or at the end if `at` is the length.
    #[must_use]
    pub fn insert(self, at: usize, value: T) -> Self {
        self.splice(at, 0, [value])
    }

    /// Removes the element at `at`.
    #[must_use]
    pub fn remove(self, at: usize) -> Self {
        self.splice(at, 1, [])
    }

    /// Changes the element at `at` in part.
    #[must_use]
    pub fn patch(mut self, at: usize, patch: T::Patch) -> Self {
        self.ops.push(ListOp::Patch { at, patch });
        self
    }

    /// Records a splice of `state`, which is still as it was before.
    pub(super) fn record_splice(&mut self, state: &[T], at: usize, removed: usize, inserted: Vec<T>) {
        self.make_room(state);
        push_splice(&mut self.ops, at, removed, inserted);
    }

    /// The patch in which to record what happens inside the element at `at`.
    pub(super) fn record_inside(&mut self, state: &[T], at: usize) -> &mut T::Patch
    where
        T::Patch: Default,
    {
        self.make_room(state);
        let op = self.existing_patch(at).unwrap_or_else(|| {
            self.ops.push(ListOp::Patch { at, patch: T::Patch::default() });
            self.ops.len() - 1
        });
        match &mut self.ops[op] {
            ListOp::Patch { patch, .. } => patch,
            ListOp::Splice { .. } => unreachable!("existing_patch gives patches only"),
        }
    }

    /// The step that already patches the element at `at`, if any: an element has one patch, so that patches need no merging.
    fn existing_patch(&self, mut at: usize) -> Option<usize> {
        for (i, op) in self.ops.iter().enumerate().rev() {
            match op {
                ListOp::Patch { at: patched, .. } if *patched == at => return Some(i),
                ListOp::Patch { .. } => {}
                ListOp::Splice { .. } => at = op.index_before(at)?,
            }
        }
        None
    }

    /// Turns a long record into one splice of everything, into which all later ones merge.
    fn make_room(&mut self, state: &[T]) {
        if self.ops.len() >= MAX_RECORDED_OPS {
            let grown: usize = self.ops.iter().map(ListOp::n_inserted).sum();
            let shrunk: usize = self.ops.iter().map(ListOp::n_removed).sum();
            self.ops = vec![ListOp::Splice { at: 0, removed: state.len() + shrunk - grown, inserted: state.to_vec() }];
        }
    }

    /// See [`Delta::settle`].
    pub(super) fn settle(&mut self, state: &[T]) {
        let mut i = 0;
        while i < self.ops.len() {
            let ListOp::Patch { at, .. } = self.ops[i] else {
                i += 1;
                continue;
            };
            let now = index_after(&self.ops[i + 1..], at).and_then(|now| state.get(now));
            match (origin(&self.ops[..i], at), now) {
                (Origin::Old(_), Some(now)) => {
                    if let ListOp::Patch { patch, .. } = &mut self.ops[i] {
                        now.settle(patch);
                    }
                    i += 1;
                }
                // Inserted by this very patch: the insertion takes the final value.
                (Origin::Inserted { op, nth }, Some(now)) => {
                    if let ListOp::Splice { inserted, .. } = &mut self.ops[op] {
                        inserted[nth].clone_from(now);
                    }
                    self.ops.remove(i);
                }
                // Removed again by a later step.
                (_, None) => {
                    self.ops.remove(i);
                }
            }
        }
    }

    /// Checks what the patch has brought into `new`, whatever became of it since.
    pub(super) fn check(&self, new: &[T], at: &Path<'_>) -> Result<(), Violation> {
        for (n, op) in self.ops.iter().enumerate() {
            let later = &self.ops[n + 1..];
            let now = |index| index_after(later, index).and_then(|index| Some((index, new.get(index)?)));
            match op {
                ListOp::Splice { at: first, inserted, .. } => {
                    for (index, item) in (0..inserted.len()).filter_map(|nth| now(first + nth)) {
                        item.check(&at.index(index))?;
                    }
                }
                ListOp::Patch { at: index, patch } => {
                    if let Some((index, item)) = now(*index) {
                        T::check_patch(patch, item, &at.index(index))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// See [`Delta::prune`].
    pub(super) fn prune(&mut self, old: &[T], new: &[T]) {
        if old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.same(new)) {
            self.ops.clear();
            return;
        }
        let fates = self.patch_fates();
        let ops = std::mem::take(&mut self.ops);
        for (op, fate) in ops.into_iter().zip(fates) {
            if let Some(op) = self.pruned(op, fate, old, new) {
                self.ops.push(op);
            }
        }
    }

    /// For each step that is a patch: where its element was and is.
    fn patch_fates(&self) -> Vec<Fate> {
        let mut fates: Vec<Fate> = (self.ops.iter().enumerate())
            .map(|(i, op)| match op {
                ListOp::Splice { .. } => Fate::default(),
                ListOp::Patch { at, .. } => Fate {
                    old: match origin(&self.ops[..i], *at) {
                        Origin::Old(old) => Some(old),
                        Origin::Inserted { .. } => None,
                    },
                    new: index_after(&self.ops[i + 1..], *at),
                },
            })
            .collect();
        // Of two patches of one element neither alone leads from old to new, so they stay as they are.
        let mut patched: Vec<usize> = fates.iter().filter_map(|fate| fate.old).collect();
        patched.sort_unstable();
        let twice: Vec<usize> = patched.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        for fate in &mut fates {
            if fate.old.is_some_and(|old| twice.binary_search(&old).is_ok()) {
                fate.old = None;
            }
        }
        fates
    }

    /// What is left of a step behind those kept so far.
    fn pruned(&self, op: ListOp<T>, fate: Fate, old: &[T], new: &[T]) -> Option<ListOp<T>> {
        match op {
            ListOp::Splice { at, removed, inserted } => {
                let nothing = removed == inserted.len() && self.leaves_as_it_was(at, &inserted, old);
                (!nothing).then_some(ListOp::Splice { at, removed, inserted })
            }
            ListOp::Patch { at, mut patch } => {
                let new = new.get(fate.new?)?;
                if let Some(before) = fate.old.and_then(|index| old.get(index)) {
                    T::prune(&mut patch, before, new);
                }
                (!T::is_empty(&patch)).then_some(ListOp::Patch { at, patch })
            }
        }
    }

    /// Whether the steps kept so far have not touched these elements, which are what they were.
    fn leaves_as_it_was(&self, at: usize, inserted: &[T], old: &[T]) -> bool {
        let range = at..at + inserted.len();
        let untouched = self.ops.iter().all(|op| matches!(op, ListOp::Patch { at, .. } if !range.contains(at)));
        untouched && old.get(range).is_some_and(|old| old.iter().zip(inserted).all(|(old, new)| old.same(new)))
    }
}

/// Where the element of a patch was in the old list and is in the new one.
#[derive(Clone, Copy, Debug, Default)]
struct Fate {
    old: Option<usize>,
    new: Option<usize>,
}
