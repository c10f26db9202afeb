import { enter, leave, NUMERIC_BLOCK_BYTES, type Read, type Reader, spend } from "./reader.js";
import { bitAt, readBitmap } from "./rows.js";
import { writeBitmap } from "./write-columns.js";
import { beginNested, charge, endNested, refuseValue, type Write, type Writer } from "./writer.js";

/** Reads an array of `count` elements; `read` reads one. */
export function readArray<T>(r: Reader, count: number, read: Read<T>): readonly T[] {
  const from = r.pos;
  const outer = enter(r);
  spend(r, count);
  return readElements(r, count, read, from, outer);
}

/** Reads an array of bools, integers, floats, times or decimals: 64 bytes of it count as one element. */
export function readNumberArray<T>(r: Reader, count: number, read: Read<T>): readonly T[] {
  const from = r.pos;
  const outer = enter(r);
  spend(r, Math.ceil((r.end - r.pos) / NUMERIC_BLOCK_BYTES));
  return readElements(r, count, read, from, outer);
}

function readElements<T>(r: Reader, count: number, read: Read<T>, from: number, outer: number): readonly T[] {
  const list: T[] = [];
  for (let i = 0; i < count; i++) list.push(read(r));
  leave(r, from, outer);
  return list;
}

/** Reads an array of optional elements. */
export function readOptArray<T>(r: Reader, count: number, read: Read<T>): readonly (T | undefined)[] {
  const from = r.pos;
  const outer = enter(r);
  spend(r, count);
  const bits = readBitmap(r, count, r.pos);
  const list: (T | undefined)[] = [];
  for (let i = 0; i < count; i++) list.push(bitAt(r, bits, i) ? read(r) : undefined);
  leave(r, from, outer);
  return list;
}

/** Writes an array, which must have `count` elements. */
export function writeArray<T>(w: Writer, list: readonly T[], count: number, write: Write<T>): void {
  checkLength(list, count);
  const at = beginNested(w);
  charge(w, count);
  for (const element of list) write(w, element);
  endNested(w, at);
}

/** Writes an array of bools, integers, floats, times or decimals. */
export function writeNumberArray<T>(w: Writer, list: readonly T[], count: number, write: Write<T>): void {
  checkLength(list, count);
  const at = beginNested(w);
  for (const element of list) write(w, element);
  charge(w, Math.ceil((w.pos - at) / NUMERIC_BLOCK_BYTES));
  endNested(w, at);
}

/** Writes an array of optional elements. */
export function writeOptArray<T>(w: Writer, list: readonly (T | undefined)[], count: number, write: Write<T>): void {
  checkLength(list, count);
  const at = beginNested(w);
  charge(w, count);
  writeBitmap(w, list, (element) => element !== undefined);
  for (const element of list) if (element !== undefined) write(w, element);
  endNested(w, at);
}

function checkLength(list: readonly unknown[], count: number): void {
  if (list.length !== count) refuseValue("range", `an array of ${count} has ${list.length} elements`);
}

/** An array that holds `element` `count` times. */
export function repeat<T>(count: number, element: T): readonly T[] {
  return new Array<T>(count).fill(element);
}

/** Whether an array has its length and holds nothing but defaults. */
export function isDefaultArray<T>(list: readonly T[], count: number, isDefault: (element: T) => boolean): boolean {
  return list.length === count && list.every(isDefault);
}
