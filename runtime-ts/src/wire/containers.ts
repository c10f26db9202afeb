import type { ReadColumn } from "./columns.js";
import {
  admit,
  enter,
  leave,
  NUMERIC_BLOCK_BYTES,
  type Read,
  type Reader,
  readCount,
  readVarint,
  refuse,
} from "./reader.js";
import { bitAt, readBitmap } from "./rows.js";

/** Reads the elements of a container: `count` of them in columns, or one after another; `start` is where the count stands. */
type Elements<T> = (r: Reader, count: number, start: number) => T;

/** Reads a container; an element weighs `weight`, and a block of them costs one of the budget. */
function readContainer<T>(r: Reader, numeric: boolean, weight: number, rows: Elements<T>, columns: Elements<T>): T {
  const from = r.pos;
  const outer = enter(r);
  const at = r.pos;
  const head = readVarint(r);
  const inColumns = head % 2 === 1;
  const count = (head - (inColumns ? 1 : 0)) / 2;
  const blocks = inColumns ? count : r.end - r.pos;
  admit(r, at, count, numeric ? Math.ceil(blocks / NUMERIC_BLOCK_BYTES) : count, weight);
  const value = inColumns ? columns(r, count, at) : rows(r, count, at);
  leave(r, from, outer);
  return value;
}

/** Reads a list; `read` reads one element, `column` all of them, each weighs `weight`. */
export function readList<T>(r: Reader, read: Read<T>, column: ReadColumn<T>, weight: number): readonly T[] {
  return readContainer<readonly T[]>(r, false, weight, (r, count) => readSome(r, count, read), plain(column));
}

function readSome<T>(r: Reader, count: number, read: Read<T>): T[] {
  const list: T[] = [];
  for (let left = count; left > 0; left--) list.push(read(r));
  return list;
}

/** Reads a list of bools, integers, floats, times or decimals, which cost and weigh less. */
export function readNumbers<T>(r: Reader, read: Read<T>, column: ReadColumn<T>): readonly T[] {
  return readContainer<readonly T[]>(r, true, NUMBER_WEIGHT, (r, count) => readSome(r, count, read), plain(column));
}

/** What a bool, integer, float, time or decimal weighs. Source: docs/wire-format.md, section 7. */
export const NUMBER_WEIGHT = 8;

/** A column all of whose values are there, or zero. */
function plain<T>(column: ReadColumn<T>): Elements<T[]> {
  return (r, count) => column(r, count);
}

/** Reads a `list<T?>`. */
export function readOptList<T>(
  r: Reader,
  read: Read<T>,
  column: ReadColumn<T>,
  weight: number,
): readonly (T | undefined)[] {
  return readContainer<readonly (T | undefined)[]>(
    r,
    false,
    weight,
    (r, count, start) => {
      const bits = readBitmap(r, count, start);
      const list: (T | undefined)[] = [];
      for (let i = 0; i < count; i++) list.push(bitAt(r, bits, i) ? read(r) : undefined);
      return list;
    },
    (r, count) => column(r, count, null),
  );
}

/** Reads a map, whose entries weigh `weight`; entries keep the order in which they were written. */
export function readMap<K, V>(
  r: Reader,
  readKey: Read<K>,
  readValue: Read<V>,
  keyColumn: ReadColumn<K>,
  valueColumn: ReadColumn<V>,
  weight: number,
): ReadonlyMap<K, V> {
  return readContainer<ReadonlyMap<K, V>>(
    r,
    false,
    weight,
    (r, count) => readEntries(r, count, readKey, () => readValue(r)),
    (r, count) => {
      const at = r.pos;
      const keys = keyColumn(r, count);
      return keyed(keys, valueColumn(r, count), at);
    },
  );
}

/** Reads a `map<K, V?>`. */
export function readOptMap<K, V>(
  r: Reader,
  readKey: Read<K>,
  readValue: Read<V>,
  keyColumn: ReadColumn<K>,
  valueColumn: ReadColumn<V>,
  weight: number,
): ReadonlyMap<K, V | undefined> {
  return readContainer<ReadonlyMap<K, V | undefined>>(
    r,
    false,
    weight,
    (r, count, start) => {
      const bits = readBitmap(r, count, start);
      return readEntries(r, count, readKey, (i) => (bitAt(r, bits, i) ? readValue(r) : undefined));
    },
    (r, count) => {
      const at = r.pos;
      const keys = keyColumn(r, count);
      return keyed<K, V | undefined>(keys, valueColumn(r, count, null), at);
    },
  );
}

function readEntries<K, V>(r: Reader, count: number, readKey: Read<K>, readValue: (i: number) => V): Map<K, V> {
  const map = new Map<K, V>();
  for (let i = 0; i < count; i++) {
    const at = r.pos;
    const key = readKey(r);
    if (map.has(key)) refuse("duplicate_key", at);
    map.set(key, readValue(i));
  }
  return map;
}

/** A map of keys, which must differ, and values; `at` is where the keys stand. */
export function keyed<K, V>(keys: readonly K[], values: readonly V[], at: number): ReadonlyMap<K, V> {
  const map = new Map<K, V>();
  // There is a value for each key; some are `undefined`.
  for (let i = 0; i < keys.length; i++) map.set(keys[i] as K, values[i] as V);
  return map.size === keys.length ? map : refuse("duplicate_key", at);
}

/** Reads a set, whose elements weigh `weight`; they keep the order in which they were written. */
export function readSet<T>(r: Reader, read: Read<T>, weight: number): ReadonlySet<T> {
  const from = r.pos;
  const outer = enter(r);
  const set = readMembers(r, read, weight);
  leave(r, from, outer);
  return set;
}

/** Reads a count and elements, each of which must be new. */
export function readMembers<T>(r: Reader, read: Read<T>, weight = 0): Set<T> {
  const set = new Set<T>();
  for (let left = readCount(r, weight); left > 0; left--) {
    const at = r.pos;
    const element = read(r);
    if (set.has(element)) refuse("duplicate_key", at);
    set.add(element);
  }
  return set;
}

/** The map with each value replaced by what `to` makes of it. */
export function mapValues<K, A, B>(map: ReadonlyMap<K, A>, to: (value: A) => B): ReadonlyMap<K, B> {
  const result = new Map<K, B>();
  for (const [key, value] of map) result.set(key, to(value));
  return result;
}
