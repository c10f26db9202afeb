//! The map of `partials` structs: ordered by insertion, cheap to clone, copied when a shared one is changed.

use std::fmt;
use std::hash::Hash;
use std::ops::Index;
use std::sync::Arc;

use indexmap::{Equivalent, IndexMap};

use super::{Change, Delta, MapDraft, MapIntoIter, MapIter, MapKeys, MapPatch, MapValues, Mismatch, Partial};
use crate::codec::check;
use crate::codec::columns::{Entries, MapPayload, MapScratch};
use crate::codec::{DecodeError, Key, Reader, Value, Writer};

/// A map in a store's state. It keeps the order of insertion, which is the same for all readers and counts in comparisons. A
/// clone costs nothing and shares the entries until one of the two is changed.
pub struct Map<K, V>(Arc<IndexMap<K, V>>);

impl<K, V> Map<K, V> {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries in order.
    pub fn iter(&self) -> MapIter<'_, K, V> {
        MapIter(self.0.iter())
    }

    /// The keys in order.
    pub fn keys(&self) -> MapKeys<'_, K, V> {
        MapKeys(self.0.keys())
    }

    /// The values in order.
    pub fn values(&self) -> MapValues<'_, K, V> {
        MapValues(self.0.values())
    }

    /// The oldest entry.
    pub fn first(&self) -> Option<(&K, &V)> {
        self.0.first()
    }

    /// The newest entry.
    pub fn last(&self) -> Option<(&K, &V)> {
        self.0.last()
    }

    fn shares(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<K: Hash + Eq, V> Map<K, V> {
    /// The value of `key`, if there is one.
    pub fn get<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<&V> {
        self.0.get(key)
    }

    /// Whether there is an entry for `key`.
    pub fn contains_key<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
        self.0.contains_key(key)
    }

    pub(super) fn get_key_value<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<(&K, &V)> {
        self.0.get_key_value(key)
    }
}

impl<K: Clone, V: Clone> Map<K, V> {
    /// The entries for changing; copies them first if they are shared.
    pub(super) fn make_mut(&mut self) -> &mut IndexMap<K, V> {
        Arc::make_mut(&mut self.0)
    }
}

impl<K, V> Clone for Map<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Equal entries in the same order.
impl<K: PartialEq, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.shares(other) || self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for Map<K, V> {}

impl<K: Hash + Eq, V> From<IndexMap<K, V>> for Map<K, V> {
    fn from(entries: IndexMap<K, V>) -> Self {
        Self(Arc::new(entries))
    }
}

/// A later entry replaces the value of an earlier one with the same key.
impl<K: Hash + Eq, V, const N: usize> From<[(K, V); N]> for Map<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

/// A later entry replaces the value of an earlier one with the same key.
impl<K: Hash + Eq, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        entries.into_iter().collect::<IndexMap<K, V>>().into()
    }
}

impl<'a, K, V> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = MapIter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Copies the entries if they are shared.
impl<K: Clone, V: Clone> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = MapIntoIter<K, V>;

    fn into_iter(self) -> Self::IntoIter {
        MapIntoIter(Arc::unwrap_or_clone(self.0).into_iter())
    }
}

/// Panics if there is no such key, as other maps do.
impl<K: Hash + Eq, V, Q: ?Sized + Hash + Equivalent<K>> Index<&Q> for Map<K, V> {
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        &self.0[key]
    }
}

impl<K: Key, V: Value> Entries for Map<K, V> {
    type Key = K;
    type Value = V;

    fn entries(&self) -> &IndexMap<K, V> {
        &self.0
    }

    fn from_entries(entries: IndexMap<K, V>) -> Self {
        entries.into()
    }
}

impl<K: Key, V: Value> Value for Map<K, V> {
    type Scratch = MapScratch<K, V>;
    type Payload<'a> = MapPayload<Self>;

    const COLLECTION: bool = true;

    const CONSTRAINED: bool = K::CONSTRAINED || V::CONSTRAINED;

    fn check(&self, at: &check::Path<'_>) -> Result<(), check::Violation> {
        check::entries(self, at)
    }

    fn encode(&self, w: &mut Writer) {
        self.0.encode(w);
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        IndexMap::decode(r).map(Self::from)
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }
}

impl<K: Key, V: Delta> Delta for Map<K, V> {
    type Patch = MapPatch<K, V>;

    fn is_empty(patch: &MapPatch<K, V>) -> bool {
        patch.is_empty()
    }

    fn apply(&mut self, patch: &MapPatch<K, V>) -> Result<(), Mismatch> {
        if patch.is_empty() { Ok(()) } else { patch.apply(self.make_mut()) }
    }

    fn diff(&self, new: &Self) -> Change<Self> {
        if self.shares(new) {
            return Change::Keep;
        }
        match MapPatch::between(self, new) {
            Some(patch) if MapPatch::replaces_all(&patch, new) => Change::Set(new.clone()),
            Some(patch) => Change::from_patch(patch),
            None => Change::Set(new.clone()),
        }
    }

    fn settle(&self, patch: &mut MapPatch<K, V>) {
        patch.settle(self);
    }

    fn prune(patch: &mut MapPatch<K, V>, old: &Self, new: &Self) {
        if old.shares(new) {
            *patch = MapPatch::default();
        } else {
            patch.prune(old, new);
        }
    }

    fn check_patch(patch: &MapPatch<K, V>, new: &Self, at: &check::Path<'_>) -> Result<(), check::Violation> {
        if Self::CONSTRAINED { patch.check(new, at) } else { Ok(()) }
    }

    fn encode_patch(patch: &MapPatch<K, V>, w: &mut Writer) -> bool {
        patch.encode(w)
    }

    fn decode_patch(r: &mut Reader<'_>) -> Result<MapPatch<K, V>, DecodeError> {
        MapPatch::decode(r)
    }

    fn same(&self, other: &Self) -> bool {
        self.shares(other)
            || self.len() == other.len()
                && self.iter().zip(other.iter()).all(|((k, v), (other_k, other_v))| k == other_k && v.same(other_v))
    }

    fn replaces_all(patch: &MapPatch<K, V>, new: &Self) -> bool {
        patch.replaces_all(new)
    }
}

impl<K: Key, V: Delta> Partial for Map<K, V> {
    type Draft<'a> = MapDraft<'a, K, V>;

    fn draft<'a>(state: &'a mut Self, patch: Option<&'a mut MapPatch<K, V>>) -> MapDraft<'a, K, V> {
        MapDraft::new(state, patch)
    }
}
