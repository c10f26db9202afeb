import { INTS, PLAIN, type ReadColumn, readColumn, readMode } from "./columns.js";
import { readBigInts, readInts } from "./int-columns.js";
import { byteAt, enter, leave, type Reader, refuse, take } from "./reader.js";
import { bigIntAt, copyOf, decimalText, readUuid, textAt, twosAt } from "./text.js";

/** Reads a column of `f32`. */
export const readF32Column: ReadColumn<number> = (r, n, absent) =>
  readColumn(r, n, absent, 0, PLAIN, (r, k, _, start) => {
    let at = r.base + take(r, 4 * k, start);
    const values = new Array<number>(k);
    for (let i = 0; i < k; i++, at += 4) {
      const value = r.view.getFloat32(at, true);
      if (Number.isNaN(value) && r.view.getUint32(at, true) !== 0x7fc0_0000) refuse("nan", start);
      values[i] = value;
    }
    return values;
  });

/** Reads a column of `f64`. */
export const readF64Column: ReadColumn<number> = (r, n, absent) =>
  readColumn(r, n, absent, 0, PLAIN, (r, k, _, start) => {
    let at = r.base + take(r, 8 * k, start);
    const values = new Array<number>(k);
    for (let i = 0; i < k; i++, at += 8) {
      const value = r.view.getFloat64(at, true);
      if (Number.isNaN(value) && r.view.getBigUint64(at, true) !== 0x7ff8_0000_0000_0000n) refuse("nan", start);
      values[i] = value;
    }
    return values;
  });

/** Reads a column of `uuid`. */
export const readUuidColumn: ReadColumn<string> = (r, n, absent) =>
  readColumn(r, n, absent, "00000000-0000-0000-0000-000000000000", PLAIN, (r, k, _, start) => {
    r.pos = take(r, 16 * k, start);
    return times(k, () => readUuid(r));
  });

/** Reads a column of `decimal(precision, scale)`. */
export function readDecimalColumn(
  r: Reader,
  n: number,
  absent: string | null | undefined,
  precision: number,
  scale: number,
): string[] {
  const short = precision <= 18;
  return readColumn(r, n, absent, decimalText(0n, precision, scale), short ? INTS : PLAIN, (r, k, low, start) => {
    const text = (unscaled: bigint) => decimalText(unscaled, precision, scale) ?? refuse("range", start);
    if (!short) {
      const at = take(r, 16 * k, start);
      return times(k, (i) => text(twosAt(r, at + 16 * i, 16)));
    }
    const max = 10n ** BigInt(precision) - 1n;
    return readBigInts(r, k, low, start, -max, max).map(text);
  });
}

/** Reads a column of `string`. */
export const readStringColumn: ReadColumn<string> = (r, n, absent) =>
  readColumn(r, n, absent, "", PLAIN, (r, k, _, start) => readBlob(r, k, start, readTexts));

/** Reads a column of `bytes`; the results are copies. */
export const readBytesColumn: ReadColumn<Uint8Array> = (r, n, absent) =>
  readColumn(r, n, absent, new Uint8Array(0), PLAIN, (r, k, _, start) =>
    readBlob(r, k, start, (r, sizes) => parts(r, sizes, (at, size) => copyOf(r, at, at + size))),
  );

/** Reads a column of `bigint`. */
export const readBigIntColumn: ReadColumn<bigint> = (r, n, absent) =>
  readColumn(r, n, absent, 0n, PLAIN, (r, k, _, start) =>
    readBlob(r, k, start, (r, sizes) => parts(r, sizes, (at, size) => bigIntAt(r, at, size, start))),
  );

/** Reads `k` lengths or counts. */
export function readSizes(r: Reader, k: number): number[] {
  const start = r.pos;
  const mode = readMode(r, INTS);
  if (mode >>> 6 !== 1) refuse("mode", start);
  return readInts(r, k, mode & 0x1f, start, 0, 0xffff_ffff);
}

/** The sum of lengths or counts. */
export function sum(sizes: readonly number[]): number {
  let total = 0;
  for (const size of sizes) total += size;
  return total;
}

/** Reads a byte length and lengths; `read` makes values of the blob behind them. */
function readBlob<T>(
  r: Reader,
  k: number,
  start: number,
  read: (r: Reader, sizes: number[], start: number) => T[],
): T[] {
  const outer = enter(r, start);
  const sizes = readSizes(r, k);
  if (sum(sizes) !== r.end - r.pos) refuse("length", start);
  const values = read(r, sizes, start);
  r.pos = r.end;
  leave(r, start, outer);
  return values;
}

function parts<T>(r: Reader, sizes: readonly number[], part: (at: number, size: number) => T): T[] {
  let at = r.pos;
  return sizes.map((size) => {
    at += size;
    return part(at - size, size);
  });
}

/**
 * The texts of a blob. Calling the platform's decoder for each would cost more than decoding: texts of ASCII are decoded in
 * one call, as far as they stand side by side, and cut out; only others are decoded alone.
 */
function readTexts(r: Reader, sizes: readonly number[], start: number): string[] {
  const texts: string[] = [];
  for (let at = r.pos, i = 0; i < sizes.length; ) {
    const [from, first, plainTo] = [at, i, asciiUpTo(r, at)];
    while (i < sizes.length && at + (sizes[i] ?? 0) <= plainTo) at += sizes[i++] ?? 0;
    if (i > first) cut(textAt(r, from, at, start), sizes, first, i, texts);
    if (i < sizes.length) {
      const to = at + (sizes[i++] ?? 0);
      texts.push(textAt(r, at, to, start));
      at = to;
    }
  }
  return texts;
}

/** Cuts a text of ASCII into the parts that have the sizes from `first` to before `end`. */
function cut(text: string, sizes: readonly number[], first: number, end: number, texts: string[]): void {
  let from = 0;
  for (let i = first; i < end; i++) {
    const to = from + (sizes[i] ?? 0);
    texts.push(text.slice(from, to));
    from = to;
  }
}

/** The first byte at or behind `at` that is no ASCII, or the end. */
function asciiUpTo(r: Reader, at: number): number {
  let i = at;
  while (i + 4 <= r.end && (r.view.getUint32(r.base + i, true) & 0x8080_8080) === 0) i += 4;
  while (i < r.end && byteAt(r, i) < 0x80) i++;
  return i;
}

/** What `make` gives for 0, 1, .. `k - 1`. */
function times<T>(k: number, make: (i: number) => T): T[] {
  const values: T[] = [];
  for (let i = 0; i < k; i++) values.push(make(i));
  return values;
}
