//! Columns of maps: how many entries each has, then all keys, then all values.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::rows::AS_ROWS;
use super::{Column, CursorOf, Head, IntScratch, Payload, Place, Plan, Presence, RowsPayload, Scratch};
use crate::codec::containers::{ENTRY_OVERHEAD_BYTES, entry_weight};
use crate::codec::reader::Reader;
use crate::codec::value::{Key, Value};
use crate::codec::writer::{Writer, varint_len};
use crate::error::{DecodeError, ErrorCode};

/// A type whose values are maps.
pub trait Entries: Value {
    /// The type of its keys.
    type Key: Key;
    /// The type of its values.
    type Value: Value;

    /// The entries.
    fn entries(&self) -> &IndexMap<Self::Key, Self::Value>;

    /// A map of these entries.
    fn from_entries(entries: IndexMap<Self::Key, Self::Value>) -> Self;
}

/// Collects maps.
pub struct MapScratch<K: Value, V: Value> {
    counts: IntScratch<u32>,
    keys: Column<K>,
    values: Column<V>,
    n_entries: u64,
    content: usize,
}

impl<K: Value, V: Value> Default for MapScratch<K, V> {
    fn default() -> Self {
        Self {
            counts: IntScratch::default(),
            keys: Column::default(),
            values: Column::default(),
            n_entries: 0,
            content: 0,
        }
    }
}

impl<M: Entries> Scratch<M> for MapScratch<M::Key, M::Value> {
    fn clear(&mut self) {
        self.counts.values_mut().clear();
        self.keys.clear();
        self.values.clear();
        self.n_entries = 0;
    }

    fn extend<'v, I>(&mut self, values: I, place: Place)
    where
        I: Iterator<Item = &'v M> + Clone,
        M: 'v,
    {
        let place = place.inside();
        for map in values {
            let entries = map.entries();
            self.counts.push(entries.len() as u32);
            self.n_entries += entries.len() as u64;
            self.keys.extend(entries.keys(), place);
            self.values.extend(entries.values(), place);
        }
    }

    fn sparse(&mut self, _: Option<&M>, _: &mut Vec<u8>) -> Presence {
        if self.n_entries == 0 { Presence::None } else { Presence::All }
    }

    fn plan(&mut self, _: bool) -> Plan {
        let (keys, values) = (self.keys.plan(None), self.values.plan(None));
        self.content = self.counts.plan_sizes() + keys.bytes + values.bytes;
        let weight = keys.weight + values.weight + self.n_entries * entry_weight::<M::Key, M::Value>();
        Plan { low: 0, bytes: varint_len(self.content as u64) + self.content, weight, inline: 0 }
    }

    fn write(&self, w: &mut Writer) {
        w.weigh(self.n_entries * entry_weight::<M::Key, M::Value>());
        w.count_elements(self.n_entries);
        w.block(self.content, |w| {
            self.counts.write_sizes(w);
            self.keys.write(w);
            self.values.write(w);
        });
    }
}

/// Reads maps. They are made when the column is opened, because only then repeated keys turn up.
#[derive(Debug)]
pub struct MapPayload<M>(RowsPayload<M>);

impl<'a, M: Entries> Payload<'a, M> for MapPayload<M> {
    fn allows(low: u8, _: u8, _: bool) -> bool {
        low <= AS_ROWS
    }

    fn open(r: &mut Reader<'a>, head: Head, _: Option<&M>) -> Result<Self, DecodeError> {
        if head.low == AS_ROWS {
            return RowsPayload::read(r, head).map(Self);
        }
        r.nested_at(head.start, |r| {
            let start = r.offset();
            let (mut counts, n_entries) = r.sizes(head.k)?;
            let n_entries = r.admit(n_entries, start, n_entries, entry_weight::<M::Key, M::Value>())?;
            let (keys_at, mut keys) = (r.offset(), CursorOf::<M::Key>::open(r, n_entries, None)?);
            let mut values = CursorOf::<M::Value>::open(r, n_entries, None)?;
            if r.is_checking() {
                check_keys::<M::Key>(r, (0..head.k).map(|_| counts.next() as usize), (keys_at, n_entries))?;
                return Ok(Self(RowsPayload::of(Vec::new())));
            }
            r.charge(head.k * size_of::<M>())?;
            let maps = (0..head.k).map(|_| {
                let map = read_keyed::<M::Key, M::Value>(r, counts.next() as usize, keys_at, &mut keys, &mut values)?;
                Ok(M::from_entries(map))
            });
            maps.collect::<Result<_, _>>().map(|maps| Self(RowsPayload::of(maps)))
        })
    }

    fn pull(&mut self) -> Option<M> {
        self.0.pull()
    }

    fn zero() -> Option<M> {
        Some(M::from_entries(IndexMap::new()))
    }
}

/// A map of the next `count` keys, which must differ, and values.
pub(in crate::codec) fn read_keyed<'a, K: Key, V: Value>(
    r: &mut Reader<'a>,
    count: usize,
    keys_at: usize,
    keys: &mut CursorOf<'a, K>,
    values: &mut CursorOf<'a, V>,
) -> Result<IndexMap<K, V>, DecodeError> {
    r.charge(count.saturating_mul(size_of::<(K, V)>() + ENTRY_OVERHEAD_BYTES))?;
    let mut map = IndexMap::with_capacity(count);
    for _ in 0..count {
        let (Some(key), Some(value)) = (keys.pull(), values.pull()) else { break };
        match map.entry(key) {
            Entry::Occupied(_) => return Err(r.error_at(keys_at, ErrorCode::DuplicateKey)),
            Entry::Vacant(entry) => entry.insert(value),
        };
    }
    Ok(map)
}

/// Refuses repeated keys in maps of `counts` entries, whose keys are the column of `n` keys at `keys_at`, keeping nothing
/// but 4 bytes for each key.
pub(in crate::codec) fn check_keys<K: Key>(
    r: &Reader<'_>,
    counts: impl Iterator<Item = usize>,
    (keys_at, n): (usize, usize),
) -> Result<(), DecodeError> {
    // Seeded by chance, so that nobody can make keys of equal hashes.
    let hasher = RandomState::new();
    let open = || CursorOf::<K>::open(&mut r.again_at(keys_at), n, None);
    let (mut keys, mut before, mut hashes) = (open()?, 0, Vec::new());
    for count in counts {
        hashes.clear();
        hashes.extend((0..count).map_while(|_| keys.pull()).map(|key| hasher.hash_one(key) as u32));
        hashes.sort_unstable();
        let repeated: HashSet<u32> = hashes.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        if !repeated.is_empty() {
            let mut again = open()?;
            (0..before).for_each(|_| drop(again.pull()));
            let suspects = (0..count).map_while(|_| again.pull());
            let mut seen = HashSet::new();
            for key in suspects.filter(|key| repeated.contains(&(hasher.hash_one(key) as u32))) {
                if !seen.insert(key) {
                    return Err(r.error_at(keys_at, ErrorCode::DuplicateKey));
                }
            }
        }
        before += count;
    }
    Ok(())
}
