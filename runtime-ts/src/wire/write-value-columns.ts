import { parseDecimal, putText, textSize, twosSize, writeTwos, writeUuid } from "./text.js";
import { type WriteColumn, type WritePayload, writeColumn } from "./write-columns.js";
import { writeSizes, writeUnscaled } from "./write-int-columns.js";
import { beginNested, endNested, ensure, type Write, type Writer, writeRaw } from "./writer.js";

/** Writes values of a fixed size one after another. */
function plain<T>(write: Write<T>): WritePayload<T> {
  return (w, values) => {
    for (const value of values) write(w, value);
    return 0;
  };
}

/** Writes numbers of `size` bytes one after another. This is what large data is made of, so it is one loop and one call in it. */
function floats(size: 4 | 8, nan: number): WritePayload<number> {
  return (w, values) => {
    ensure(w, size * values.length);
    const { view } = w;
    let at = w.pos;
    for (const value of values) {
      if (Number.isNaN(value)) {
        view.setUint32(at, 0, true);
        view.setUint32(at + size - 4, nan, true);
      } else if (size === 4) view.setFloat32(at, value, true);
      else view.setFloat64(at, value, true);
      at += size;
    }
    w.pos = at;
    return 0;
  };
}

const singles = /*@__PURE__*/ floats(4, 0x7fc0_0000);
const doubles = /*@__PURE__*/ floats(8, 0x7ff8_0000);

/** Writes a column of `f32`, rounded to the nearest. */
export const writeF32Column: WriteColumn<number> = (w, values, absent) => {
  const zero = Math.fround(absent ?? 0);
  writeColumn(w, values, absent, (value) => Object.is(Math.fround(value), zero), true, singles);
};

/** Writes a column of `f64`. */
export const writeF64Column: WriteColumn<number> = (w, values, absent) =>
  writeColumn(w, values, absent, (value) => Object.is(value, absent ?? 0), true, doubles);

/** Writes a column of `uuid`. */
export const writeUuidColumn: WriteColumn<string> = (w, values, absent) => {
  const zero = absent?.toLowerCase() ?? "00000000-0000-0000-0000-000000000000";
  writeColumn(w, values, absent, (value) => value.toLowerCase() === zero, true, plain(writeUuid));
};

/** Writes a column of `decimal(precision, scale)`. */
export function writeDecimalColumn(
  w: Writer,
  values: readonly string[],
  absent: string | null | undefined,
  precision: number,
  scale: number,
): void {
  const whole = (value: string) => parseDecimal(value, precision, scale);
  const zero = whole(absent ?? "0");
  const long = plain<string>((w, value) => writeTwos(w, whole(value), 16));
  const short: WritePayload<string> = (w, values) => writeUnscaled(w, values.map(whole));
  writeColumn(w, values, absent, (value) => whole(value) === zero, true, precision <= 18 ? short : long);
}

/** Writes values of any size: a byte length, their lengths, and all of them behind each other. */
function blob<T>(
  sizes: (values: readonly T[]) => number[],
  write: (w: Writer, value: T, size: number) => void,
): WritePayload<T> {
  return (w, values) => {
    const at = beginNested(w);
    const all = sizes(values);
    writeSizes(w, all);
    for (const [i, value] of values.entries()) write(w, value, all[i] ?? 0);
    endNested(w, at);
    return 0;
  };
}

const bytes: WritePayload<Uint8Array> = /*@__PURE__*/ blob((values) => values.map((value) => value.length), writeRaw);
const bigints: WritePayload<bigint> = /*@__PURE__*/ blob((values) => values.map(twosSize), writeTwos);

/** Writes a column of `bytes`. */
export const writeBytesColumn: WriteColumn<Uint8Array> = (w, values, absent) =>
  writeColumn(w, values, absent, (value) => value.length === 0, true, bytes);

/** Writes a column of `bigint`. */
export const writeBigIntColumn: WriteColumn<bigint> = (w, values, absent) =>
  writeColumn(w, values, absent, (value) => value === 0n, true, bigints);

/** Writes a column of `string`. */
export const writeStringColumn: WriteColumn<string> = (w, values, absent) =>
  writeColumn(w, values, absent, (value) => value === (absent ?? ""), true, writeTexts);

/** Texts that are encoded with one call of the platform: if one is no ASCII, the size of each must be counted. */
const TEXTS_AT_ONCE = 16;

/** Writes the texts where there is room behind their lengths, whose size is not known yet, and then moves them. */
function writeTexts(w: Writer, values: readonly string[]): number {
  const at = beginNested(w);
  // As many bytes as UTF-16 units, until they are known: what is ASCII has them.
  const sizes: number[] = [];
  let units = 0;
  for (const value of values) units += sizes[sizes.length] = value.length;
  const room = 16 + 5 * values.length;
  ensure(w, room + 3 * units);
  const from = w.pos + room;
  let to = from;
  for (let i = 0; i < values.length; i += TEXTS_AT_ONCE) {
    const some = values.slice(i, i + TEXTS_AT_ONCE);
    const text = some.join("");
    const written = putText(w, text, to);
    // Counted, not written again one by one: that costs a fifth of the time even where all is ASCII.
    if (written !== text.length) for (const [j, value] of some.entries()) sizes[i + j] = textSize(value);
    to += written;
  }
  writeSizes(w, sizes);
  w.buf.copyWithin(w.pos, from, to);
  w.pos += to - from;
  endNested(w, at);
  return 0;
}
