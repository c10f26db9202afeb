//! Room 2: what changes in a value, as data: recorded by drafts, computed by [`Delta::diff`], applied, pruned and encoded.
//!
//! Every type that can stand in a store implements [`Delta`]. Types without parts of their own (scalars, enums, unions,
//! `fields` and `serializers` structs) are leaves: they are replaced whole and their patch type is [`Never`]. The others
//! (`partials` structs, [`List`], [`Map`], [`Set`], arrays) also implement [`Partial`], which gives them a draft.

mod array;
mod array_patch;
mod change;
mod iter;
mod leaf;
mod list;
mod list_diff;
mod list_draft;
mod list_op;
mod list_patch;
mod map;
mod map_draft;
mod map_patch;
mod path;
mod project;
mod set;
mod set_draft;
mod set_patch;
mod wire;
mod wrappers;

use std::fmt::Debug;

use bytes::Bytes;

pub use self::array::ArrayDraft;
pub use self::array_patch::ArrayPatch;
pub use self::change::Change;
pub use self::iter::{ListIntoIter, ListIter, MapIntoIter, MapIter, MapKeys, MapValues, SetIntoIter, SetIter};
pub use self::leaf::Never;
pub use self::list::{List, Position};
pub use self::list_draft::ListDraft;
pub use self::list_op::ListOp;
pub use self::list_patch::ListPatch;
pub use self::map::Map;
pub use self::map_draft::MapDraft;
pub use self::map_patch::MapPatch;
pub use self::path::{Path, Place};
pub use self::project::Project;
pub use self::set::Set;
pub use self::set_draft::SetDraft;
pub use self::set_patch::SetPatch;
pub use self::wire::{OpsHeader, OpsMark};
use crate::codec::check;
use crate::codec::{DecodeError, Level, Reader, Value, Writer, decode_with};
use crate::error::Refused;

/// A value whose changes can be described.
pub trait Delta: Value {
    /// What changes in a value that stays; [`Never`] for types that are replaced whole.
    type Patch: Clone + PartialEq + Debug + Send + Sync + 'static;

    /// Whether the patch changes nothing.
    fn is_empty(patch: &Self::Patch) -> bool;

    /// Changes the value as the patch says.
    /// # Errors
    /// [`Mismatch`] if the patch does not fit; the value may then be changed in part, so apply to a clone.
    fn apply(&mut self, patch: &Self::Patch) -> Result<(), Mismatch>;

    /// What turns this value into `new`.
    fn diff(&self, new: &Self) -> Change<Self>;

    /// Reads whole values in a patch again from `self`, the state after the draft that recorded the patch.
    ///
    /// A draft records nothing inside a value that it has set as a whole, so such values may have changed since.
    fn settle(&self, patch: &mut Self::Patch);

    /// Takes out of a patch that leads from `old` to `new` what changed nothing.
    fn prune(patch: &mut Self::Patch, old: &Self, new: &Self);

    /// Checks the constraints of what a patch has brought into `new`, the value that it leads to; cost follows the patch.
    /// # Errors
    /// The first violation, in declaration order.
    fn check_patch(patch: &Self::Patch, new: &Self, at: &check::Path<'_>) -> Result<(), check::Violation> {
        let _ = (patch, new, at);
        Ok(())
    }

    /// Writes what of the patch the writer's level may see; returns false if that is nothing, with nothing left written.
    fn encode_patch(patch: &Self::Patch, w: &mut Writer) -> bool;

    /// Reads a patch, up to the end of what encloses it.
    /// # Errors
    /// Whatever the format refuses.
    fn decode_patch(r: &mut Reader<'_>) -> Result<Self::Patch, DecodeError>;

    /// Whether there are patches at all.
    #[doc(hidden)]
    const HAS_PATCH: bool = true;

    /// Whether replacing one by the other is no change. Floats compare by bits.
    #[doc(hidden)]
    fn same(&self, other: &Self) -> bool {
        self == other
    }

    /// Whether sending `new` whole is shorter than this patch, which leads to it.
    #[doc(hidden)]
    fn replaces_all(patch: &Self::Patch, new: &Self) -> bool {
        let _ = (patch, new);
        false
    }
}

/// A value that can be changed in place while the changes are recorded.
pub trait Partial: Delta<Patch: Default> {
    /// Reads through `Deref`, writes through setters.
    type Draft<'a>
    where
        Self: 'a;

    /// Begins a draft; without a patch nothing is recorded, because an enclosing value is sent whole.
    fn draft<'a>(state: &'a mut Self, patch: Option<&'a mut Self::Patch>) -> Self::Draft<'a>;
}

/// A patch that does not fit the value: an index out of range, a patch for a key or value that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the patch does not fit the value")]
pub struct Mismatch;

impl From<Mismatch> for Refused {
    fn from(mismatch: Mismatch) -> Self {
        Self::invalid(mismatch.to_string())
    }
}

/// Encodes the delta of a `T` for a reader of this level; `None` if it sees nothing of it.
pub fn encode_patch<T: Delta>(patch: &T::Patch, level: Level) -> Option<Bytes> {
    let mut w = Writer::with_level(level);
    T::encode_patch(patch, &mut w).then(|| w.into_bytes())
}

/// Decodes the delta of a `T` from a whole message.
/// # Errors
/// Whatever the format refuses.
pub fn decode_patch<T: Delta>(message: &[u8]) -> Result<T::Patch, DecodeError> {
    decode_with(message, T::decode_patch)
}
