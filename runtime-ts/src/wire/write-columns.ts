import { writeSizes } from "./write-int-columns.js";
import {
  beginNested,
  charge,
  endNested,
  ensure,
  headSize,
  setBit,
  type Write,
  type Writer,
  weigh,
  writeByte,
  writeHead,
} from "./writer.js";

/**
 * Writes the column of some values. What equals `absent` may be left out; if that is `undefined` the zero of the type; if it is
 * `null` the values are optional. `weight` is that of a struct as a field of a struct.
 */
export type WriteColumn<T> = (w: Writer, values: readonly T[], absent?: T | null, weight?: number) => void;

/** Writes values that are there and returns bits 0 to 4 of the mode, which say how. */
export type WritePayload<T> = (w: Writer, values: readonly T[]) => number;

/** Writes the column of some values. Those that equal the default are left out: all or nothing, or `sparse`. */
export function writeColumn<T>(
  w: Writer,
  values: readonly T[],
  absent: T | null | undefined,
  isDefault: (value: T) => boolean,
  sparse: boolean,
  payload: WritePayload<T>,
): void {
  const at = w.pos;
  writeByte(w, 0);
  const n = values.length;
  // Whatever is more than this need not be counted: then all are written.
  const enough = absent === null ? n - 1 : sparse ? n >> 2 : 0;
  const isThere = absent === null ? isGiven : (value: T) => !isDefault(value);
  const k = countUpTo(values, isThere, enough);
  if (k === 0) return;
  const some = k <= enough;
  if (some) writeBitmap(w, values, isThere);
  const low = payload(w, some ? values.filter(isThere) : values);
  w.buf[at] = (some ? 0x80 : 0x40) | low;
}

function isGiven(value: unknown): boolean {
  return value !== undefined;
}

/** How many of the values are there, or one more than `enough`. */
function countUpTo<T>(values: readonly T[], isThere: (value: T) => boolean, enough: number): number {
  let k = 0;
  for (const value of values) if (isThere(value) && ++k > enough) break;
  return k;
}

/** Writes which of the values are there. */
export function writeBitmap<T>(w: Writer, values: readonly T[], isThere: (value: T) => boolean): void {
  const size = (values.length + 7) >> 3;
  ensure(w, size);
  w.buf.fill(0, w.pos, w.pos + size);
  let i = 0;
  for (const value of values) {
    if (isThere(value)) setBit(w, w.pos, i);
    i++;
  }
  w.pos += size;
}

/** No value is like another. */
const never = (): boolean => false;

/** Writes a column of structs: `fields` writes the columns of their fields. */
export function writeStructColumn<T>(
  w: Writer,
  values: readonly T[],
  absent: T | null | undefined,
  weight: number,
  fields: (w: Writer, values: readonly T[]) => void,
): void {
  writeColumn(w, values, absent, never, false, (w, values) => {
    weigh(w, weight * values.length);
    const at = beginNested(w);
    fields(w, values);
    endNested(w, at);
    return 0;
  });
}

/** Writes a column of values that stay rows: unions, and fields through which a type contains itself. */
export function writeRowsColumn<T>(
  w: Writer,
  values: readonly T[],
  absent: T | null | undefined,
  write: Write<T>,
): void {
  writeColumn(w, values, absent, isEmpty, false, (w, values) => {
    writeByte(w, 0);
    const at = w.pos;
    for (const value of values) write(w, value);
    const length = w.pos - at;
    const head = headSize(length);
    ensure(w, head);
    w.buf.copyWithin(at - 1 + head, at, w.pos);
    w.pos = at - 1;
    writeHead(w, length, head);
    w.pos += length;
    return 1;
  });
}

/** Whether a value is a container without elements. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return (value instanceof Map || value instanceof Set) && value.size === 0;
}

/** Writes a column of containers: `inside` writes all their elements. */
export function writeContainers<T>(
  w: Writer,
  values: readonly T[],
  absent: T | null | undefined,
  size: (value: T) => number,
  per: number,
  weight: number,
  inside: (w: Writer, values: readonly T[]) => void,
): void {
  writeColumn(
    w,
    values,
    absent,
    (value) => size(value) === 0,
    false,
    (w, values) => {
      const at = beginNested(w);
      const sizes = values.map(size);
      let count = 0;
      for (const size of sizes) count += size;
      charge(w, Math.ceil(count / per));
      weigh(w, count * weight);
      writeSizes(w, sizes);
      inside(w, values);
      endNested(w, at);
      return 0;
    },
  );
}

/** Values some of which are missing, for a writer that is told so with `null`. */
export function some<T>(values: readonly (T | undefined)[]): readonly T[] {
  return values as readonly T[];
}
