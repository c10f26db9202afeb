//! The shortest sensible steps from one list to another.

use super::list_op::{ListOp, push_if_any, push_splice};
use super::list_patch::MAX_RECORDED_OPS;
use super::{Change, Delta};

/// A list of equal length is described by single elements only if so few of the elements between the first and the last difference differ.
const MAX_SINGLE_SETS: usize = 16;

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
