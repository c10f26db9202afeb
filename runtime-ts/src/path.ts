import type { UnitHandle } from "./store.js";

declare const place: unique symbol;

/** A place inside of an `S` that may hold a `T`. */
export interface Path<in S, out T> {
  /** For types only, never there. */
  readonly [place]?: (state: S) => T;
}

/** A path with what leads on: fields of a struct, `key(..)` of a map, `at(..)` of a list. */
export type PathTo<S, T> = Path<S, T> &
  (T extends ReadonlyMap<infer K, infer V>
    ? { readonly key: (key: K) => PathTo<S, NonNullable<V>> }
    : T extends readonly (infer E)[]
      ? { readonly at: (index: number) => PathTo<S, NonNullable<E>> }
      : T extends Leaf
        ? unknown
        : { readonly [F in keyof T]-?: PathTo<S, NonNullable<T[F]>> });

/** What has no places of its own; unions, too, since their cases have different fields. */
type Leaf = string | number | bigint | boolean | Date | Uint8Array | ReadonlySet<unknown> | { readonly kind: string };

type Step =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "key"; readonly key: unknown }
  | { readonly kind: "at"; readonly index: number };

const ways = new WeakMap<object, readonly Step[]>();

/** The path to a whole state: `pathOf<BoardState>().players.key("a").hp`. */
export function pathOf<S>(): PathTo<S, S> {
  // The proxy answers as the type says: whatever is asked for leads one step on.
  return leadingOn([]) as PathTo<S, S>;
}

/** What stands at a place; `undefined` if the way there ends before. */
export function valueAt<S, T>(path: Path<S, T>, state: S | undefined): T | undefined {
  let value: unknown = state;
  for (const step of wayOf(path)) value = next(value, step);
  // The type of the path was made from the type of the state.
  return value as T | undefined;
}

/** How one would say it: `players["a"].hp`. */
export function pathText(path: Path<never, unknown>): string {
  let text = "";
  for (const step of wayOf(path)) {
    if (step.kind === "field") text += text === "" ? step.name : `.${step.name}`;
    else if (step.kind === "at") text += `[${step.index}]`;
    else text += `[${typeof step.key === "string" ? JSON.stringify(step.key) : String(step.key)}]`;
  }
  return text;
}

/** A handle of a store, as far as watching needs it. */
export interface Watchable<S> extends Pick<UnitHandle, "subscribe"> {
  readonly get: () => S | undefined;
}

/**
 * Calls `listener` with the new and the old value whenever what stands at a place changes; objects are compared as such,
 * since a delta replaces those on its path only. Gives a function that ends it.
 */
export function watch<S, T>(
  handle: Watchable<S>,
  path: Path<S, T>,
  listener: (now: T | undefined, before: T | undefined) => void,
): () => void {
  let seen = valueAt(path, handle.get());
  return handle.subscribe(() => {
    const before = seen;
    seen = valueAt(path, handle.get());
    if (!Object.is(seen, before)) listener(seen, before);
  });
}

function wayOf(path: Path<never, unknown>): readonly Step[] {
  return ways.get(path) ?? [];
}

function leadingOn(way: readonly Step[]): object {
  const called = way.at(-1);
  const path = new Proxy(() => undefined, {
    get: (_, name) => (typeof name === "string" ? leadingOn([...way, { kind: "field", name }]) : undefined),
    // Only now is it known that `key` and `at` were no fields.
    apply: (_, __, [argument]: unknown[]) => leadingOn([...way.slice(0, -1), stepOf(called, argument)]),
  });
  ways.set(path, way);
  return path;
}

function stepOf(called: Step | undefined, argument: unknown): Step {
  const isAt = called?.kind === "field" && called.name === "at";
  return isAt ? { kind: "at", index: Number(argument) } : { kind: "key", key: argument };
}

function next(value: unknown, step: Step): unknown {
  if (step.kind === "key") return value instanceof Map ? value.get(step.key) : undefined;
  if (step.kind === "at") return Array.isArray(value) ? value[step.index] : undefined;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step.name)) return undefined;
  return Reflect.get(value, step.name);
}
