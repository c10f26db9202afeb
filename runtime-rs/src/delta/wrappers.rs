//! Optional and boxed values: their patches are those of what is inside.

use super::{Change, Delta, Mismatch, Partial};
use crate::codec::check::{Path, Violation};
use crate::codec::{DecodeError, Reader, Writer};

/// A patch fits only if there is a value.
impl<T: Delta> Delta for Option<T> {
    type Patch = T::Patch;

    const HAS_PATCH: bool = T::HAS_PATCH;

    fn is_empty(patch: &T::Patch) -> bool {
        T::is_empty(patch)
    }

    fn apply(&mut self, patch: &T::Patch) -> Result<(), Mismatch> {
        self.as_mut().ok_or(Mismatch)?.apply(patch)
    }

    fn diff(&self, new: &Self) -> Change<Self> {
        match (self, new) {
            (None, None) => Change::Keep,
            (Some(old), Some(new)) => match old.diff(new) {
                Change::Keep => Change::Keep,
                Change::Set(value) => Change::Set(Some(value)),
                Change::Patch(patch) => Change::Patch(patch),
            },
            _ => Change::Set(new.clone()),
        }
    }

    fn settle(&self, patch: &mut T::Patch) {
        if let Some(value) = self {
            value.settle(patch);
        }
    }

    fn prune(patch: &mut T::Patch, old: &Self, new: &Self) {
        if let (Some(old), Some(new)) = (old, new) {
            T::prune(patch, old, new);
        }
    }

    fn check_patch(patch: &T::Patch, new: &Self, at: &Path<'_>) -> Result<(), Violation> {
        new.as_ref().map_or(Ok(()), |new| T::check_patch(patch, new, at))
    }

    fn encode_patch(patch: &T::Patch, w: &mut Writer) -> bool {
        T::encode_patch(patch, w)
    }

    fn decode_patch(r: &mut Reader<'_>) -> Result<T::Patch, DecodeError> {
        T::decode_patch(r)
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(one), Some(other)) => one.same(other),
            (None, None) => true,
            _ => false,
        }
    }

    fn replaces_all(patch: &T::Patch, new: &Self) -> bool {
        new.as_ref().is_some_and(|new| T::replaces_all(patch, new))
    }
}

/// The draft is `None` if there is no value.
impl<T: Partial> Partial for Option<T> {
    type Draft<'a> = Option<T::Draft<'a>>;

    fn draft<'a>(state: &'a mut Self, patch: Option<&'a mut T::Patch>) -> Option<T::Draft<'a>> {
        state.as_mut().map(|value| T::draft(value, patch))
    }
}

/// Boxes break the circle of types that contain themselves, so their patches are boxed too.
impl<T: Delta> Delta for Box<T> {
    type Patch = Box<T::Patch>;

    const HAS_PATCH: bool = T::HAS_PATCH;

    fn is_empty(patch: &Box<T::Patch>) -> bool {
        T::is_empty(patch)
    }

    fn apply(&mut self, patch: &Box<T::Patch>) -> Result<(), Mismatch> {
        T::apply(self, patch)
    }

    fn diff(&self, new: &Self) -> Change<Self> {
        match T::diff(self, new) {
            Change::Keep => Change::Keep,
            Change::Set(value) => Change::Set(Self::new(value)),
            Change::Patch(patch) => Change::Patch(Box::new(patch)),
        }
    }

    fn settle(&self, patch: &mut Box<T::Patch>) {
        T::settle(self, patch);
    }

    fn prune(patch: &mut Box<T::Patch>, old: &Self, new: &Self) {
        T::prune(patch, old, new);
    }

    fn check_patch(patch: &Box<T::Patch>, new: &Self, at: &Path<'_>) -> Result<(), Violation> {
        T::check_patch(patch, new, at)
    }

    fn encode_patch(patch: &Box<T::Patch>, w: &mut Writer) -> bool {
        T::encode_patch(patch, w)
    }

    fn decode_patch(r: &mut Reader<'_>) -> Result<Box<T::Patch>, DecodeError> {
        r.charge(size_of::<T::Patch>())?;
        T::decode_patch(r).map(Box::new)
    }

    fn same(&self, other: &Self) -> bool {
        T::same(self, other)
    }

    fn replaces_all(patch: &Box<T::Patch>, new: &Self) -> bool {
        T::replaces_all(patch, new)
    }
}

impl<T: Partial> Partial for Box<T> {
    type Draft<'a> = T::Draft<'a>;

    fn draft<'a>(state: &'a mut Self, patch: Option<&'a mut Box<T::Patch>>) -> T::Draft<'a> {
        T::draft(state, patch.map(|patch| &mut **patch))
    }
}
