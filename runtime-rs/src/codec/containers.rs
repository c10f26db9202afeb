//! Lists, maps, sets, arrays, options and boxes as values. Source: docs/wire-format.md, section 4.

use indexmap::map::Entry;
use indexmap::{IndexMap, IndexSet};

use super::check;
use super::columns::{
    ArrayOf, CHUNK, Column, CursorOf, Entries, Layout, ListPayload, ListScratch, MapPayload, MapScratch, OptionPayload,
    OptionScratch, RowsOf, RowsScratch, Sequence, WrapPayload, WrapScratch, Wrapper, check_keys, read_keyed,
};
use super::level::Level;
use super::limits::{column_cost, element_cost};
use super::reader::Reader;
use super::value::{Key, Value};
use super::writer::Writer;
use crate::error::{DecodeError, ErrorCode};

impl<T: Value> Value for Vec<T> {
    type Scratch = ListScratch<T>;
    type Payload<'a> = ListPayload<'a, Self>;

    const COLLECTION: bool = true;

    fn encode(&self, w: &mut Writer) {
        encode_list(self, w);
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        decode_list(r)
    }

    const CONSTRAINED: bool = T::CONSTRAINED;

    fn check(&self, at: &check::Path<'_>) -> Result<(), check::Violation> {
        check::items(self, at)
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Value> Sequence for Vec<T> {
    type Item = T;

    fn items(&self) -> &[T] {
        self
    }

    fn from_items(items: Self) -> Self {
        items
    }
}

impl<K: Key, V: Value> Value for IndexMap<K, V> {
    type Scratch = MapScratch<K, V>;
    type Payload<'a> = MapPayload<Self>;

    const COLLECTION: bool = true;

    fn encode(&self, w: &mut Writer) {
        if columns_suit(V::LAYOUT, self.len(), true) && encode_map_columns(self, w) {
            return;
        }
        w.nested(|w| {
            w.head(self.len(), false);
            w.weigh(self.len() as u64 * entry_weight::<K, V>());
            encode_entries_behind(self, w);
        });
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.nested(|r| {
            let start = r.offset();
            let (count, columns) = r.head()?;
            let count = r.admit(count, start, count, entry_weight::<K, V>())?;
            if !columns {
                return decode_entries_behind(r, count, start);
            }
            let (keys_at, mut keys) = (r.offset(), CursorOf::<K>::open(r, count, None)?);
            let mut values = CursorOf::<V>::open(r, count, None)?;
            if r.is_checking() {
                return check_keys::<K>(r, std::iter::once(count), (keys_at, count)).map(|()| Self::new());
            }
            read_keyed(r, count, keys_at, &mut keys, &mut values)
        })
    }

    const CONSTRAINED: bool = K::CONSTRAINED || V::CONSTRAINED;

    fn check(&self, at: &check::Path<'_>) -> Result<(), check::Violation> {
        check::entries(self, at)
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }
}

impl<K: Key, V: Value> Entries for IndexMap<K, V> {
    type Key = K;
    type Value = V;

    fn entries(&self) -> &Self {
        self
    }

    fn from_entries(entries: Self) -> Self {
        entries
    }
}

impl<T: Key> Value for IndexSet<T> {
    type Scratch = RowsScratch;
    type Payload<'a> = RowsOf<Self>;

    const LAYOUT: Layout = Layout::Rows;
    const COLLECTION: bool = true;

    fn encode(&self, w: &mut Writer) {
        w.nested(|w| {
            w.weigh(self.len() as u64 * member_weight::<T>());
            encode_members(self, w);
        });
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.nested(|r| decode_weighing_members(r, member_weight::<T>()))
    }

    const CONSTRAINED: bool = T::CONSTRAINED;

    fn check(&self, at: &check::Path<'_>) -> Result<(), check::Violation> {
        check::members(self, at)
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Value, const N: usize> Value for [T; N] {
    type Scratch = RowsScratch;
    type Payload<'a> = ArrayOf<T, N>;

    const LAYOUT: Layout = Layout::Rows;
    const WEIGHT: u64 = N as u64 * T::WEIGHT;

    fn encode(&self, w: &mut Writer) {
        w.nested(|w| {
            let content = w.len();
            encode_presence(self.iter(), N, w);
            for item in self {
                item.encode_present(w);
            }
            w.count_elements(element_cost(N as u64, w.len() - content, T::NUMERIC));
        });
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.nested(|r| {
            let start = r.offset();
            r.spend(element_cost(N as u64, r.remaining(), T::NUMERIC), start)?;
            let presence = decode_presence::<T>(r, N, start)?;
            decode_array(|i| T::decode_element(r, presence.is_none_or(|bits| has_bit(bits, i))))
        })
    }

    const CONSTRAINED: bool = T::CONSTRAINED;

    fn check(&self, at: &check::Path<'_>) -> Result<(), check::Violation> {
        check::items(self, at)
    }

    fn is_default(&self) -> bool {
        self.iter().all(T::is_default)
    }

    fn is_default_for(&self, level: Level) -> bool {
        self.iter().all(|item| item.is_default_for(level))
    }
}

/// Elements one after another, up to the first error.
fn decode_array<T, const N: usize>(
    mut element: impl FnMut(usize) -> Result<T, DecodeError>,
) -> Result<[T; N], DecodeError> {
    let mut failed = None;
    let elements: [Option<T>; N] = std::array::from_fn(|i| match failed {
        None => element(i).map_err(|error| failed = Some(error)).ok(),
        Some(_) => None,
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(elements.map(|element| element.expect("without an error every element was read"))),
    }
}

/// As a field of a `serializers` struct: a byte 0 / 1 and the value. Rows and containers keep presence in bitmaps instead.
impl<T: Value> Value for Option<T> {
    type Scratch = OptionScratch<T::Scratch>;
    type Payload<'a> = OptionPayload<T::Payload<'a>>;

    const LAYOUT: Layout = T::LAYOUT;
    const WEIGHT: u64 = if T::WEIGHT < OPTION_WEIGHT { T::WEIGHT } else { OPTION_WEIGHT };
    const INLINE_WEIGHT: u64 = T::INLINE_WEIGHT;
    const OPTIONAL: bool = true;

    const CONSTRAINED: bool = T::CONSTRAINED;

    fn check(&self, at: &check::Path<'_>) -> Result<(), check::Violation> {
        self.as_ref().map_or(Ok(()), |value| check::value(value, at))
    }

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

/// Most that an optional value weighs.
const OPTION_WEIGHT: u64 = 24;

impl<T: Value> Value for Box<T> {
    type Scratch = WrapScratch<T::Scratch>;
    type Payload<'a> = WrapPayload<T::Payload<'a>>;

    const LAYOUT: Layout = T::LAYOUT;
    const WEIGHT: u64 = T::WEIGHT;
    const INLINE_WEIGHT: u64 = T::INLINE_WEIGHT;

    fn encode(&self, w: &mut Writer) {
        T::encode(self, w);
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.charge(size_of::<T>())?;
        T::decode(r).map(Self::new)
    }

    const CONSTRAINED: bool = T::CONSTRAINED;

    fn check(&self, at: &check::Path<'_>) -> Result<(), check::Violation> {
        T::check(self, at)
    }

    fn is_default(&self) -> bool {
        T::is_default(self)
    }

    fn is_default_for(&self, level: Level) -> bool {
        T::is_default_for(self, level)
    }
}

impl<T: Value> Wrapper for Box<T> {
    type Inner = T;

    fn inner(&self) -> &T {
        self
    }

    fn wrap(inner: T) -> Self {
        Self::new(inner)
    }
}

/// Fewest values for which columns are worth their modes.
const MIN_COLUMN_VALUES: usize = 4;

/// Whether `n` values of this layout, elements or values of a map, may go into columns. Source: docs/wire-format.md, section 4.2.
fn columns_suit(layout: Layout, n: usize, in_map: bool) -> bool {
    n >= MIN_COLUMN_VALUES
        && match layout {
            Layout::Rows => false,
            Layout::Values => in_map,
            Layout::Smaller | Layout::Columns => true,
            Layout::Slots(slots) => 4 * n >= slots as usize,
        }
}

/// Whether columns of so many bytes may unfold into so much.
fn weight_suits(weight: u64, bytes: usize) -> bool {
    weight <= 32 * bytes as u64 + 128
}

/// What an entry of a map weighs. Source: docs/wire-format.md, section 7.
pub(super) const fn entry_weight<K: Value, V: Value>() -> u64 {
    K::WEIGHT + V::WEIGHT + 32
}

/// What an element of a set weighs.
const fn member_weight<T: Value>() -> u64 {
    T::WEIGHT + 32
}

pub(crate) fn encode_list<T: Value>(items: &[T], w: &mut Writer) {
    if columns_suit(T::LAYOUT, items.len(), false) && encode_list_columns(items, w) {
        return;
    }
    w.nested(|w| {
        w.head(items.len(), false);
        w.weigh(items.len() as u64 * T::WEIGHT);
        let content = w.len();
        encode_presence(items.iter(), items.len(), w);
        for item in items {
            item.encode_present(w);
        }
        w.count_elements(element_cost(items.len() as u64, w.len() - content, T::NUMERIC));
    });
}

/// Writes nothing and returns false if rows are to be taken.
fn encode_list_columns<T: Value>(items: &[T], w: &mut Writer) -> bool {
    let n = items.len();
    let mut column = w.take_column::<Column<T>>();
    column.clear();
    let place = w.place().inside();
    for chunk in items.chunks(CHUNK) {
        column.extend(chunk.iter(), place);
    }
    let rows_bytes = if T::LAYOUT == Layout::Smaller { column.rows_bytes() } else { usize::MAX };
    let plan = column.plan(None);
    let weight = n as u64 * T::WEIGHT;
    let suits = plan.bytes <= rows_bytes && weight_suits(weight + plan.weight, plan.bytes);
    if suits {
        w.weigh(weight);
        w.count_elements(column_cost(n as u64, T::NUMERIC));
        w.columns(n, plan.bytes, |w| column.write(w));
    }
    w.keep_column(column);
    suits
}

/// Writes nothing and returns false if rows are to be taken.
fn encode_map_columns<K: Key, V: Value>(map: &IndexMap<K, V>, w: &mut Writer) -> bool {
    let n = map.len();
    let mut columns = w.take_column::<(Column<K>, Column<V>)>();
    let (keys, values) = &mut *columns;
    keys.clear();
    values.clear();
    let place = w.place().inside();
    for start in (0..n).step_by(CHUNK) {
        if let Some(chunk) = map.get_range(start..n.min(start + CHUNK)) {
            keys.extend(chunk.keys(), place);
            values.extend(chunk.values(), place);
        }
    }
    let (keys_plan, values_plan) = (keys.plan(None), values.plan(None));
    let bytes = keys_plan.bytes + values_plan.bytes;
    let weight = n as u64 * entry_weight::<K, V>();
    let suits = weight_suits(weight + keys_plan.weight + values_plan.weight, bytes);
    if suits {
        w.weigh(weight);
        w.count_elements(n as u64);
        w.columns(n, bytes, |w| {
            keys.write(w);
            values.write(w);
        });
    }
    w.keep_column(columns);
    suits
}

pub(crate) fn decode_list<T: Value>(r: &mut Reader<'_>) -> Result<Vec<T>, DecodeError> {
    r.nested(|r| {
        let start = r.offset();
        let (count, columns) = r.head()?;
        let cost =
            if columns { column_cost(count, T::NUMERIC) } else { element_cost(count, r.remaining(), T::NUMERIC) };
        let count = r.admit(count, start, cost, T::WEIGHT)?;
        if columns { decode_list_columns(r, count) } else { decode_list_rows(r, count, start) }
    })
}

fn decode_list_columns<T: Value>(r: &mut Reader<'_>, count: usize) -> Result<Vec<T>, DecodeError> {
    let mut cursor = CursorOf::<T>::open(r, count, None)?;
    if r.is_checking() {
        return Ok(Vec::new());
    }
    r.charge(count.saturating_mul(size_of::<T>()))?;
    let mut items = Vec::with_capacity(count);
    for _ in 0..count {
        // The cursor was opened for so many values.
        let Some(item) = cursor.pull() else { break };
        items.push(item);
    }
    Ok(items)
}

fn decode_list_rows<T: Value>(r: &mut Reader<'_>, count: usize, start: usize) -> Result<Vec<T>, DecodeError> {
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
}

/// Count, presence and entries: the `set` part of a map's delta.
pub(crate) fn encode_entries<K: Key, V: Value>(map: &IndexMap<K, V>, w: &mut Writer) {
    w.varint(map.len() as u64);
    encode_entries_behind(map, w);
}

fn encode_entries_behind<K: Key, V: Value>(map: &IndexMap<K, V>, w: &mut Writer) {
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
    let count = r.count()?;
    decode_entries_behind(r, count, start)
}

fn decode_entries_behind<K: Key, V: Value>(
    r: &mut Reader<'_>,
    count: usize,
    start: usize,
) -> Result<IndexMap<K, V>, DecodeError> {
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
    decode_weighing_members(r, 0)
}

/// The same for elements that each weigh `weight`.
fn decode_weighing_members<T: Key>(r: &mut Reader<'_>, weight: u64) -> Result<IndexSet<T>, DecodeError> {
    let start = r.offset();
    let count = r.varint()?;
    let count = r.admit(count, start, count, weight)?;
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
pub(super) const ENTRY_OVERHEAD_BYTES: usize = 28;

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
