import { enter, leave, NUMERIC_BLOCK_BYTES, type Read, type Reader, readCount, refuse } from "./reader.js";
import { bitAt, readBitmap } from "./rows.js";
import {
  beginNested,
  charge,
  endNested,
  ensure,
  setBit,
  type Write,
  type Writer,
  writeCount,
  writeVarint,
} from "./writer.js";

/** Reads a list; `read` reads one element. */
export function readList<T>(r: Reader, read: Read<T>): readonly T[] {
  const from = r.pos;
  const outer = enter(r);
  const list: T[] = [];
  for (let left = readCount(r); left > 0; left--) list.push(read(r));
  leave(r, from, outer);
  return list;
}

/** Writes a list. */
export function writeList<T>(w: Writer, list: readonly T[], write: Write<T>): void {
  const at = beginNested(w);
  writeCount(w, list.length);
  for (const element of list) write(w, element);
  endNested(w, at);
}

/** Reads a list of bools, integers, floats, times or decimals: 64 bytes of it count as one element. */
export function readNumbers<T>(r: Reader, read: Read<T>): readonly T[] {
  const from = r.pos;
  const outer = enter(r);
  const list: T[] = [];
  for (let left = readCount(r, "numeric"); left > 0; left--) list.push(read(r));
  leave(r, from, outer);
  return list;
}

/** Writes a list of bools, integers, floats, times or decimals. */
export function writeNumbers<T>(w: Writer, list: readonly T[], write: Write<T>): void {
  const at = beginNested(w);
  writeVarint(w, list.length);
  const start = w.pos;
  for (const element of list) write(w, element);
  charge(w, Math.ceil((w.pos - start) / NUMERIC_BLOCK_BYTES));
  endNested(w, at);
}

/** Reads a `list<T?>`. */
export function readOptList<T>(r: Reader, read: Read<T>): readonly (T | undefined)[] {
  const from = r.pos;
  const outer = enter(r);
  const start = r.pos;
  const count = readCount(r);
  const bits = readBitmap(r, count, start);
  const list: (T | undefined)[] = [];
  for (let i = 0; i < count; i++) list.push(bitAt(r, bits, i) ? read(r) : undefined);
  leave(r, from, outer);
  return list;
}

/** Writes a `list<T?>`. */
export function writeOptList<T>(w: Writer, list: readonly (T | undefined)[], write: Write<T>): void {
  const at = beginNested(w);
  writeCount(w, list.length);
  writeBitmap(w, list);
  for (const element of list) if (element !== undefined) write(w, element);
  endNested(w, at);
}

/** Writes which of the elements are there. */
function writeBitmap(w: Writer, list: readonly unknown[]): void {
  const size = (list.length + 7) >> 3;
  ensure(w, size);
  w.buf.fill(0, w.pos, w.pos + size);
  for (const [i, element] of list.entries()) {
    if (element !== undefined) setBit(w, w.pos, i);
  }
  w.pos += size;
}

/** Reads a map; entries keep the order in which they were written. */
export function readMap<K, V>(r: Reader, readKey: Read<K>, readValue: Read<V>): ReadonlyMap<K, V> {
  const from = r.pos;
  const outer = enter(r);
  const map = new Map<K, V>();
  for (let left = readCount(r); left > 0; left--) {
    const at = r.pos;
    const key = readKey(r);
    if (map.has(key)) refuse("duplicate_key", at);
    map.set(key, readValue(r));
  }
  leave(r, from, outer);
  return map;
}

/** Writes a map. */
export function writeMap<K, V>(w: Writer, map: ReadonlyMap<K, V>, writeKey: Write<K>, writeValue: Write<V>): void {
  const at = beginNested(w);
  writeCount(w, map.size);
  for (const [key, value] of map) {
    writeKey(w, key);
    writeValue(w, value);
  }
  endNested(w, at);
}

/** Reads a set; elements keep the order in which they were written. */
export function readSet<T>(r: Reader, read: Read<T>): ReadonlySet<T> {
  const from = r.pos;
  const outer = enter(r);
  const set = readMembers(r, read);
  leave(r, from, outer);
  return set;
}

/** Reads a count and elements, each of which must be new. */
export function readMembers<T>(r: Reader, read: Read<T>): Set<T> {
  const set = new Set<T>();
  for (let left = readCount(r); left > 0; left--) {
    const at = r.pos;
    const element = read(r);
    if (set.has(element)) refuse("duplicate_key", at);
    set.add(element);
  }
  return set;
}

/** Writes a set. */
export function writeSet<T>(w: Writer, set: ReadonlySet<T>, write: Write<T>): void {
  const at = beginNested(w);
  writeCount(w, set.size);
  for (const element of set) write(w, element);
  endNested(w, at);
}

/** The map with each value replaced by what `to` makes of it. */
export function mapValues<K, A, B>(map: ReadonlyMap<K, A>, to: (value: A) => B): ReadonlyMap<K, B> {
  const result = new Map<K, B>();
  for (const [key, value] of map) result.set(key, to(value));
  return result;
}

/** Reads a `map<K, V?>`. */
export function readOptMap<K, V>(r: Reader, readKey: Read<K>, readValue: Read<V>): ReadonlyMap<K, V | undefined> {
  const from = r.pos;
  const outer = enter(r);
  const start = r.pos;
  const count = readCount(r);
  const bits = readBitmap(r, count, start);
  const map = new Map<K, V | undefined>();
  for (let i = 0; i < count; i++) {
    const at = r.pos;
    const key = readKey(r);
    if (map.has(key)) refuse("duplicate_key", at);
    map.set(key, bitAt(r, bits, i) ? readValue(r) : undefined);
  }
  leave(r, from, outer);
  return map;
}

/** Writes a `map<K, V?>`. */
export function writeOptMap<K, V>(
  w: Writer,
  map: ReadonlyMap<K, V | undefined>,
  writeKey: Write<K>,
  writeValue: Write<V>,
): void {
  const at = beginNested(w);
  writeCount(w, map.size);
  writeBitmap(w, [...map.values()]);
  for (const [key, value] of map) {
    writeKey(w, key);
    if (value !== undefined) writeValue(w, value);
  }
  endNested(w, at);
}
