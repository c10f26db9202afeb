//! What happens to one field.

use super::{Delta, Mismatch};
use crate::codec::check::{self, Path, Violation};

/// What a patch does with one value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Change<T: Delta> {
    /// Nothing.
    #[default]
    Keep,
    /// Replaces it.
    Set(T),
    /// Changes it in part.
    Patch(T::Patch),
}

impl<T: Delta> Change<T> {
    /// The change that a patch is: none if it is empty.
    pub fn from_patch(patch: T::Patch) -> Self {
        if T::is_empty(&patch) { Self::Keep } else { Self::Patch(patch) }
    }

    /// Whether nothing happens.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// Does it to `value`.
    /// # Errors
    /// [`Mismatch`] if a patch does not fit; `value` may then be changed in part.
    pub fn apply(&self, value: &mut T) -> Result<(), Mismatch> {
        match self {
            Self::Keep => Ok(()),
            Self::Set(new) => {
                value.clone_from(new);
                Ok(())
            }
            Self::Patch(patch) => value.apply(patch),
        }
    }

    /// The patch to record further changes in; `None` if the value is set as a whole.
    pub fn edit(&mut self) -> Option<&mut T::Patch>
    where
        T::Patch: Default,
    {
        if self.is_keep() {
            *self = Self::Patch(T::Patch::default());
        }
        match self {
            Self::Patch(patch) => Some(patch),
            _ => None,
        }
    }

    /// Reads whole values again from the state after the draft; see [`Delta::settle`].
    pub fn settle(&mut self, state: &T) {
        match self {
            Self::Keep => {}
            Self::Set(value) => value.clone_from(state),
            Self::Patch(patch) => state.settle(patch),
        }
    }

    /// Checks what it has brought into `new`; see [`Delta::check_patch`].
    /// # Errors
    /// The first violation.
    pub fn check(&self, new: &T, at: &Path<'_>) -> Result<(), Violation> {
        match self {
            Self::Keep => Ok(()),
            Self::Set(_) => check::value(new, at),
            Self::Patch(patch) => T::check_patch(patch, new, at),
        }
    }

    /// Takes out what changed nothing; see [`Delta::prune`].
    pub fn prune(&mut self, old: &T, new: &T) {
        match self {
            Self::Keep => {}
            Self::Set(_) => {
                if old.same(new) {
                    *self = Self::Keep;
                }
            }
            Self::Patch(patch) => {
                T::prune(patch, old, new);
                if T::is_empty(patch) {
                    *self = Self::Keep;
                } else if T::replaces_all(patch, new) {
                    *self = Self::Set(new.clone());
                }
            }
        }
    }
}
