//! One step of a list's patch, and how steps move the elements.

use super::{Delta, Mismatch};
use crate::codec::{DecodeError, ErrorCode, Reader, Writer, decode_list, encode_list};

/// One step of a [`ListPatch`](super::ListPatch).
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

impl<T: Delta> ListOp<T> {
    pub(super) fn n_inserted(&self) -> usize {
        match self {
            Self::Splice { inserted, .. } => inserted.len(),
            Self::Patch { .. } => 0,
        }
    }

    pub(super) fn n_removed(&self) -> usize {
        match self {
            Self::Splice { removed, .. } => *removed,
            Self::Patch { .. } => 0,
        }
    }

    /// Where the element at `index` was before; `None` if this step inserts it.
    pub(super) fn index_before(&self, index: usize) -> Option<usize> {
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

/// Where an element came from.
pub(super) enum Origin {
    /// It was in the old list.
    Old(usize),
    /// It is the nth element that the splice `op` inserted.
    Inserted { op: usize, nth: usize },
}

/// Where the element that is at `at` after `ops` came from.
pub(super) fn origin<T: Delta>(ops: &[ListOp<T>], mut at: usize) -> Origin {
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
pub(super) fn index_after<T: Delta>(ops: &[ListOp<T>], at: usize) -> Option<usize> {
    ops.iter().try_fold(at, |at, op| op.index_after(at))
}

/// Appends a splice, merged into the one before it if the two touch.
pub(super) fn push_splice<T: Delta>(ops: &mut Vec<ListOp<T>>, at: usize, removed: usize, inserted: Vec<T>) {
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

pub(super) fn push_if_any<T: Delta>(ops: &mut Vec<ListOp<T>>, at: usize, removed: usize, inserted: Vec<T>) {
    if removed > 0 || !inserted.is_empty() {
        ops.push(ListOp::Splice { at, removed, inserted });
    }
}
