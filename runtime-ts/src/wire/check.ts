import { RssError } from "../errors.js";

/** A constraint: `@range`, `@len`, `@count` or `@pattern`. */
export type Rule = "range" | "len" | "count" | "pattern";

/** A value that breaks a constraint. Rule, path and message are those that a Rust server gives for the same value. */
export class ConstraintError extends RssError {
  declare readonly code: "constraint";
  readonly rule: Rule;
  /** Where the value is, by the names of the schema: `players["a"].hp`. */
  readonly path: string;

  constructor(rule: Rule, path: string, message: string) {
    super("constraint", `${path}: ${message} (${rule})`);
    this.name = "ConstraintError";
    this.rule = rule;
    this.path = path;
  }
}

/** Checks the constraints in a value; throws the first violation, in declaration order. */
export type Check<T> = (value: T, at?: At) => void;

/** A place in the value that is checked; `undefined` is the value itself. */
export interface At {
  readonly parent: At | undefined;
  readonly step: string;
  /** What is in there is not told. */
  readonly hidden: boolean;
}

/** A field, or the case of a union. */
export function atField(parent: At | undefined, name: string): At {
  return { parent, step: parent === undefined ? name : `.${name}`, hidden: false };
}

/** A field that not everybody may see. */
export function atHidden(parent: At | undefined, name: string): At {
  return { ...atField(parent, name), hidden: true };
}

/** The element of a list, or the entry of a map. */
function entry(parent: At | undefined, key: unknown): At {
  return { parent, step: `[${typeof key === "string" ? JSON.stringify(key) : String(key)}]`, hidden: false };
}

function fail(rule: Rule, at: At | undefined, message: string): never {
  let path = "";
  let hidden = false;
  for (let place = at; place !== undefined; place = place.parent) {
    if (place.hidden) path = "";
    hidden ||= place.hidden;
    path = place.step + path;
  }
  throw new ConstraintError(rule, path === "" ? "value" : path, hidden ? "is not allowed" : message);
}

function allowed(low: unknown, high: unknown): string {
  if (low === undefined) return `allowed are ${high} or less`;
  return high === undefined ? `allowed are ${low} or more` : `allowed are ${low} to ${high}`;
}

type Numeric = number | bigint;

function within(value: Numeric, low: Numeric | undefined, high: Numeric | undefined): boolean {
  return (low === undefined || value >= low) && (high === undefined || value <= high);
}

/** `@range`; NaN is in no range. What is absent has its default, which is allowed. */
export function checkRange(value: Numeric | undefined, at: At | undefined, low?: Numeric, high?: Numeric): void {
  if (value === undefined || (within(value, low, high) && !Number.isNaN(value))) return;
  fail("range", at, `is ${value}; ${allowed(low, high)}`);
}

/** `@range` of an `f32`, as which the value travels. */
export function checkRangeF32(value: number | undefined, at: At | undefined, low?: number, high?: number): void {
  if (value !== undefined) checkRange(Math.fround(value), at, low, high);
}

/** `@len`: Unicode scalars of a string, or bytes. */
export function checkLen(
  value: string | Uint8Array | undefined,
  at: At | undefined,
  low?: number,
  high?: number,
): void {
  if (value === undefined) return;
  let length = value.length;
  if (typeof value === "string") {
    length = 0;
    for (const _ of value) length++;
  }
  if (!within(length, low, high)) fail("len", at, `has a length of ${length}; ${allowed(low, high)}`);
}

/** `@count` of a list, set or map. */
export function checkCount(
  value: { readonly length: number } | { readonly size: number } | undefined,
  at: At | undefined,
  low?: number,
  high?: number,
): void {
  if (value === undefined) return;
  const count = "size" in value ? value.size : value.length;
  if (!within(count, low, high)) fail("count", at, `has a count of ${count}; ${allowed(low, high)}`);
}

/** `@pattern`, whose expression is anchored. Does not tell the text. */
export function checkPattern(value: string | undefined, at: At | undefined, pattern: RegExp): void {
  if (value === undefined || pattern.test(value)) return;
  fail("pattern", at, `does not match ${pattern.source.slice(4, -2)}`);
}

/** Checks a value if it is there. */
export function checkIn<T>(value: T | undefined, at: At | undefined, check: Check<T>): void {
  if (value !== undefined) check(value, at);
}

/** Checks every element of a list. */
export function checkItems<T>(
  items: readonly (T | undefined)[] | undefined,
  at: At | undefined,
  check: Check<T>,
): void {
  for (const [index, item] of (items ?? []).entries()) checkIn(item, entry(at, index), check);
}

/** Checks every element of a set. */
export function checkMembers<T>(members: ReadonlySet<T> | undefined, at: At | undefined, check: Check<T>): void {
  for (const member of members ?? []) check(member, entry(at, member));
}

/** Checks every key and every value of a map. */
export function checkEntries<K, V>(
  entries: ReadonlyMap<K, V | undefined> | undefined,
  at: At | undefined,
  checkKey: Check<K> | undefined,
  checkValue: Check<V> | undefined,
): void {
  for (const [key, value] of entries ?? []) {
    const place = entry(at, key);
    checkKey?.(key, place);
    if (checkValue !== undefined) checkIn(value, place, checkValue);
  }
}
