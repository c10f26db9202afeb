//! A map being changed.

use std::hash::Hash;
use std::ops::Deref;

use indexmap::Equivalent;

use super::{Delta, Map, MapPatch, Partial};
use crate::codec::Key;

/// A [`Map`] being changed: reads through `Deref`, writes through methods named as those of other maps.
///
/// What changes nothing records nothing.
#[derive(Debug)]
pub struct MapDraft<'a, K: Key, V: Delta> {
    state: &'a mut Map<K, V>,
    patch: Option<&'a mut MapPatch<K, V>>,
}

impl<K: Key, V: Delta> Deref for MapDraft<'_, K, V> {
    type Target = Map<K, V>;

    fn deref(&self) -> &Map<K, V> {
        self.state
    }
}

impl<'a, K: Key, V: Delta> MapDraft<'a, K, V> {
    pub(super) fn new(state: &'a mut Map<K, V>, patch: Option<&'a mut MapPatch<K, V>>) -> Self {
        Self { state, patch }
    }

    /// Adds an entry at the end, or replaces the value of the one with this key in its place; gives the old value.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        if self.get(&key).is_some_and(|old| old.same(&value)) {
            return Some(value);
        }
        if let Some(patch) = self.patch.as_deref_mut() {
            patch.record_set(key.clone(), value.clone());
        }
        self.state.make_mut().insert(key, value)
    }

    /// Inserts entries one after another.
    pub fn extend(&mut self, entries: impl IntoIterator<Item = (K, V)>) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }

    /// Removes the entry of `key` and gives its value; `None` if there is none. The others keep their order.
    pub fn remove<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<V> {
        // Looked up first, because only a change may cost a copy of a shared map.
        if !self.contains_key(key) {
            return None;
        }
        let (key, value) = self.state.make_mut().shift_remove_entry(key)?;
        if let Some(patch) = self.patch.as_deref_mut() {
            patch.record_remove(key);
        }
        Some(value)
    }

    /// Removes all entries.
    pub fn clear(&mut self) {
        if self.is_empty() {
            return;
        }
        if let Some(patch) = self.patch.as_deref_mut() {
            self.state.keys().for_each(|key| patch.record_remove(key.clone()));
        }
        *self.state = Map::new();
    }

    /// The value of `key` for changing; `None` if there is none.
    pub fn get_mut<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<V::Draft<'_>>
    where
        V: Partial,
    {
        let (own_key, _) = self.state.get_key_value(key)?;
        let inner = self.patch.as_deref_mut().and_then(|patch| patch.record_inside(own_key));
        self.state.make_mut().get_mut(key).map(|value| V::draft(value, inner))
    }
}
