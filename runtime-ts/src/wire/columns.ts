import { type Read, type Reader, readByte, readVarint, refuse, take } from "./reader.js";
import { BIT, bitAt, FIXED4, FIXED8, FIXED16, LEN, readBitmap, type Shape, skip, VARINT } from "./rows.js";

/**
 * Reads the column of `n` values. What is absent in it is `absent`, if that is `undefined` the zero of the type, if it is `null`
 * nothing: the values are optional. `weight` is that of a struct as a field of a struct.
 */
export type ReadColumn<T> = (r: Reader, n: number, absent?: T | null, weight?: number) => T[];

/** Reads `k` values behind the mode; `low` is bits 0 to 4 of it, `start` where the column begins. */
export type ReadPayload<T> = (r: Reader, k: number, low: number, start: number) => T[];

/** Bit of `low` that says that a base follows. */
export const BASE = 0x10;

// Which values of `low` there are, as bits.

/** Shape `varint`: widths 0 to 8, with a base or without. */
export const INTS = 0x01ff_01ff;
/** No choice. */
export const PLAIN = 1;
/** No choice, and no bitmap either. */
export const BITS = 0x4000_0001;
/** As columns or as rows. */
export const EITHER = 3;
/** As rows only. */
export const ROWS = 2;

/** Reads mode and presence, then the present values with `payload`. */
export function readColumn<T>(
  r: Reader,
  n: number,
  absent: T | null | undefined,
  zero: T | undefined,
  lows: number,
  payload: ReadPayload<T>,
): T[] {
  const start = r.pos;
  const mode = readMode(r, lows);
  if (mode >>> 6 === 1) return payload(r, n, mode & 0x1f, start);
  const fill = absent === undefined ? zero : absent;
  const bits = mode === 0 ? start : readBitmap(r, n, start);
  const k = mode === 0 ? 0 : countBits(r, bits, n);
  if (fill === undefined && k < n) refuse("mode", start);
  const all = new Array<T>(n).fill(optional(fill));
  if (mode === 0) return all;
  const values = payload(r, k, mode & 0x1f, start);
  for (let i = 0, next = 0; i < n; i++) if (bitAt(r, bits, i)) all[i] = values[next++] as T;
  return all;
}

/** What stands for an absent value in an array. Those of optional values are typed as if they were there; who asked for them knows. */
function optional<T>(fill: T | null | undefined): T {
  return (fill === null ? undefined : fill) as T;
}

/** Reads a mode byte. */
export function readMode(r: Reader, lows: number): number {
  const start = r.pos;
  const mode = readByte(r);
  const presence = mode >>> 6;
  const known =
    presence !== 3 && (presence !== 2 || lows !== BITS) && (mode & 0x20) === 0 && ((lows >>> (mode & 0x1f)) & 1) === 1;
  if (mode !== 0 && (presence === 0 || !known)) refuse("mode", start);
  return mode;
}

function countBits(r: Reader, bits: number, n: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) if (bitAt(r, bits, i)) count++;
  return count;
}

/** Reads the column of field `id`, or what stands for it if the writer, whose highest id is `ids`, does not have it. */
export function readField<T>(
  r: Reader,
  ids: number,
  id: number,
  k: number,
  read: ReadColumn<T>,
  absent: T | null,
  weight?: number,
): T[] {
  return id > ids ? new Array<T>(k).fill(optional(absent)) : read(r, k, absent, weight);
}

/** Skips the column of a retired field. */
export function skipColumn(r: Reader, ids: number, id: number, k: number, shape: Shape): void {
  if (id > ids) return;
  const start = r.pos;
  const mode = readMode(r, shape === VARINT ? INTS : shape === LEN ? EITHER : shape === BIT ? BITS : PLAIN);
  if (mode === 0) return;
  const present = mode >>> 6 === 2 ? countBits(r, readBitmap(r, k, start), k) : k;
  if (shape === BIT) readBitmap(r, present, start);
  else if (shape === LEN) skip(r, LEN);
  else {
    if ((mode & BASE) !== 0) readVarint(r);
    const size = shape === FIXED4 ? 4 : shape === FIXED8 ? 8 : shape === FIXED16 ? 16 : mode & 0xf;
    take(r, present * size, start);
  }
}

/** Refuses the column of an id that nobody has declared, unless it is empty. */
export function noColumn(r: Reader, ids: number, id: number): void {
  if (id > ids) return;
  const start = r.pos;
  if (readByte(r) !== 0) refuse("slots", start);
}

/** Reads `k` values one after another, with a byte length in front that does not count against the depth. */
export function readRows<T>(r: Reader, k: number, start: number, read: Read<T>): T[] {
  const outer = r.end;
  const length = readVarint(r);
  if (length > outer - r.pos) refuse("truncated", start);
  r.end = r.pos + length;
  const values: T[] = [];
  for (let left = k; left > 0; left--) values.push(read(r));
  if (r.pos !== r.end) refuse("length", start);
  r.end = outer;
  return values;
}
