import { describe, expect, test } from "vitest";
import * as rs from "../src/wire.js";
import {
  boardState,
  type Player,
  patchBoardState,
  patchPlayer,
  player,
  readMoveColumn,
  readMoveValue,
  readPlayerColumn,
  readPlayerValue,
} from "./board.js";
import { ops } from "./server.js";

const nested = (...body: number[]): number[] => [body.length * 2 + 1, ...body];

/** What the list delta `body` makes of `old`. */
function onList(old: readonly number[], ...body: number[]): readonly number[] {
  return rs.applyDelta((list, r) => rs.patchList(r, list, rs.readU8, rs.readU8Column, 8), old, Uint8Array.from(body));
}

function refusal(run: () => unknown): string {
  try {
    run();
    return "accepted";
  } catch (error) {
    if (!(error instanceof rs.DecodeError)) throw error;
    return error.code;
  }
}

describe("the delta of a struct", () => {
  test("keeps, clears, sets and patches; absent ids are kept", () => {
    const old = boardState({ turn: 2, secret: "s", guest: { hp: 3 }, home: { name: "H" } });
    const bytes = ops(9, { 2: [1], 4: [1], 7: [3, ...nested(0x07, 0x04)], 9: [2] });
    const next = rs.applyDelta(patchBoardState, old, bytes);
    expect(next).toEqual(boardState({ guest: {}, home: { name: "H" }, open: true }));
    expect(next.home).toBe(old.home);
    expect(rs.applyDelta(patchBoardState, old, Uint8Array.of(0x01))).toEqual(old);
  });

  test("bools become their default or its opposite", () => {
    const set = Uint8Array.of(0x07, 0x20);
    const clear = Uint8Array.of(0x07, 0x10);
    expect(rs.applyDelta(patchPlayer, player(), set).online).toBe(false);
    expect(rs.applyDelta(patchPlayer, player({ online: false }), clear).online).toBe(true);
    const optional = (old: boolean | undefined, r: rs.Reader) => {
      const head = rs.readOps(r);
      const value = rs.optBoolField(r, head, 1, old);
      rs.endOps(r, head, 1);
      return value;
    };
    expect(rs.applyDelta(optional, undefined, Uint8Array.of(0x03, 0x02, 0x03))).toBe(true);
    expect(rs.applyDelta(optional, true, Uint8Array.of(0x03, 0x01))).toBeUndefined();
  });

  test("what a newer writer added is dropped; a retired field is skipped", () => {
    const newer = ops(12, { 2: [2, 0x05], 11: [2, 0xaa, 0xbb] });
    expect(rs.applyDelta(patchBoardState, boardState(), newer).turn).toBe(2);
    const retired = (old: number, r: rs.Reader) => {
      const head = rs.readOps(r);
      rs.skipField(r, head, 1, rs.LEN);
      rs.skipField(r, head, 2, rs.BIT);
      const value = rs.field(r, head, 3, old, 0, rs.readU8);
      rs.endOps(r, head, 3);
      return value;
    };
    expect(rs.applyDelta(retired, 1, ops(3, { 1: [3, ...nested(1, 2)], 2: [2], 3: [2, 0x09] }))).toBe(4);
    expect(refusal(() => rs.applyDelta(retired, 1, ops(3, { 2: [3, 0x01] })))).toBe("op");
  });

  test.each([
    ["a patch of a field without deltas", ops(9, { 2: [3, 0x01] }), "op"],
    ["a patch of a bool", ops(9, { 9: [3, 0x01] }), "op"],
    ["a patch of none", ops(9, { 7: [3, ...nested(0x01)] }), "mismatch"],
    ["set padding", Uint8Array.of(0x13, 0, 0, 0x04), "padding"],
    ["too many slots", rs.encode(rs.writeU32, 4097), "slots"],
    ["bytes behind the end", Uint8Array.of(...ops(9, {}), 0), "trailing"],
    ["a patch that does not fill its length", ops(9, { 6: [3, ...nested(0x07, 0x00, 0x00)] }), "length"],
  ])("%s is refused", (_, bytes, code) => {
    expect(refusal(() => rs.applyDelta(patchBoardState, boardState(), bytes))).toBe(code);
  });
});

describe("the delta of a list", () => {
  test("splices, one after another", () => {
    const old = [1, 2, 3];
    // Insert [9] at 0; then remove two at 2.
    expect(onList(old, 0x05, 0x01, 0x01, 0x01, ...nested(0x05, 0x13), 0x01, 0x05, 0x05, ...nested(0x01))).toEqual([
      9, 1,
    ]);
    expect(old).toEqual([1, 2, 3]);
    expect(onList(old, 0x03, 0x01, 0x07, 0x01, ...nested(0x05, 0x09))).toEqual([1, 2, 3, 4]);
  });

  test("patches elements that have deltas and keeps the others as they are", () => {
    const old = [player({ name: "a" }), player({ name: "b" })];
    const hp = [0x07, 0x08, 0x0f];
    const next = rs.applyDelta(
      (list: readonly Player[], r) => rs.patchList(r, list, readPlayerValue, readPlayerColumn, 40, patchPlayer),
      old,
      Uint8Array.of(0x03, 0x03, 0x03, ...nested(...hp)),
    );
    expect(next).toEqual([player({ name: "a" }), player({ name: "b", hp: 7 })]);
    expect(next[0]).toBe(old[0]);
  });

  test("optional elements have a bitmap; a patch of none does not fit", () => {
    const apply = (body: number[]) =>
      rs.applyDelta(
        (list: readonly (Player | undefined)[], r) =>
          rs.patchOptList(r, list, readPlayerValue, readPlayerColumn, 24, patchPlayer),
        [undefined, player()],
        Uint8Array.from(body),
      );
    expect(apply([0x03, 0x01, 0x01, 0x03, ...nested(0x09, 0x02, ...nested(0x01))])).toEqual([
      undefined,
      player(),
      player(),
    ]);
    expect(refusal(() => apply([0x03, 0x03, 0x01, ...nested(0x01)]))).toBe("mismatch");
    expect(apply([0x03, 0x03, 0x03, ...nested(0x07, 0x08, 0x0f)])[1]?.hp).toBe(7);
  });

  test.each([
    ["at beyond the end", [0x03, 0x01, 0x09, 0x01, ...nested(0x01)], "mismatch"],
    ["removed beyond the end", [0x03, 0x01, 0x05, 0x05, ...nested(0x01)], "mismatch"],
    ["a patch without deltas", [0x03, 0x03, 0x01, 0x01], "op"],
    ["an unknown operation", [0x03, 0x05, 0x01, 0x01], "op"],
    ["operations that are not there", [0x05, 0x01, 0x01, 0x01, ...nested(0x01)], "truncated"],
  ])("%s is refused", (_, body, code) => {
    expect(refusal(() => onList([1, 2, 3], ...body))).toBe(code);
  });

  test("numbers and long insertions", () => {
    const many = Array.from({ length: 300_000 }, (_, i) => i % 100);
    const body = rs.encode((w, v: number[]) => {
      rs.writeU32(w, 1);
      rs.writeU32(w, 0);
      rs.writeU32(w, 1);
      rs.writeU32(w, 0);
      rs.writeNumbers(w, v, rs.writeU8);
    }, many);
    const next = rs.applyDelta(
      (list: readonly number[], r) => rs.patchNumbers(r, list, rs.readU8, rs.readU8Column),
      [7, 8],
      body,
    );
    expect([next.length, next[0], next.at(-1)]).toEqual([300_002, 7, 8]);
  });
});

describe("the delta of a map", () => {
  const a = [0x03, 0x61];
  const b = [0x03, 0x62];
  const old = new Map([
    ["a", player({ name: "A" })],
    ["b", player({ name: "B" })],
  ]);
  const apply = (...body: number[]) =>
    rs.applyDelta(
      (map, r) => rs.patchMap(r, map, rs.readString, readPlayerValue, patchPlayer),
      old as ReadonlyMap<string, ReturnType<typeof player>>,
      Uint8Array.from(body),
    );

  test("removes, sets and patches, in this order; a present key keeps its place, a new one goes last", () => {
    const next = apply(
      0x03,
      ...a,
      0x05,
      ...b,
      ...nested(0x01),
      ...a,
      ...nested(0x01),
      0x03,
      ...a,
      ...nested(0x07, 0x08, 0x0f),
    );
    expect([...next]).toEqual([
      ["b", player()],
      ["a", player({ hp: 7 })],
    ]);
    expect([...old.keys()]).toEqual(["a", "b"]);
    expect([...apply(0x01, 0x03, ...a, ...nested(0x01), 0x01).keys()]).toEqual(["a", "b"]);
  });

  test("what is not touched stays the same object; removing an absent key does nothing", () => {
    const next = apply(0x03, 0x03, 0x7a, 0x01, 0x03, ...a, ...nested(0x07, 0x08, 0x0f));
    expect(next.get("b")).toBe(old.get("b"));
    expect(next.get("a")).not.toBe(old.get("a"));
  });

  test.each([
    ["a key twice in one part", [0x05, ...a, ...a, 0x01, 0x01], "duplicate_key"],
    ["a key set twice", [0x01, 0x05, ...a, ...nested(0x01), ...a, ...nested(0x01), 0x01], "duplicate_key"],
    ["a patch of an absent key", [0x01, 0x01, 0x03, 0x03, 0x7a, ...nested(0x01)], "mismatch"],
    ["a patch of a removed key", [0x03, ...a, 0x01, 0x03, ...a, ...nested(0x01)], "mismatch"],
  ])("%s is refused", (_, body, code) => {
    expect(refusal(() => apply(...body))).toBe(code);
  });

  test("values without deltas cannot be patched; optional ones have a bitmap", () => {
    const plain = (...body: number[]) =>
      rs.applyDelta(
        (map: ReadonlyMap<string, number>, r) => rs.patchMap(r, map, rs.readString, rs.readU8),
        new Map(),
        Uint8Array.from(body),
      );
    expect(refusal(() => plain(0x01, 0x01, 0x03, ...a, 0x01))).toBe("op");
    const optional = rs.applyDelta(
      (map: ReadonlyMap<string, number | undefined>, r) => rs.patchOptMap(r, map, rs.readString, rs.readU8),
      new Map([["a", 1]]),
      Uint8Array.of(0x01, 0x05, 0x02, ...a, ...b, 0x0b, 0x01),
    );
    expect([...optional]).toEqual([
      ["a", undefined],
      ["b", 5],
    ]);
  });
});

test("a list of structs without deltas is spliced", () => {
  const next = rs.applyDelta(
    (list, r) => rs.patchList(r, list, readMoveValue, readMoveColumn, 40),
    [] as readonly { cell: number; by: number }[],
    Uint8Array.of(0x03, 0x01, 0x01, 0x01, ...nested(0x05, ...nested(0x07, 0x01, 0x09))),
  );
  expect(next).toEqual([{ cell: 4, by: 1 }]);
});
