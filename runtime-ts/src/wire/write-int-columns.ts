import { BASE } from "./columns.js";
import { MAX_DATE_MS } from "./scalars.js";
import { type WriteColumn, type WritePayload, writeBitmap, writeColumn } from "./write-columns.js";
import { ensure, refuseValue, type Writer, writeByte, writeSplit, writeVarint, writeZigzag } from "./writer.js";

/** Bytes that a number needs; 0 for 0. */
function sizeOf(value: number): number {
  if (value < 0x1_0000_0000)
    return value === 0 ? 0 : value < 0x100 ? 1 : value < 0x1_0000 ? 2 : value < 0x100_0000 ? 3 : 4;
  return value < 0x100_0000_0000 ? 5 : value < 0x1_0000_0000_0000 ? 6 : 7;
}

/** Bytes of a varint. */
function varintSize(value: number): number {
  let size = 1;
  for (let limit = 0x80; size < 9 && value >= limit; limit *= 0x80) size++;
  return size;
}

/** The width with a base, or without; the base is worth its bytes, or the lowest number is negative. */
function packing(k: number, narrow: number, wide: number, baseSize: number, negative: boolean): number {
  const based = negative || (narrow < wide && k * narrow + baseSize < k * wide);
  return based ? narrow | BASE : wide;
}

/** Writes integers from `min` to `max` and returns how. */
export function writeInts(w: Writer, values: readonly number[], min: number, max: number): number {
  if (values.length === 0) return 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isInteger(value)) refuseValue("range", `${value} is no whole number`);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low < min || high > max) refuseValue("range", `${low < min ? low : high} is not in ${min}..${max}`);
  // A difference beyond 2^53 is not exact.
  if (high - low > Number.MAX_SAFE_INTEGER) return writeLong(w, values.map(BigInt), min < 0);
  const signed = min < 0;
  const baseSize = varintSize(signed ? low * 2 : low);
  const mode = packing(values.length, sizeOf(high - low), low < 0 ? 0 : sizeOf(high), baseSize, low < 0);
  const base = (mode & BASE) === 0 ? 0 : low;
  if ((mode & BASE) !== 0) (signed ? writeZigzag : writeVarint)(w, base);
  writeOffsets(w, values, mode & 0xf, base);
  return mode;
}

function writeOffsets(w: Writer, values: readonly number[], width: number, base: number): void {
  if (width === 0) return;
  ensure(w, values.length * width + 8);
  const { buf, view } = w;
  let at = w.pos;
  if (width === 1) for (const value of values) buf[at++] = value - base;
  else if (width === 2) {
    for (const value of values) {
      view.setUint16(at, value - base, true);
      at += 2;
    }
  } else if (width <= 4) {
    // Three bytes are written as four, of which the next number overwrites the last.
    for (const value of values) {
      view.setUint32(at, value - base, true);
      at += width;
    }
  } else {
    for (const value of values) {
      const offset = value - base;
      view.setUint32(at, offset, true);
      view.setUint32(at + 4, offset / 0x1_0000_0000, true);
      at += width;
    }
  }
  w.pos = at;
}

/** Writes 64-bit integers and returns how. */
function writeBigs(w: Writer, values: readonly bigint[], signed: boolean): number {
  const small: number[] = [];
  for (const value of values) {
    const number = typeof value === "bigint" ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(number)) return writeLong(w, values, signed);
    small.push(number);
  }
  return writeInts(w, small, signed ? Number.MIN_SAFE_INTEGER : 0, Number.MAX_SAFE_INTEGER);
}

function writeLong(w: Writer, values: readonly bigint[], signed: boolean): number {
  let [low, high] = [values[0] ?? 0n, values[0] ?? 0n];
  for (const value of values) {
    if (typeof value !== "bigint" || value !== (signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value))) {
      refuseValue("range", `${value} is not a 64-bit bigint`);
    }
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const raw = signed ? BigInt.asUintN(64, (low << 1n) ^ (low >> 63n)) : low;
  const baseSize = raw >= 1n << 56n ? 9 : varintSize(Number(raw));
  const mode = packing(values.length, bigSize(high - low), low < 0n ? 0 : bigSize(high), baseSize, low < 0n);
  const base = (mode & BASE) === 0 ? 0n : low;
  if ((mode & BASE) !== 0) writeSplit(w, Number(raw & 0xffff_ffffn), Number(raw >> 32n));
  ensure(w, values.length * 8 + 8);
  for (const value of values) {
    w.view.setBigUint64(w.pos, value - base, true);
    w.pos += mode & 0xf;
  }
  return mode;
}

function bigSize(value: bigint): number {
  let size = 0;
  for (let rest = value; rest > 0n; rest >>= 8n) size++;
  return size;
}

function numbers(min: number, max: number): WriteColumn<number> {
  const payload: WritePayload<number> = (w, values) => writeInts(w, values, min, max);
  return (w, values, absent) => writeColumn(w, values, absent, (value) => value === (absent ?? 0), true, payload);
}

function bigints(signed: boolean): WriteColumn<bigint> {
  const payload: WritePayload<bigint> = (w, values) => writeBigs(w, values, signed);
  return (w, values, absent) => writeColumn(w, values, absent, (value) => value === (absent ?? 0n), true, payload);
}

/** Writes a column of `u8`. */
export const writeU8Column: WriteColumn<number> = /*@__PURE__*/ numbers(0, 0xff);
/** Writes a column of `u16`. */
export const writeU16Column: WriteColumn<number> = /*@__PURE__*/ numbers(0, 0xffff);
/** Writes a column of `u32`. */
export const writeU32Column: WriteColumn<number> = /*@__PURE__*/ numbers(0, 0xffff_ffff);
/** Writes a column of `u64`. */
export const writeU64Column: WriteColumn<bigint> = /*@__PURE__*/ bigints(false);
/** Writes a column of `i8`. */
export const writeI8Column: WriteColumn<number> = /*@__PURE__*/ numbers(-0x80, 0x7f);
/** Writes a column of `i16`. */
export const writeI16Column: WriteColumn<number> = /*@__PURE__*/ numbers(-0x8000, 0x7fff);
/** Writes a column of `i32`. */
export const writeI32Column: WriteColumn<number> = /*@__PURE__*/ numbers(-0x8000_0000, 0x7fff_ffff);
/** Writes a column of `i64`. */
export const writeI64Column: WriteColumn<bigint> = /*@__PURE__*/ bigints(true);
/** Writes a column of `duration`. */
export const writeDurationColumn: WriteColumn<number> = /*@__PURE__*/ numbers(
  Number.MIN_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER,
);

/** Writes a column of `u64` from numbers. */
export const writeU53Column: WriteColumn<number> = /*@__PURE__*/ numbers(0, Number.MAX_SAFE_INTEGER);
/** Writes a column of `i64` from numbers. */
export const writeI53Column: WriteColumn<number> = /*@__PURE__*/ numbers(
  Number.MIN_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER,
);
/** Writes a column of `timestamp` from milliseconds. */
export const writeMillisColumn: WriteColumn<number> = /*@__PURE__*/ numbers(-MAX_DATE_MS, MAX_DATE_MS);

/** Writes a column of `timestamp`. */
export const writeTimestampColumn: WriteColumn<Date> = (w, values, absent) =>
  writeColumn(
    w,
    values,
    absent,
    (value) => value.getTime() === (absent?.getTime() ?? 0),
    true,
    (w, values) =>
      writeInts(
        w,
        values.map((value) => value.getTime()),
        -MAX_DATE_MS,
        MAX_DATE_MS,
      ),
  );

/** Writes lengths or counts. */
export function writeSizes(w: Writer, sizes: readonly number[]): void {
  const at = w.pos;
  writeByte(w, 0);
  w.buf[at] = 0x40 | writeInts(w, sizes, 0, 0xffff_ffff);
}

/** Writes a column of `bool`: bits, or numbers if they are optional. */
export const writeBoolColumn: WriteColumn<boolean> = (w, values, absent) => {
  const optional = absent === null;
  writeColumn(
    w,
    values,
    absent,
    (value) => value === (absent ?? false),
    false,
    (w, values) => {
      if (optional) return writeInts(w, values.map(Number), 0, 1);
      writeBitmap(w, values, (value) => value !== (absent ?? false));
      return 0;
    },
  );
};

/** Writes decimals of up to 18 digits, as whole numbers, and returns how. */
export const writeUnscaled: WritePayload<bigint> = (w, values) => writeBigs(w, values, true);
