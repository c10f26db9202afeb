//! What changes in a map: keys that go, entries that are set, values that are patched, in this order.

use indexmap::{IndexMap, IndexSet};

use super::{Change, Delta, Map, Mismatch};
use crate::codec::check;
use crate::codec::{
    DecodeError, ErrorCode, Key, Reader, Writer, decode_entries, decode_keyed, decode_members, encode_entries,
    encode_members,
};

/// What changes in a [`Map`].
///
/// Removing an absent key does nothing. Setting a new key appends it, setting a present one keeps its place; a key that is
/// both removed and set moves to the end.
#[derive(Clone, Debug, PartialEq)]
pub struct MapPatch<K: Key, V: Delta> {
    pub(super) removed: IndexSet<K>,
    pub(super) set: IndexMap<K, V>,
    pub(super) patched: IndexMap<K, V::Patch>,
}

/// From so many removed keys on, one pass over the map is cheaper than removing them one by one.
const SINGLE_REMOVALS: usize = 4;

impl<K: Key, V: Delta> Default for MapPatch<K, V> {
    fn default() -> Self {
        Self { removed: IndexSet::new(), set: IndexMap::new(), patched: IndexMap::new() }
    }
}

impl<K: Key, V: Delta> MapPatch<K, V> {
    /// Changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The keys that go.
    pub fn removed(&self) -> impl Iterator<Item = &K> {
        self.removed.iter()
    }

    /// The entries that are added or replaced.
    pub fn entries(&self) -> impl Iterator<Item = (&K, &V)> {
        self.set.iter()
    }

    /// The values that change in part.
    pub fn patches(&self) -> impl Iterator<Item = (&K, &V::Patch)> {
        self.patched.iter()
    }

    /// Removes `key`.
    #[must_use]
    pub fn remove(mut self, key: K) -> Self {
        self.record_remove(key);
        self
    }

    /// Adds an entry or replaces its value.
    #[must_use]
    pub fn set(mut self, key: K, value: V) -> Self {
        self.record_set(key, value);
        self
    }

    /// Changes the value of `key`, which must be there, in part.
    #[must_use]
    pub fn patch(mut self, key: K, patch: V::Patch) -> Self {
        self.patched.insert(key, patch);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.set.is_empty() && self.patched.is_empty()
    }

    pub(super) fn record_remove(&mut self, key: K) {
        self.patched.shift_remove(&key);
        self.set.shift_remove(&key);
        self.removed.insert(key);
    }

    pub(super) fn record_set(&mut self, key: K, value: V) {
        self.patched.shift_remove(&key);
        self.set.insert(key, value);
    }

    /// The patch in which to record what happens inside the value of `key`; `None` if that is set as a whole.
    pub(super) fn record_inside(&mut self, key: &K) -> Option<&mut V::Patch>
    where
        V::Patch: Default,
    {
        if self.set.contains_key(key) { None } else { Some(self.patched.entry(key.clone()).or_default()) }
    }

    pub(super) fn apply(&self, entries: &mut IndexMap<K, V>) -> Result<(), Mismatch> {
        if self.removed.len() < SINGLE_REMOVALS {
            self.removed.iter().for_each(|key| drop(entries.shift_remove(key)));
        } else {
            entries.retain(|key, _| !self.removed.contains(key));
        }
        entries.extend(self.set.iter().map(|(key, value)| (key.clone(), value.clone())));
        self.patched.iter().try_for_each(|(key, patch)| entries.get_mut(key).ok_or(Mismatch)?.apply(patch))
    }

    /// See [`Delta::settle`].
    pub(super) fn settle(&mut self, state: &Map<K, V>) {
        for (key, value) in &mut self.set {
            if let Some(now) = state.get(key) {
                value.clone_from(now);
            }
        }
        for (key, patch) in &mut self.patched {
            if let Some(now) = state.get(key) {
                now.settle(patch);
            }
        }
    }

    /// Checks what the patch has brought into `new`.
    pub(super) fn check(&self, new: &Map<K, V>, at: &check::Path<'_>) -> Result<(), check::Violation> {
        for (key, value) in self.set.keys().filter_map(|key| new.get_key_value(key)) {
            check::entry(key, value, at)?;
        }
        self.patched.iter().try_for_each(|(key, patch)| {
            let Some(value) = new.get(key) else { return Ok(()) };
            let text = || key.path_text();
            V::check_patch(patch, value, &at.key(&text))
        })
    }

    /// See [`Delta::prune`].
    pub(super) fn prune(&mut self, old: &Map<K, V>, new: &Map<K, V>) {
        self.removed.retain(|key| old.contains_key(key));
        // Only if every removed key came back can all be what it was; without removals the entries tell one by one.
        let came_back = !self.removed.is_empty() && self.removed.iter().all(|key| self.set.contains_key(key));
        if came_back && old.same(new) {
            *self = Self::default();
            return;
        }
        let removed = &self.removed;
        let patched = &self.patched;
        self.set.retain(|key, value| {
            removed.contains(key) || patched.contains_key(key) || !old.get(key).is_some_and(|old| old.same(value))
        });
        let set = &self.set;
        self.patched.retain(|key, patch| {
            if let (Some(old), Some(new), false) = (old.get(key), new.get(key), set.contains_key(key)) {
                V::prune(patch, old, new);
            }
            !V::is_empty(patch)
        });
    }

    /// Whether sending `new` whole is shorter.
    pub(super) fn replaces_all(&self, new: &Map<K, V>) -> bool {
        self.patched.is_empty() && !self.removed.is_empty() && self.set.len() == new.len()
    }

    /// What turns `old` into `new`; `None` if its order cannot be reached.
    pub(super) fn between(old: &Map<K, V>, new: &Map<K, V>) -> Option<Self> {
        let mut patch = Self::default();
        patch.removed.extend(old.keys().filter(|key| !new.contains_key(*key)).cloned());
        for (key, value) in new {
            match old.get(key).map_or_else(|| Change::Set(value.clone()), |old| old.diff(value)) {
                Change::Keep => {}
                Change::Set(value) => drop(patch.set.insert(key.clone(), value)),
                Change::Patch(inner) => drop(patch.patched.insert(key.clone(), inner)),
            }
        }
        let kept = old.keys().filter(|key| new.contains_key(*key));
        let added = new.keys().filter(|key| !old.contains_key(*key));
        kept.chain(added).eq(new.keys()).then_some(patch)
    }

    /// Writes what the writer's level sees; returns false, with nothing left written, if that is nothing.
    pub(super) fn encode(&self, w: &mut Writer) -> bool {
        let start = w.len();
        encode_members(&self.removed, w);
        encode_entries(&self.set, w);
        let visible = w.counted(|w| {
            let see = |(key, patch): &(&K, &V::Patch)| {
                let start = w.len();
                key.encode(w);
                let visible = w.nested_if(|w| V::encode_patch(patch, w));
                if !visible {
                    w.truncate(start);
                }
                visible
            };
            self.patched.iter().filter(see).count()
        });
        let any = visible > 0 || !self.removed.is_empty() || !self.set.is_empty();
        if !any {
            w.truncate(start);
        }
        any
    }

    pub(super) fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let removed = decode_members(r)?;
        let set = decode_entries(r)?;
        let start = r.offset();
        let count = r.count()?;
        if count > 0 && !V::HAS_PATCH {
            return Err(r.error_at(start, ErrorCode::Op));
        }
        let patched = decode_keyed(r, count, |r, _| r.nested(V::decode_patch))?;
        Ok(Self { removed, set, patched })
    }
}
