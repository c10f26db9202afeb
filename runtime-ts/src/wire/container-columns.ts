import { EITHER, type ReadColumn, ROWS, readColumn, readRows } from "./columns.js";
import { keyed, readList, readMap, readNumbers, readOptList, readOptMap } from "./containers.js";
import { admit, enter, leave, type Read, type Reader, weigh } from "./reader.js";
import { readSizes, sum } from "./value-columns.js";

/** Reads all elements of the containers of a column, `count` of them. */
type Inside<T> = (r: Reader, sizes: readonly number[], count: number) => T[];

/**
 * Reads a column of containers: as rows with `row`, or counts and then everything in them with `inside`. An element costs
 * `1 / per` of the budget and weighs `weight`.
 */
function readContainers<T>(
  r: Reader,
  n: number,
  absent: T | null | undefined,
  empty: T,
  row: Read<T>,
  per: number,
  weight: number,
  inside: Inside<T>,
): T[] {
  return readColumn(r, n, absent, empty, EITHER, (r, k, low, start) => {
    if (low === 1) return readRows(r, k, start, row);
    const outer = enter(r, start);
    const at = r.pos;
    const sizes = readSizes(r, k);
    const count = sum(sizes);
    admit(r, at, count, Math.ceil(count / per), weight);
    const values = inside(r, sizes, count);
    leave(r, start, outer);
    return values;
  });
}

/** Cuts the elements of all lists into lists. */
function lists<T>(elements: readonly T[], sizes: readonly number[]): T[][] {
  let from = 0;
  return sizes.map((size) => {
    from += size;
    return elements.slice(from - size, from);
  });
}

/** Reads a column of lists, whose elements weigh `weight`. */
export function readListColumn<T>(
  r: Reader,
  n: number,
  absent: readonly T[] | null | undefined,
  read: Read<T>,
  column: ReadColumn<T>,
  weight: number,
): (readonly T[])[] {
  const row = (r: Reader) => readList(r, read, column, weight);
  return readContainers<readonly T[]>(r, n, absent, [], row, 1, weight, (r, sizes, count) =>
    lists(column(r, count), sizes),
  );
}

/** Reads a column of lists of bools, integers, floats, times or decimals. */
export function readNumbersColumn<T>(
  r: Reader,
  n: number,
  absent: readonly T[] | null | undefined,
  read: Read<T>,
  column: ReadColumn<T>,
): (readonly T[])[] {
  const row = (r: Reader) => readNumbers(r, read, column);
  return readContainers<readonly T[]>(r, n, absent, [], row, 64, 8, (r, sizes, count) =>
    lists(column(r, count), sizes),
  );
}

/** Reads a column of `list<T?>`. */
export function readOptListColumn<T>(
  r: Reader,
  n: number,
  absent: readonly (T | undefined)[] | null | undefined,
  read: Read<T>,
  column: ReadColumn<T>,
  weight: number,
): (readonly (T | undefined)[])[] {
  const row = (r: Reader) => readOptList(r, read, column, weight);
  return readContainers<readonly (T | undefined)[]>(r, n, absent, [], row, 1, weight, (r, sizes, count) =>
    lists<T | undefined>(column(r, count, null), sizes),
  );
}

/** Reads a column of maps, whose entries weigh `weight`. */
export function readMapColumn<K, V>(
  r: Reader,
  n: number,
  absent: ReadonlyMap<K, V> | null | undefined,
  readKey: Read<K>,
  readValue: Read<V>,
  keyColumn: ReadColumn<K>,
  valueColumn: ReadColumn<V>,
  weight: number,
): ReadonlyMap<K, V>[] {
  const row = (r: Reader) => readMap(r, readKey, readValue, keyColumn, valueColumn, weight);
  return readMaps(r, n, absent, row, keyColumn, (r, count) => valueColumn(r, count), weight);
}

/** Reads a column of `map<K, V?>`. */
export function readOptMapColumn<K, V>(
  r: Reader,
  n: number,
  absent: ReadonlyMap<K, V | undefined> | null | undefined,
  readKey: Read<K>,
  readValue: Read<V>,
  keyColumn: ReadColumn<K>,
  valueColumn: ReadColumn<V>,
  weight: number,
): ReadonlyMap<K, V | undefined>[] {
  const row = (r: Reader) => readOptMap(r, readKey, readValue, keyColumn, valueColumn, weight);
  return readMaps<K, V | undefined>(r, n, absent, row, keyColumn, (r, count) => valueColumn(r, count, null), weight);
}

function readMaps<K, V>(
  r: Reader,
  n: number,
  absent: ReadonlyMap<K, V> | null | undefined,
  row: Read<ReadonlyMap<K, V>>,
  keyColumn: ReadColumn<K>,
  valueColumn: (r: Reader, count: number) => V[],
  weight: number,
): ReadonlyMap<K, V>[] {
  return readContainers<ReadonlyMap<K, V>>(r, n, absent, new Map<K, V>(), row, 1, weight, (r, sizes, count) => {
    const at = r.pos;
    const keys = lists(keyColumn(r, count), sizes);
    const values = lists(valueColumn(r, count), sizes);
    return keys.map((keys, i) => keyed(keys, values[i] ?? [], at));
  });
}

/**
 * Reads a column of structs: as rows with `row`, or the columns of their fields with `fields`. `zero` is what stands for absent
 * ones; `weight` is that of one if the column is itself that of a field, else nothing.
 */
export function readStructColumn<T>(
  r: Reader,
  n: number,
  absent: T | null | undefined,
  weight: number,
  zero: () => T,
  row: Read<T>,
  fields: (r: Reader, k: number) => T[],
): T[] {
  return readColumn(r, n, absent, absent === undefined ? zero() : undefined, EITHER, (r, k, low, start) => {
    weigh(r, start, k * weight);
    if (low === 1) return readRows(r, k, start, row);
    const outer = enter(r, start);
    const values = fields(r, k);
    leave(r, start, outer);
    return values;
  });
}

/** Reads a column of values that are always rows: unions, and sets, whose `zero` is empty. */
export function readRowsColumn<T>(r: Reader, n: number, absent: T | null | undefined, row: Read<T>, zero?: T): T[] {
  return readColumn(r, n, absent, zero, ROWS, (r, k, _, start) => readRows(r, k, start, row));
}
