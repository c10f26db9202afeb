//! Lists, maps, sets, options and boxes as values. Source: docs/wire-format.md, section 4.

use indexmap::map::Entry;
use indexmap::{IndexMap, IndexSet};

use super::limits::element_cost;
use super::reader::Reader;
use super::value::{Key, Value};
use super::writer::Writer;
use crate::error::{DecodeError, ErrorCode};

impl<T: Value> Value for Vec<T> {
    fn encode(&self, w: &mut Writer) {
        encode_list(self, w);
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        decode_list(r)
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }
}

impl<K: Key, V: Value> Value for IndexMap<K, V> {
    fn encode(&self, w: &mut Writer) {
        w.nested(|w| encode_entries(self, w));
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.nested(decode_entries)
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Key> Value for IndexSet<T> {
    fn encode(&self, w: &mut Writer) {
        w.nested(|w| encode_members(self, w));
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.nested(decode_members)
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }
}

/// As a field of a `serializers` struct: a byte 0 / 1 and the value. Rows and containers keep presence in bitmaps instead.
impl<T: Value> Value for Option<T> {
    const OPTIONAL: bool = true;

    fn encode(&self, w: &mut Writer) {
        self.is_some().encode(w);
        self.encode_present(w);
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let present = bool::decode(r)?;
        Self::decode_element(r, present)
    }

    fn is_default(&self) -> bool {
        self.is_none()
    }

    fn is_present(&self) -> bool {
        self.is_some()
    }

    fn encode_present(&self, w: &mut Writer) {
        if let Some(value) = self {
            value.encode(w);
        }
    }

    fn decode_element(r: &mut Reader<'_>, present: bool) -> Result<Self, DecodeError> {
        if present { T::decode(r).map(Some) } else { Ok(None) }
    }
}

impl<T: Value> Value for Box<T> {
    fn encode(&self, w: &mut Writer) {
        T::encode(self, w);
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.charge(size_of::<T>())?;
        T::decode(r).map(Self::new)
    }

    fn is_default(&self) -> bool {
        T::is_default(self)
    }
}

pub(crate) fn encode_list<T: Value>(items: &[T], w: &mut Writer) {
    w.nested(|w| {
        w.varint(items.len() as u64);
        let content = w.len();
        encode_presence(items.iter(), items.len(), w);
        for item in items {
            item.encode_present(w);
        }
        w.count_elements(element_cost(items.len() as u64, w.len() - content, T::NUMERIC));
    });
}

pub(crate) fn decode_list<T: Value>(r: &mut Reader<'_>) -> Result<Vec<T>, DecodeError> {
    r.nested(|r| {
        let start = r.offset();
        let count = r.count(T::NUMERIC)?;
        let presence = decode_presence::<T>(r, count, start)?;
        let mut items = Vec::new();
        if !r.is_checking() {
            let room = room_for::<T>(r, count);
            r.charge(room * size_of::<T>())?;
            items.reserve_exact(room);
        }
        for i in 0..count {
            let item = T::decode_element(r, presence.is_none_or(|bits| has_bit(bits, i)))?;
            if !r.is_checking() {
                items.push(item);
            }
        }
        Ok(items)
    })
}

/// Count, presence and entries: a map without its length, also the `set` part of its delta.
pub(crate) fn encode_entries<K: Key, V: Value>(map: &IndexMap<K, V>, w: &mut Writer) {
    w.varint(map.len() as u64);
    w.count_elements(map.len() as u64);
    encode_presence(map.values(), map.len(), w);
    for (key, value) in map {
        key.encode(w);
        value.encode_present(w);
    }
}

/// Reads what [`encode_entries`] writes.
pub(crate) fn decode_entries<K: Key, V: Value>(r: &mut Reader<'_>) -> Result<IndexMap<K, V>, DecodeError> {
    let start = r.offset();
    let count = r.count(false)?;
    let presence = decode_presence::<V>(r, count, start)?;
    decode_keyed(r, count, |r, i| V::decode_element(r, presence.is_none_or(|bits| has_bit(bits, i))))
}

/// Count and elements: a set without its length, also the parts of its delta and the removed keys of a map's.
pub(crate) fn encode_members<T: Key>(set: &IndexSet<T>, w: &mut Writer) {
    w.varint(set.len() as u64);
    w.count_elements(set.len() as u64);
    for element in set {
        element.encode(w);
    }
}

/// Reads what [`encode_members`] writes.
pub(crate) fn decode_members<T: Key>(r: &mut Reader<'_>) -> Result<IndexSet<T>, DecodeError> {
    let count = r.count(false)?;
    if r.is_checking() {
        return check_keyed::<T, ()>(r, count, |_, _| Ok(())).map(|()| IndexSet::new());
    }
    let room = count.min(r.remaining());
    r.charge(room * (size_of::<T>() + ENTRY_OVERHEAD_BYTES))?;
    let mut set = IndexSet::with_capacity(room);
    for _ in 0..count {
        let start = r.offset();
        if !set.insert(T::decode(r)?) {
            return Err(r.error_at(start, ErrorCode::DuplicateKey));
        }
    }
    Ok(set)
}

/// `count` times a key, which must be new, and what `value` reads behind it.
pub(crate) fn decode_keyed<K: Key, V>(
    r: &mut Reader<'_>,
    count: usize,
    mut value: impl FnMut(&mut Reader<'_>, usize) -> Result<V, DecodeError>,
) -> Result<IndexMap<K, V>, DecodeError> {
    if r.is_checking() {
        return check_keyed::<K, V>(r, count, value).map(|()| IndexMap::new());
    }
    let room = count.min(r.remaining());
    r.charge(room * (size_of::<(K, V)>() + ENTRY_OVERHEAD_BYTES))?;
    let mut map = IndexMap::with_capacity(room);
    for i in 0..count {
        let start = r.offset();
        match map.entry(K::decode(r)?) {
            Entry::Occupied(_) => return Err(r.error_at(start, ErrorCode::DuplicateKey)),
            Entry::Vacant(entry) => entry.insert(value(r, i)?),
        };
    }
    Ok(map)
}

/// What an `IndexMap` stores beside key and value: the hash, and up to 20 bytes for the index at its lowest load.
const ENTRY_OVERHEAD_BYTES: usize = 28;

/// Like [`decode_keyed`], keeping nothing but 4 bytes for each key: equal keys have equal bytes, so sorting finds them.
fn check_keyed<K: Key, V>(
    r: &mut Reader<'_>,
    count: usize,
    mut value: impl FnMut(&mut Reader<'_>, usize) -> Result<V, DecodeError>,
) -> Result<(), DecodeError> {
    // More entries than this cannot all have different keys, because too many would be of one byte.
    let enough = count.min(r.remaining() / 2 + ONE_BYTE_KEYS);
    let mut starts = Vec::with_capacity(enough);
    let mut read_all = || {
        for i in 0..enough {
            let start = r.offset();
            K::decode(r)?;
            // Messages are far below 4 GiB; one that is not is refused.
            starts.push(u32::try_from(start).map_err(|_| r.error_at(start, ErrorCode::Elements))?);
            value(r, i)?;
        }
        Ok(())
    };
    let result = read_all();
    match first_repeated::<K>(r, starts) {
        // A decoder that keeps the entries would have met this first.
        Some(start) => Err(r.error_at(start as usize, ErrorCode::DuplicateKey)),
        None => result,
    }
}

/// How many different keys there are of one byte: the short varints.
const ONE_BYTE_KEYS: usize = 128;

/// Where, of the keys at `starts`, the first one begins that has been there before.
fn first_repeated<K: Key>(r: &Reader<'_>, mut starts: Vec<u32>) -> Option<u32> {
    let key_at = |start: u32| {
        let mut again = r.again_at(start as usize);
        match K::decode(&mut again) {
            Ok(_) => r.read_bytes(start as usize, again.offset()),
            Err(_) => &[],
        }
    };
    // No key's bytes begin another's, so equal keys end up side by side even if what follows them takes part.
    starts.sort_unstable_by(|a, b| {
        let head = |start: u32| r.read_bytes_at_most(start as usize, KEY_HEAD_BYTES);
        head(*a).cmp(head(*b)).then_with(|| key_at(*a).cmp(key_at(*b)))
    });
    let groups = starts.chunk_by_mut(|a, b| key_at(*a) == key_at(*b));
    groups.filter(|group| group.len() > 1).map(|group| *group.select_nth_unstable(1).1).min()
}

/// How much of a key is compared before its length is found out.
const KEY_HEAD_BYTES: usize = 16;

fn encode_presence<'a, T: Value>(items: impl Iterator<Item = &'a T>, count: usize, w: &mut Writer) {
    if T::OPTIONAL {
        let bitmap_at = w.zeros(count.div_ceil(8));
        for (i, _) in items.enumerate().filter(|(_, item)| item.is_present()) {
            w.set_bits(bitmap_at + i / 8, 1 << (i % 8));
        }
    }
}

fn decode_presence<'a, T: Value>(
    r: &mut Reader<'a>,
    count: usize,
    start: usize,
) -> Result<Option<&'a [u8]>, DecodeError> {
    if T::OPTIONAL { r.bitmap(count, start).map(Some) } else { Ok(None) }
}

fn has_bit(bits: &[u8], i: usize) -> bool {
    bits[i / 8] >> (i % 8) & 1 == 1
}

/// How many elements there can be at most: without a bitmap each takes at least a byte.
fn room_for<T: Value>(r: &Reader<'_>, count: usize) -> usize {
    if T::OPTIONAL { count } else { count.min(r.remaining()) }
}
