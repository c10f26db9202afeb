import { BASE, BITS, INTS, type ReadColumn, readColumn } from "./columns.js";
import { byteAt, bytesAt, type Reader, readVarint, readZigzag, refuse, take } from "./reader.js";
import { bitAt, readBitmap } from "./rows.js";
import { MAX_DATE_MS, readI64, readU64 } from "./scalars.js";

/** Reads integers that a number holds. */
export function readInts(
  r: Reader,
  k: number,
  low: number,
  start: number,
  min: number,
  max: number,
  code: "range" | "bool" = "range",
): number[] {
  let base = 0;
  if ((low & BASE) !== 0) {
    base = min < 0 ? readZigzag(r) : readVarint(r);
    if (base < min || base > max) refuse(code, start);
  }
  const width = low & 0xf;
  const values = readOffsets(r, k, width, start, base);
  // What lies between the base and the highest number may be all that the width can hold.
  if (base + 256 ** width - 1 > max) for (const value of values) if (value > max) refuse(code, start);
  return values;
}

/** Reads `base` and more, exactly up to 2^53. */
function readOffsets(r: Reader, k: number, width: number, start: number, base: number): number[] {
  let at = take(r, k * width, start);
  const values = new Array<number>(k);
  if (width === 0) return values.fill(base);
  if (width === 1) for (let i = 0; i < k; i++) values[i] = base + byteAt(r, at++);
  else if (width <= 4) for (let i = 0; i < k; i++, at += width) values[i] = base + bytesAt(r, at, width);
  else
    for (let i = 0; i < k; i++, at += width)
      values[i] = base + bytesAt(r, at + 4, width - 4) * 0x1_0000_0000 + bytesAt(r, at, 4);
  return values;
}

/** Reads integers that need a `bigint`. */
export function readBigInts(r: Reader, k: number, low: number, start: number, min: bigint, max: bigint): bigint[] {
  let base = 0n;
  if ((low & BASE) !== 0) {
    base = min < 0n ? readI64(r) : readU64(r);
    if (base < min || base > max) refuse("range", start);
  }
  const width = low & 0xf;
  const small = base > -0x10_0000_0000_0000n && base < 0x10_0000_0000_0000n && width <= 6;
  if (small && max >= 0x1f_ffff_ffff_ffffn) return readOffsets(r, k, width, start, Number(base)).map(BigInt);
  let at = take(r, k * width, start);
  const values: bigint[] = [];
  for (let left = k; left > 0; left--, at += width) {
    let offset = 0n;
    for (let i = width - 1; i >= 0; i--) offset = (offset << 8n) | BigInt(byteAt(r, at + i));
    if (base + offset > max) refuse("range", start);
    values.push(base + offset);
  }
  return values;
}

function numbers(min: number, max: number): ReadColumn<number> {
  return (r, n, absent) =>
    readColumn(r, n, absent, 0, INTS, (r, k, low, start) => readInts(r, k, low, start, min, max));
}

function bigints(min: bigint, max: bigint): ReadColumn<bigint> {
  return (r, n, absent) =>
    readColumn(r, n, absent, 0n, INTS, (r, k, low, start) => readBigInts(r, k, low, start, min, max));
}

/** Reads a column of `u8`. */
export const readU8Column: ReadColumn<number> = /*@__PURE__*/ numbers(0, 0xff);
/** Reads a column of `u16`. */
export const readU16Column: ReadColumn<number> = /*@__PURE__*/ numbers(0, 0xffff);
/** Reads a column of `u32`. */
export const readU32Column: ReadColumn<number> = /*@__PURE__*/ numbers(0, 0xffff_ffff);
/** Reads a column of `u64`. */
export const readU64Column: ReadColumn<bigint> = /*@__PURE__*/ bigints(0n, 0xffff_ffff_ffff_ffffn);
/** Reads a column of `i8`. */
export const readI8Column: ReadColumn<number> = /*@__PURE__*/ numbers(-0x80, 0x7f);
/** Reads a column of `i16`. */
export const readI16Column: ReadColumn<number> = /*@__PURE__*/ numbers(-0x8000, 0x7fff);
/** Reads a column of `i32`. */
export const readI32Column: ReadColumn<number> = /*@__PURE__*/ numbers(-0x8000_0000, 0x7fff_ffff);
/** Reads a column of `i64`. */
export const readI64Column: ReadColumn<bigint> = /*@__PURE__*/ bigints(-0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn);
/** Reads a column of `duration`. */
export const readDurationColumn: ReadColumn<number> = /*@__PURE__*/ numbers(
  -Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER,
);

/** Reads a column of `u64` as numbers. */
export const readU53Column: ReadColumn<number> = /*@__PURE__*/ numbers(0, Number.MAX_SAFE_INTEGER);
/** Reads a column of `i64` as numbers. */
export const readI53Column: ReadColumn<number> = /*@__PURE__*/ numbers(
  -Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER,
);
/** Reads a column of `timestamp` as milliseconds. */
export const readMillisColumn: ReadColumn<number> = /*@__PURE__*/ numbers(-MAX_DATE_MS, MAX_DATE_MS);

/** Reads a column of `timestamp`. */
export const readTimestampColumn: ReadColumn<Date> = (r, n, absent) =>
  readColumn(r, n, absent, new Date(0), INTS, (r, k, low, start) =>
    readInts(r, k, low, start, -MAX_DATE_MS, MAX_DATE_MS).map((ms) => new Date(ms)),
  );

/** Reads a column of a closed enum whose representation goes up to `max`. */
export function readClosedColumn<T extends number | bigint>(
  r: Reader,
  n: number,
  absent: T | null | undefined,
  max: number | bigint,
  members: readonly T[],
): T[] {
  const zero = members.find((member) => Number(member) === 0);
  return readColumn(r, n, absent, zero, INTS, (r, k, low, start) => {
    const values =
      typeof max === "bigint" ? readBigInts(r, k, low, start, 0n, max) : readInts(r, k, low, start, 0, max);
    return values.map((value: number | bigint) => members.find((member) => member === value) ?? refuse("enum", start));
  });
}

/** Reads a column of `bool`: bits, or numbers if they are optional. */
export const readBoolColumn: ReadColumn<boolean> = (r, n, absent) => {
  if (absent !== null) {
    return readColumn<boolean>(r, n, absent, false, BITS, (r, k, _, start) => readBits(r, k, start, absent === true));
  }
  return readColumn<boolean>(r, n, absent, false, INTS, (r, k, low, start) =>
    readInts(r, k, low, start, 0, 1, "bool").map((value) => value === 1),
  );
};

function readBits(r: Reader, k: number, start: number, inverted: boolean): boolean[] {
  const bits = readBitmap(r, k, start);
  const values: boolean[] = [];
  for (let i = 0; i < k; i++) values.push(bitAt(r, bits, i) !== inverted);
  return values;
}
