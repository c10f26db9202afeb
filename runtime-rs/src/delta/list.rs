//! The list of `partials` structs: cheap to clone, copied when a shared one is changed.

use std::fmt;
use std::ops::Index;
use std::sync::Arc;

use super::list_diff::diff_ops;
use super::{Change, Delta, ListDraft, ListIntoIter, ListIter, ListOp, ListPatch, Mismatch, Partial};
use crate::codec::check;
use crate::codec::columns::{ListPayload, ListScratch, Sequence};
use crate::codec::{DecodeError, Reader, Value, Writer, decode_list, encode_list};

/// A list in a store's state. A clone costs nothing and shares the elements until one of the two is changed.
pub struct List<T>(Arc<Vec<T>>);

/// A place in a list: any integer; a negative one is nowhere.
pub trait Position: Copy + fmt::Display {
    /// The place as an index.
    fn index(self) -> usize;
}

macro_rules! positions {
    ($($ty:ty)*) => {$(
        impl Position for $ty {
            fn index(self) -> usize {
                usize::try_from(self).unwrap_or(usize::MAX)
            }
        }
    )*};
}
positions! { u8 u16 u32 u64 usize i8 i16 i32 i64 isize }

impl<T> List<T> {
    /// An empty list.
    pub fn new() -> Self {
        Self(Arc::default())
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The element at `at`, if there is one.
    pub fn get(&self, at: impl Position) -> Option<&T> {
        self.0.get(at.index())
    }

    /// The first element.
    pub fn first(&self) -> Option<&T> {
        self.0.first()
    }

    /// The last element.
    pub fn last(&self) -> Option<&T> {
        self.0.last()
    }

    /// The elements in order.
    pub fn iter(&self) -> ListIter<'_, T> {
        ListIter(self.0.iter())
    }

    /// Whether one of the elements equals `value`.
    pub fn contains(&self, value: &T) -> bool
    where
        T: PartialEq,
    {
        self.0.contains(value)
    }

    /// A copy of the elements.
    pub fn to_vec(&self) -> Vec<T>
    where
        T: Clone,
    {
        self.0.to_vec()
    }

    pub(super) fn as_slice(&self) -> &[T] {
        &self.0
    }

    /// The elements for changing; copies them first if they are shared.
    pub(super) fn make_mut(&mut self) -> &mut Vec<T>
    where
        T: Clone,
    {
        Arc::make_mut(&mut self.0)
    }

    fn shares(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.shares(other) || self.0 == other.0
    }
}

impl<T: Eq> Eq for List<T> {}

impl<T: PartialEq> PartialEq<Vec<T>> for List<T> {
    fn eq(&self, other: &Vec<T>) -> bool {
        *self.0 == *other
    }
}

impl<T: PartialEq, const N: usize> PartialEq<[T; N]> for List<T> {
    fn eq(&self, other: &[T; N]) -> bool {
        self.0[..] == other[..]
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self(Arc::new(items))
    }
}

impl<T, const N: usize> From<[T; N]> for List<T> {
    fn from(items: [T; N]) -> Self {
        Vec::from(items).into()
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        items.into_iter().collect::<Vec<T>>().into()
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = ListIter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Copies the elements if they are shared.
impl<T: Clone> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = ListIntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        ListIntoIter(Arc::unwrap_or_clone(self.0).into_iter())
    }
}

/// Panics if there is no such element, as slices do.
impl<T, P: Position> Index<P> for List<T> {
    type Output = T;

    fn index(&self, at: P) -> &T {
        &self.0[at.index()]
    }
}

impl<T: Value> Sequence for List<T> {
    type Item = T;

    fn items(&self) -> &[T] {
        &self.0
    }

    fn from_items(items: Vec<T>) -> Self {
        items.into()
    }
}

impl<T: Value> Value for List<T> {
    type Scratch = ListScratch<T>;
    type Payload<'a> = ListPayload<'a, Self>;

    const COLLECTION: bool = true;

    const CONSTRAINED: bool = T::CONSTRAINED;

    fn check(&self, at: &check::Path<'_>) -> Result<(), check::Violation> {
        check::items(self, at)
    }

    fn encode(&self, w: &mut Writer) {
        encode_list(&self.0, w);
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        decode_list(r).map(Self::from)
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Delta> Delta for List<T> {
    type Patch = ListPatch<T>;

    fn is_empty(patch: &ListPatch<T>) -> bool {
        patch.ops.is_empty()
    }

    fn apply(&mut self, patch: &ListPatch<T>) -> Result<(), Mismatch> {
        if patch.ops.is_empty() {
            return Ok(());
        }
        let items = self.make_mut();
        patch.ops.iter().try_for_each(|op| op.apply(items))
    }

    fn diff(&self, new: &Self) -> Change<Self> {
        if self.shares(new) {
            return Change::Keep;
        }
        match diff_ops(&self.0, &new.0) {
            Some(ops) => Change::from_patch(ListPatch { ops }),
            None => Change::Set(new.clone()),
        }
    }

    fn settle(&self, patch: &mut ListPatch<T>) {
        patch.settle(&self.0);
    }

    fn prune(patch: &mut ListPatch<T>, old: &Self, new: &Self) {
        if old.shares(new) {
            patch.ops.clear();
        } else {
            patch.prune(&old.0, &new.0);
        }
    }

    fn check_patch(patch: &ListPatch<T>, new: &Self, at: &check::Path<'_>) -> Result<(), check::Violation> {
        if T::CONSTRAINED { patch.check(&new.0, at) } else { Ok(()) }
    }

    fn encode_patch(patch: &ListPatch<T>, w: &mut Writer) -> bool {
        let start = w.len();
        let visible = w.counted(|w| patch.ops.iter().filter(|op| op.encode(w)).count());
        if visible == 0 {
            w.truncate(start);
        }
        visible > 0
    }

    fn decode_patch(r: &mut Reader<'_>) -> Result<ListPatch<T>, DecodeError> {
        let count = r.count()?;
        let mut ops = Vec::new();
        if !r.is_checking() {
            let room = count.min(r.remaining());
            r.charge(room * size_of::<ListOp<T>>())?;
            ops.reserve_exact(room);
        }
        for _ in 0..count {
            let op = ListOp::decode(r)?;
            if !r.is_checking() {
                ops.push(op);
            }
        }
        Ok(ListPatch { ops })
    }

    fn same(&self, other: &Self) -> bool {
        self.shares(other) || self.len() == other.len() && self.iter().zip(other).all(|(one, other)| one.same(other))
    }

    fn replaces_all(patch: &ListPatch<T>, new: &Self) -> bool {
        matches!(&patch.ops[..], [ListOp::Splice { inserted, .. }] if inserted.len() == new.len())
    }
}

impl<T: Delta> Partial for List<T> {
    type Draft<'a> = ListDraft<'a, T>;

    fn draft<'a>(state: &'a mut Self, patch: Option<&'a mut ListPatch<T>>) -> ListDraft<'a, T> {
        ListDraft::new(state, patch)
    }
}
