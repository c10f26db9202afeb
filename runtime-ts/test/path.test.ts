import { expect, test, vi } from "vitest";
import { pathOf, pathText, valueAt, watch } from "../src/index.js";

interface Item {
  readonly key: string;
  readonly at: number | undefined;
}
interface State {
  readonly turn: number;
  readonly items: readonly Item[];
  readonly players: ReadonlyMap<string, { readonly hp: number; readonly best: Item | undefined }>;
}

const state: State = {
  turn: 1,
  items: [{ key: "k", at: 5 }],
  players: new Map([["a", { hp: 7, best: undefined }]]),
};

test("a path reads what stands at its end, and nothing if its way ends before", () => {
  const path = pathOf<State>();
  expect(valueAt(path, state)).toBe(state);
  expect(valueAt(path.players.key("a").hp, state)).toBe(7);
  expect(valueAt(path.players.key("b").hp, state)).toBeUndefined();
  expect(valueAt(path.players.key("a").best.key, state)).toBeUndefined();
  expect(valueAt(path.items.at(0).key, state), "a field may be called like a method of paths").toBe("k");
  expect(valueAt(path.items.at(0).at, state)).toBe(5);
  expect(valueAt(path.items.at(1).at, state)).toBeUndefined();
  expect(valueAt(path.turn, undefined)).toBeUndefined();
});

test("a path has a text", () => {
  const path = pathOf<State>();
  expect(pathText(path)).toBe("");
  expect(pathText(path.players.key('"').best.at)).toBe('players["\\""].best.at');
  expect(pathText(path.items.at(3).key)).toBe("items[3].key");
});

test("names of the prototype are no places", () => {
  const path = pathOf<{ readonly constructor: string }>();
  expect(valueAt(path.constructor, {} as { readonly constructor: string })).toBeUndefined();
});

test("a watch tells the new and the old value of one place", () => {
  let now: State | undefined;
  const listeners = new Set<() => void>();
  const handle = {
    get: () => now,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const commit = (next: State) => {
    now = next;
    for (const listener of listeners) listener();
  };
  const seen = vi.fn();
  const end = watch(handle, pathOf<State>().players.key("a").hp, seen);
  commit(state);
  commit({ ...state, turn: 2 });
  commit({ ...state, players: new Map([["a", { hp: 8, best: undefined }]]) });
  end();
  commit(state);
  expect(seen.mock.calls).toEqual([
    [7, undefined],
    [8, 7],
  ]);
});
