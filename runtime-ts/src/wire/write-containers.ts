import { NUMBER_WEIGHT } from "./containers.js";
import { NUMERIC_BLOCK_BYTES } from "./reader.js";
import { some, type WriteColumn, writeBitmap, writeContainers } from "./write-columns.js";
import { beginNested, charge, endNested, type Write, type Writer, weigh, writeVarint } from "./writer.js";

/** Fewest elements for which columns are worth their modes. Source: docs/wire-format.md, section 4.2. */
const FEWEST = 4;

/** `from` of what goes into columns if that is not longer: integers and what travels as one. */
export const SMALLER = 0;

/** Writes what is in a container, behind its count. */
type Elements = (w: Writer) => void;

/**
 * Writes a container of `n` elements, each of which weighs `weight`: in columns, if there are any, from `from` elements on and
 * if they do not unfold into too much, else as rows. `numeric` ones cost less.
 */
function writeContainer(
  w: Writer,
  n: number,
  weight: number,
  numeric: boolean,
  rows: Elements,
  columns: Elements | undefined,
  from: number,
): void {
  const at = beginNested(w);
  const { inner } = w;
  const tries = columns !== undefined && n >= Math.max(from, FEWEST);
  if (!tries || from === SMALLER) writeRows(w, n, weight, numeric, rows);
  if (tries) writeInColumns(w, at, n, weight, numeric, rows, columns, from);
  w.inner = inner;
  endNested(w, at);
}

function writeRows(w: Writer, n: number, weight: number, numeric: boolean, rows: Elements): void {
  weigh(w, n * weight);
  writeVarint(w, n * 2);
  const start = w.pos;
  rows(w);
  charge(w, numeric ? Math.ceil((w.pos - start) / NUMERIC_BLOCK_BYTES) : n);
}

/** Writes columns at `at`, instead of the rows that may stand there already if they are the shorter. */
function writeInColumns(
  w: Writer,
  at: number,
  n: number,
  weight: number,
  numeric: boolean,
  rows: Elements,
  columns: Elements,
  from: number,
): void {
  const end = w.pos;
  const before = { elements: w.elements, weight: w.weight };
  w.inner = n * weight;
  writeVarint(w, n * 2 + 1);
  const start = w.pos;
  columns(w);
  const bytes = w.pos - start;
  const suits = w.inner <= 32 * bytes + 128;
  if (from === SMALLER) {
    // The heads of both are equally long. What rows cost and weigh is what columns do, and they hold nothing else.
    if (suits && w.pos <= 2 * end - at) {
      w.buf.copyWithin(at, end, w.pos);
      w.pos -= end - at;
    } else w.pos = end;
    return;
  }
  if (suits) {
    w.weight += n * weight;
    charge(w, numeric ? Math.ceil(n / 64) : n);
    return;
  }
  w.pos = end;
  Object.assign(w, before);
  writeRows(w, n, weight, numeric, rows);
}

/** Writes a list, whose elements weigh `weight`: in columns from `from` elements on, if there is a column. */
export function writeList<T>(
  w: Writer,
  list: readonly T[],
  write: Write<T>,
  weight: number,
  column?: WriteColumn<T>,
  from: number = FEWEST,
): void {
  const rows: Elements = (w) => {
    for (const element of list) write(w, element);
  };
  writeContainer(w, list.length, weight, false, rows, column && ((w) => column(w, list)), from);
}

/** Writes a list of bools, integers, floats, times or decimals. */
export function writeNumbers<T>(
  w: Writer,
  list: readonly T[],
  write: Write<T>,
  column?: WriteColumn<T>,
  from: number = SMALLER,
): void {
  const rows: Elements = (w) => {
    for (const element of list) write(w, element);
  };
  writeContainer(w, list.length, NUMBER_WEIGHT, true, rows, column && ((w) => column(w, list)), from);
}

/** Writes a `list<T?>`. */
export function writeOptList<T>(
  w: Writer,
  list: readonly (T | undefined)[],
  write: Write<T>,
  weight: number,
  column?: WriteColumn<T>,
  from: number = FEWEST,
): void {
  const rows: Elements = (w) => {
    writeBitmap(w, list, (element) => element !== undefined);
    for (const element of list) if (element !== undefined) write(w, element);
  };
  writeContainer(w, list.length, weight, false, rows, column && ((w) => column(w, some(list), null)), from);
}

/** Writes a map, whose entries weigh `weight`: in columns from `from` entries on, if there are columns. */
export function writeMap<K, V>(
  w: Writer,
  map: ReadonlyMap<K, V>,
  writeKey: Write<K>,
  writeValue: Write<V>,
  weight: number,
  keyColumn?: WriteColumn<K>,
  valueColumn?: WriteColumn<V>,
  from: number = FEWEST,
): void {
  const rows: Elements = (w) => {
    for (const [key, value] of map) {
      writeKey(w, key);
      writeValue(w, value);
    }
  };
  const columns: Elements | undefined =
    keyColumn &&
    valueColumn &&
    ((w) => {
      keyColumn(w, [...map.keys()]);
      valueColumn(w, [...map.values()]);
    });
  writeContainer(w, map.size, weight, false, rows, columns, from);
}

/** Writes a `map<K, V?>`. */
export function writeOptMap<K, V>(
  w: Writer,
  map: ReadonlyMap<K, V | undefined>,
  writeKey: Write<K>,
  writeValue: Write<V>,
  weight: number,
  keyColumn?: WriteColumn<K>,
  valueColumn?: WriteColumn<V>,
  from: number = FEWEST,
): void {
  const rows: Elements = (w) => {
    writeBitmap(w, [...map.values()], (value) => value !== undefined);
    for (const [key, value] of map) {
      writeKey(w, key);
      if (value !== undefined) writeValue(w, value);
    }
  };
  const columns: Elements | undefined =
    keyColumn &&
    valueColumn &&
    ((w) => {
      keyColumn(w, [...map.keys()]);
      valueColumn(w, some([...map.values()]), null);
    });
  writeContainer(w, map.size, weight, false, rows, columns, from);
}

/** Writes a set, whose elements weigh `weight`; sets are always rows. */
export function writeSet<T>(w: Writer, set: ReadonlySet<T>, write: Write<T>, weight: number): void {
  const at = beginNested(w);
  w.weight += set.size * weight;
  charge(w, set.size);
  writeVarint(w, set.size);
  for (const element of set) write(w, element);
  endNested(w, at);
}

/** Writes a column of lists, whose elements weigh `weight`. */
export function writeListColumn<T>(
  w: Writer,
  values: readonly (readonly T[])[],
  absent: readonly T[] | null | undefined,
  column: WriteColumn<T>,
  weight: number,
): void {
  writeContainers(w, values, absent, lengthOf, 1, weight, (w, lists) => column(w, flat(lists)));
}

/** Writes a column of lists of bools, integers, floats, times or decimals. */
export function writeNumbersColumn<T>(
  w: Writer,
  values: readonly (readonly T[])[],
  absent: readonly T[] | null | undefined,
  column: WriteColumn<T>,
): void {
  writeContainers(w, values, absent, lengthOf, 64, NUMBER_WEIGHT, (w, lists) => column(w, flat(lists)));
}

/** Writes a column of `list<T?>`. */
export function writeOptListColumn<T>(
  w: Writer,
  values: readonly (readonly (T | undefined)[])[],
  absent: readonly (T | undefined)[] | null | undefined,
  column: WriteColumn<T>,
  weight: number,
): void {
  writeContainers(w, values, absent, lengthOf, 1, weight, (w, lists) => column(w, some(flat(lists)), null));
}

function lengthOf(list: readonly unknown[]): number {
  return list.length;
}

function flat<T>(lists: readonly (readonly T[])[]): T[] {
  const all: T[] = [];
  for (const list of lists) for (const element of list) all.push(element);
  return all;
}

/** Writes a column of maps, whose entries weigh `weight`. */
export function writeMapColumn<K, V>(
  w: Writer,
  values: readonly ReadonlyMap<K, V>[],
  absent: ReadonlyMap<K, V> | null | undefined,
  keyColumn: WriteColumn<K>,
  valueColumn: WriteColumn<V>,
  weight: number,
): void {
  writeContainers(w, values, absent, sizeOf, 1, weight, (w, maps) => {
    keyColumn(
      w,
      maps.flatMap((map) => [...map.keys()]),
    );
    valueColumn(
      w,
      maps.flatMap((map) => [...map.values()]),
    );
  });
}

/** Writes a column of `map<K, V?>`. */
export function writeOptMapColumn<K, V>(
  w: Writer,
  values: readonly ReadonlyMap<K, V | undefined>[],
  absent: ReadonlyMap<K, V | undefined> | null | undefined,
  keyColumn: WriteColumn<K>,
  valueColumn: WriteColumn<V>,
  weight: number,
): void {
  writeContainers(w, values, absent, sizeOf, 1, weight, (w, maps) => {
    keyColumn(
      w,
      maps.flatMap((map) => [...map.keys()]),
    );
    valueColumn(w, some(maps.flatMap((map) => [...map.values()])), null);
  });
}

function sizeOf(map: ReadonlyMap<unknown, unknown>): number {
  return map.size;
}
