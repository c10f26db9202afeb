//! What changes in a list: splices and patches of elements, applied one after another.

use super::{Change, Delta, Mismatch};
use crate::codec::{DecodeError, ErrorCode, Reader, Writer, decode_list, encode_list};

/// What changes in a [`List`](super::List).
///
/// As a builder: each call describes the list as the calls before it have left it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListPatch<T: Delta> {
    pub(super) ops: Vec<ListOp<T>>,
}

/// One step of a [`ListPatch`].
#[derive(Clone, Debug, PartialEq)]
pub enum ListOp<T: Delta> {
    /// Replaces `removed` elements from `at` on.
    Splice {
        /// Index of the first element that is replaced, or of the place to insert at.
        at: usize,
        /// How many elements go.
        removed: usize,
        /// What comes in their place.
        inserted: Vec<T>,
    },
    /// Changes the element at `at` in part.
    Patch {
        /// Its index.
        at: usize,
        /// What changes in it.
        patch: T::Patch,
    },
}

/// A draft that needs more steps than this replaces the whole list instead.
const MAX_RECORDED_OPS: usize = 256;

/// A list of equal length is described by single elements only if so few of the elements between the first and the last difference differ.
const MAX_SINGLE_SETS: usize = 16;

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

/// Where an element came from.
enum Origin {
    /// It was in the old list.
    Old(usize),
    /// It is the nth element that the splice `op` inserted.
    Inserted { op: usize, nth: usize },
}

/// Where the element that is at `at` after `ops` came from.
fn origin<T: Delta>(ops: &[ListOp<T>], mut at: usize) -> Origin {
    for (i, op) in ops.iter().enumerate().rev() {
        match (op.index_before(at), op) {
            (Some(before), _) => at = before,
            (None, ListOp::Splice { at: start, .. }) => return Origin::Inserted { op: i, nth: at - start },
            (None, ListOp::Patch { .. }) => {}
        }
    }
    Origin::Old(at)
}

/// Where the element that is at `at` before `ops` is after them; `None` if it is removed.
fn index_after<T: Delta>(ops: &[ListOp<T>], at: usize) -> Option<usize> {
    ops.iter().try_fold(at, |at, op| op.index_after(at))
}

impl<T: Delta> ListOp<T> {
    fn n_inserted(&self) -> usize {
        match self {
            Self::Splice { inserted, .. } => inserted.len(),
            Self::Patch { .. } => 0,
        }
    }

    fn n_removed(&self) -> usize {
        match self {
            Self::Splice { removed, .. } => *removed,
            Self::Patch { .. } => 0,
        }
    }

    /// Where the element at `index` was before; `None` if this step inserts it.
    fn index_before(&self, index: usize) -> Option<usize> {
        match self {
            Self::Splice { at, removed, inserted } if index >= *at => {
                (index >= at + inserted.len()).then(|| index - inserted.len() + removed)
            }
            _ => Some(index),
        }
    }

    /// Where the element at `index` is afterwards; `None` if this step removes it.
    fn index_after(&self, index: usize) -> Option<usize> {
        match self {
            Self::Splice { at, removed, inserted } if index >= *at => {
                (index - at >= *removed).then(|| index - removed + inserted.len())
            }
            _ => Some(index),
        }
    }

    pub(super) fn apply(&self, items: &mut Vec<T>) -> Result<(), Mismatch> {
        match self {
            Self::Splice { at, removed, inserted } => {
                let end = at.checked_add(*removed).filter(|end| *end <= items.len()).ok_or(Mismatch)?;
                items.splice(*at..end, inserted.iter().cloned());
                Ok(())
            }
            Self::Patch { at, patch } => items.get_mut(*at).ok_or(Mismatch)?.apply(patch),
        }
    }

    /// Writes the step; returns false, with nothing left written, if the writer's level sees nothing of it.
    pub(super) fn encode(&self, w: &mut Writer) -> bool {
        let start = w.len();
        match self {
            Self::Splice { at, removed, inserted } => {
                w.varint(CODE_SPLICE);
                w.varint(*at as u64);
                w.varint(*removed as u64);
                encode_list(inserted, w);
                true
            }
            Self::Patch { at, patch } => {
                w.varint(CODE_PATCH);
                w.varint(*at as u64);
                let visible = w.nested_if(|w| T::encode_patch(patch, w));
                if !visible {
                    w.truncate(start);
                }
                visible
            }
        }
    }

    pub(super) fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.varint()? {
            CODE_SPLICE => Ok(Self::Splice { at: index(r)?, removed: index(r)?, inserted: decode_list(r)? }),
            CODE_PATCH if T::HAS_PATCH => Ok(Self::Patch { at: index(r)?, patch: r.nested(T::decode_patch)? }),
            _ => Err(r.error_at(start, ErrorCode::Op)),
        }
    }
}

const CODE_SPLICE: u64 = 0;
const CODE_PATCH: u64 = 1;

/// An index or length; one that no list can have does not fit the value that it is meant for.
fn index(r: &mut Reader<'_>) -> Result<usize, DecodeError> {
    let start = r.offset();
    u32::try_from(r.varint()?).map(|index| index as usize).map_err(|_| r.error_at(start, ErrorCode::Mismatch))
}

/// Appends a splice, merged into the one before it if the two touch.
fn push_splice<T: Delta>(ops: &mut Vec<ListOp<T>>, at: usize, removed: usize, inserted: Vec<T>) {
    let Some(ListOp::Splice { at: last_at, removed: last_removed, inserted: last }) = ops.last_mut() else {
        return push_if_any(ops, at, removed, inserted);
    };
    let last_end = *last_at + last.len();
    let end = at.saturating_add(removed);
    if at > last_end || end < *last_at {
        return push_if_any(ops, at, removed, inserted);
    }
    let from = at.max(*last_at) - *last_at;
    let to = end.min(last_end) - *last_at;
    *last_removed += last_at.saturating_sub(at) + end.saturating_sub(last_end);
    *last_at = at.min(*last_at);
    last.splice(from..to, inserted);
    if last.is_empty() && *last_removed == 0 {
        ops.pop();
    }
}

fn push_if_any<T: Delta>(ops: &mut Vec<ListOp<T>>, at: usize, removed: usize, inserted: Vec<T>) {
    if removed > 0 || !inserted.is_empty() {
        ops.push(ListOp::Splice { at, removed, inserted });
    }
}

/// The steps that turn `old` into `new`; `None` if nothing is left of `old`.
pub(super) fn diff_ops<T: Delta>(old: &[T], new: &[T]) -> Option<Vec<ListOp<T>>> {
    let prefix = old.iter().zip(new).take_while(|(old, new)| old.same(new)).count();
    let (old_tail, new_tail) = (&old[prefix..], &new[prefix..]);
    let suffix = old_tail.iter().rev().zip(new_tail.iter().rev()).take_while(|(old, new)| old.same(new)).count();
    let old_middle = &old_tail[..old_tail.len() - suffix];
    let new_middle = &new_tail[..new_tail.len() - suffix];
    let single = if old_middle.len() == new_middle.len() { single_ops(prefix, old_middle, new_middle) } else { None };
    if single.is_some() {
        return single;
    }
    if prefix == 0 && suffix == 0 {
        return None;
    }
    let mut ops = Vec::new();
    push_if_any(&mut ops, prefix, old_middle.len(), new_middle.to_vec());
    Some(ops)
}

/// Element by element, if that is shorter than replacing all elements from the first to the last difference.
fn single_ops<T: Delta>(first: usize, old: &[T], new: &[T]) -> Option<Vec<ListOp<T>>> {
    let mut ops = Vec::new();
    let mut sets = 0;
    for (i, (old, new)) in old.iter().zip(new).enumerate() {
        match old.diff(new) {
            Change::Keep => {}
            Change::Patch(patch) => ops.push(ListOp::Patch { at: first + i, patch }),
            Change::Set(value) => {
                sets += 1;
                push_splice(&mut ops, first + i, 1, vec![value]);
            }
        }
        if ops.len() > MAX_RECORDED_OPS {
            return None;
        }
    }
    let few = sets == 0 || sets <= MAX_SINGLE_SETS && sets * 4 < old.len();
    few.then_some(ops)
}
