import type { ReadColumn } from "./columns.js";
import { readList, readMembers, readNumbers, readOptList } from "./containers.js";
import { byteAt, enter, leave, type Read, type Reader, readCount, readVarint, refuse } from "./reader.js";
import { bitAt, endRow, LEN, readBitmap, readSlots, type Shape, skip } from "./rows.js";
import { readBoolVarint, readU32 } from "./scalars.js";

/** Applies the delta the reader stands at; the old value stays as it is. */
export type Patch<T> = (old: T, r: Reader) => T;

/** The head of a delta: where it begins, how many slots the writer knew, and where their operations begin. */
export interface Ops {
  readonly start: number;
  readonly slots: number;
  readonly at: number;
}

/** Begins to read the delta of a struct. */
export function readOps(r: Reader): Ops {
  const start = r.pos;
  const slots = readSlots(r);
  return { start, slots, at: readBitmap(r, slots * 2, start) };
}

/** Ends the delta of a struct whose highest known id is `known`. */
export function endOps(r: Reader, ops: Ops, known: number): void {
  endRow(r, ops.start, known);
}

/** Refuses a delta that changes one of the fields `first` to `last`, which nobody ever used. */
export function refuseOps(r: Reader, ops: Ops, first: number, last: number): void {
  for (let id = first; id <= last; id++) if (opOf(r, ops, id) !== 0) refuse("slots", ops.start);
}

function opOf(r: Reader, ops: Ops, id: number): number {
  if (id > ops.slots) return 0;
  return (byteAt(r, ops.at + ((id - 1) >> 2)) >>> (((id - 1) & 3) * 2)) & 3;
}

/** The new value of a field that can only be kept, cleared or set. */
export function field<T>(r: Reader, ops: Ops, id: number, old: T, zero: T, read: Read<T>): T {
  const op = opOf(r, ops, id);
  if (op === 0) return old;
  if (op === 1) return zero;
  if (op === 2) return read(r);
  return refuse("op", ops.start);
}

/** The new value of a field that can be patched too. */
export function patchField<T>(
  r: Reader,
  ops: Ops,
  id: number,
  old: T,
  zero: T,
  read: Read<T>,
  patch: (old: T & {}, r: Reader) => T,
): T {
  if (opOf(r, ops, id) !== 3) return field(r, ops, id, old, zero, read);
  if (old === undefined || old === null) return refuse("mismatch", r.pos);
  return patchNested(r, old, patch);
}

function patchNested<T, U>(r: Reader, old: T, patch: (old: T, r: Reader) => U): U {
  const start = r.pos;
  const outer = enter(r);
  const value = patch(old, r);
  leave(r, start, outer);
  return value;
}

/** The new value of a `bool` field; `dflt` is its default. */
export function boolField(r: Reader, ops: Ops, id: number, old: boolean, dflt: boolean): boolean {
  return field(r, ops, id, old, dflt, () => !dflt);
}

/** The new value of a `bool?` field. */
export function optBoolField(r: Reader, ops: Ops, id: number, old: boolean | undefined): boolean | undefined {
  return field(r, ops, id, old, undefined, readBoolVarint);
}

/** Skips a retired field. */
export function skipField(r: Reader, ops: Ops, id: number, shape: Shape): void {
  const op = opOf(r, ops, id);
  if (op === 2) skip(r, shape);
  if (op !== 3) return;
  if (shape !== LEN) refuse("op", ops.start);
  skip(r, LEN);
}

/** Applies a list delta. Without `patch` elements can only be replaced. */
export function patchList<T>(
  r: Reader,
  old: readonly T[],
  read: Read<T>,
  column: ReadColumn<T>,
  weight: number,
  patch?: Patch<T>,
): readonly T[] {
  return applyListOps(r, old, (r) => readList(r, read, column, weight), patch);
}

/** Applies the delta of a list of bools, integers, floats, times or decimals. */
export function patchNumbers<T>(r: Reader, old: readonly T[], read: Read<T>, column: ReadColumn<T>): readonly T[] {
  return applyListOps(r, old, (r) => readNumbers(r, read, column));
}

/** Applies the delta of a `list<T?>`. */
export function patchOptList<T>(
  r: Reader,
  old: readonly (T | undefined)[],
  read: Read<T>,
  column: ReadColumn<T>,
  weight: number,
  patch?: Patch<T>,
): readonly (T | undefined)[] {
  return applyListOps(r, old, (r) => readOptList(r, read, column, weight), patchPresent(patch));
}

/** Applies a map delta. Without `patch` values can only be replaced. */
export function patchMap<K, V>(
  r: Reader,
  old: ReadonlyMap<K, V>,
  readKey: Read<K>,
  readValue: Read<V>,
  patch?: Patch<V>,
): ReadonlyMap<K, V> {
  const map = new Map(old);
  removeKeys(r, map, readKey);
  setKeys(r, map, readKey, readCount(r), () => readValue(r));
  patchKeys(r, map, readKey, patch);
  return map;
}

/** Applies the delta of an array. Without `patch` elements can only be replaced. */
export function patchArray<T>(r: Reader, old: readonly T[], read: Read<T>, patch?: Patch<T>): readonly T[] {
  const list = old.slice();
  setElements(r, list, readCount(r), () => read(r));
  patchElements(r, list, patch);
  return list;
}

/** Applies the delta of an array of optional elements. */
export function patchOptArray<T>(
  r: Reader,
  old: readonly (T | undefined)[],
  read: Read<T>,
  patch?: Patch<T>,
): readonly (T | undefined)[] {
  const list = old.slice();
  const start = r.pos;
  const count = readCount(r);
  const bits = readBitmap(r, count, start);
  setElements(r, list, count, (i) => (bitAt(r, bits, i) ? read(r) : undefined));
  patchElements(r, list, patchPresent(patch));
  return list;
}

/** Applies a set delta. */
export function patchSet<T>(r: Reader, old: ReadonlySet<T>, read: Read<T>): ReadonlySet<T> {
  const set = new Set(old);
  for (const element of readMembers(r, read)) set.delete(element);
  for (const element of readMembers(r, read)) set.add(element);
  return set;
}

/** Applies the delta of a `map<K, V?>`. */
export function patchOptMap<K, V>(
  r: Reader,
  old: ReadonlyMap<K, V | undefined>,
  readKey: Read<K>,
  readValue: Read<V>,
  patch?: Patch<V>,
): ReadonlyMap<K, V | undefined> {
  const map = new Map(old);
  removeKeys(r, map, readKey);
  const start = r.pos;
  const count = readCount(r);
  const bits = readBitmap(r, count, start);
  setKeys(r, map, readKey, count, (i) => (bitAt(r, bits, i) ? readValue(r) : undefined));
  patchKeys(r, map, readKey, patchPresent(patch));
  return map;
}

function patchPresent<T>(patch: Patch<T> | undefined): Patch<T | undefined> | undefined {
  if (patch === undefined) return undefined;
  return (old, r) => (old === undefined ? refuse("mismatch", r.pos) : patch(old, r));
}

function applyListOps<T>(
  r: Reader,
  old: readonly T[],
  readInserted: Read<readonly T[]>,
  patch?: Patch<T>,
): readonly T[] {
  let list = old.slice();
  for (let left = readCount(r); left > 0; left--) {
    const start = r.pos;
    const code = readVarint(r);
    if (code > 1 || (code === 1 && patch === undefined)) refuse("op", start);
    const at = readVarint(r);
    if (code === 1 && patch !== undefined) patchAt(r, list, start, at, patch);
    else list = splice(r, list, start, at, readInserted);
  }
  return list;
}

function patchAt<T>(r: Reader, list: T[], start: number, at: number, patch: Patch<T>): void {
  if (at >= list.length) refuse("mismatch", start);
  for (const old of list.slice(at, at + 1)) list.splice(at, 1, patchNested(r, old, patch));
}

function splice<T>(r: Reader, list: T[], start: number, at: number, readInserted: Read<readonly T[]>): T[] {
  const removed = readVarint(r);
  if (at > list.length || removed > list.length - at) refuse("mismatch", start);
  const inserted = readInserted(r);
  return list.slice(0, at).concat(inserted, list.slice(at + removed));
}

function removeKeys<K, V>(r: Reader, map: Map<K, V>, readKey: Read<K>): void {
  for (const key of readMembers(r, readKey)) map.delete(key);
}

function setKeys<K, V>(r: Reader, map: Map<K, V>, readKey: Read<K>, count: number, readValue: (i: number) => V): void {
  const seen = new Set<K>();
  for (let i = 0; i < count; i++) map.set(readNewKey(r, seen, readKey), readValue(i));
}

function patchKeys<K, V>(r: Reader, map: Map<K, V>, readKey: Read<K>, patch?: Patch<V>): void {
  const seen = new Set<K>();
  const start = r.pos;
  for (let left = readCount(r); left > 0; left--) {
    const at = r.pos;
    if (patch === undefined) refuse("op", start);
    const key = readNewKey(r, seen, readKey);
    if (!map.has(key)) refuse("mismatch", at);
    // The key is there, so this is a value, even where `undefined` is one.
    map.set(key, patchNested(r, map.get(key) as V, patch));
  }
}

function setElements<T>(r: Reader, list: T[], count: number, readValue: (i: number) => T): void {
  const seen = new Set<number>();
  for (let i = 0; i < count; i++) {
    const start = r.pos;
    const at = readNewKey(r, seen, readU32);
    const value = readValue(i);
    if (at >= list.length) refuse("mismatch", start);
    list[at] = value;
  }
}

function patchElements<T>(r: Reader, list: T[], patch?: Patch<T>): void {
  const seen = new Set<number>();
  const start = r.pos;
  for (let left = readCount(r); left > 0; left--) {
    const from = r.pos;
    if (patch === undefined) refuse("op", start);
    const at = readNewKey(r, seen, readU32);
    if (at >= list.length) refuse("mismatch", from);
    // The index is below the length, so this is an element, even where `undefined` is one.
    list[at] = patchNested(r, list[at] as T, patch);
  }
}

function readNewKey<K>(r: Reader, seen: Set<K>, readKey: Read<K>): K {
  const at = r.pos;
  const key = readKey(r);
  if (seen.has(key)) refuse("duplicate_key", at);
  seen.add(key);
  return key;
}
