import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Status } from "../protocol/types.js";
import type { StoreHandle, UnitHandle } from "../store.js";

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

/** Calls the newest `listener` for each event of this name while the component is there. */
export function useEvent<K, S, E, N extends keyof E & string>(
  handle: StoreHandle<K, S, E>,
  name: N,
  listener: (event: E[N]) => void,
): void {
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => handle.on(name, (event) => newest.current(event)), [handle, name]);
}

/** Where a handle stands, as a word. */
export function useStatus(handle: UnitHandle): Status["kind"] {
  return useSyncExternalStore(
    handle.subscribe,
    () => handle.status.kind,
    () => "connecting",
  );
}
