import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Status } from "../protocol/types.js";
import type { StoreHandle, UnitHandle } from "../store.js";
import type { ListenArgs } from "../wire/defs.js";

/** What `useStore` needs of a handle. */
type Readable<S> = Pick<StoreHandle<unknown, S, unknown>, "get" | "subscribe">;

/**
 * What `select` picks from the state of a store, `undefined` or the first `fallback` given until there is one (and on a server).
 * Renders again only when the selected value changes by `Object.is`.
 */
export function useStore<S, T>(handle: Readable<S>, select: (state: S) => T): T | undefined;
export function useStore<S, T>(handle: Readable<S>, select: (state: S) => T, fallback: NoInfer<T>): T;
export function useStore<S, T, F>(handle: Readable<S>, select: (state: S) => T, fallback: F): T | F;
export function useStore<S, T, F>(handle: Readable<S>, select: (state: S) => T, fallback?: F): T | F | undefined {
  const [empty] = useState(() => fallback);
  const read = useMemo(() => cached(handle, select, empty), [handle, select, empty]);
  return useSyncExternalStore(handle.subscribe, read, () => empty);
}

/** Selects once per state, so that asking twice gives the same object. */
function cached<S, T, F>(handle: Readable<S>, select: (state: S) => T, empty: F): () => T | F {
  let last: { readonly state: S; readonly selected: T } | undefined;
  return () => {
    const state = handle.get();
    if (state === undefined) return empty;
    if (last === undefined || last.state !== state) last = { state, selected: select(state) };
    return last.selected;
  };
}

/** Calls the newest listener for each event of this name, of a keyed one for exactly this key, while the component is there. */
export function useEvent<K, S, E, N extends keyof E & string>(
  handle: StoreHandle<K, S, E>,
  name: N,
  ...args: ListenArgs<E[N]>
): void {
  const newest = useRef(args);
  useEffect(() => {
    newest.current = args;
  });
  // Keys are plain objects of scalars: what counts is what is in them.
  const key = args.length === 1 ? undefined : JSON.stringify(args[0], plain);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is read through `newest`.
  useEffect(() => {
    const listener = (event: unknown): void => (newest.current.at(-1) as (event: unknown) => void)(event);
    return handle.on(name, ...([...newest.current.slice(0, -1), listener] as ListenArgs<E[N]>));
  }, [handle, name, key]);
}

function plain(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}

/** Where a handle stands, as a word. */
export function useStatus(handle: UnitHandle): Status["kind"] {
  return useSyncExternalStore(
    handle.subscribe,
    () => handle.status.kind,
    () => "connecting",
  );
}
