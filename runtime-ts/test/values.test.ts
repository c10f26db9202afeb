import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as rs from "../src/wire.js";
import * as b from "./board.js";
import { bytes, code, hex } from "./bytes.js";

const mark = fc.integer({ min: 0, max: 255 });
const text = fc.string({ unit: "grapheme", maxLength: 40 });
const playerInit = fc.record({ name: text, hp: fc.integer({ min: 0, max: 65535 }), online: fc.boolean() });
const state = fc.record({
  cells: fc.array(mark),
  turn: mark,
  moves: fc.array(fc.record({ cell: mark, by: mark })),
  secret: fc.option(text, { nil: undefined }),
  players: fc.array(fc.tuple(text, playerInit)).map((entries) => new Map(entries)),
  home: playerInit,
  guest: fc.option(playerInit, { nil: undefined }),
  shape: fc.option(
    fc.oneof(
      fc.record({ kind: fc.constant("Circle" as const), radius: fc.double() }),
      fc.record({ kind: fc.constant("Nothing" as const) }),
      fc.record({
        kind: fc.constant("unrecognized" as const),
        id: fc.integer({ min: 3, max: 2 ** 32 - 1 }),
        bytes: fc.uint8Array(),
      }),
    ),
    { nil: undefined },
  ),
  open: fc.boolean(),
});

describe("a whole state", () => {
  test("comes back as it was, in bytes that depend on nothing else", () => {
    fc.assert(
      fc.property(state, (value) => {
        const encoded = rs.encode(b.writeBoardState, value);
        const decoded = rs.decode(b.readBoardState, encoded);
        expect(decoded).toEqual(b.boardState(value));
        expect([...decoded.players.keys()]).toEqual([...value.players.keys()]);
        expect(hex(rs.encode(b.writeBoardState, decoded))).toBe(hex(encoded));
      }),
    );
  });

  test("cut off anywhere gives a code and throws nothing else", () => {
    fc.assert(
      fc.property(state, (value) => {
        const encoded = rs.encode(b.writeBoardState, value);
        for (let end = 0; end < encoded.length; end++) {
          expect(code(b.readBoardState, encoded.subarray(0, end))).not.toMatch(/^accepted/);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("any bytes are decoded or refused, as value and as delta, and change nothing that was there", () => {
    const old = b.boardState({
      cells: [1, 2, 0],
      players: new Map([["a", {}]]),
      guest: {},
      shape: { kind: "Nothing" },
    });
    const before = structuredClone(old);
    const patch = (r: rs.Reader) => b.patchBoardState(old, r);
    const head = fc.constantFrom("13 ff 00", "13 ff ff 03", "13 ff 0f 00", "13 aa aa 02", "13 03 03 00", "").map(bytes);
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 60 }), (start, rest) => {
        const input = Uint8Array.of(...start, ...rest);
        code(b.readBoardState, input);
        code(patch, input);
        expect(old).toEqual(before);
      }),
      { numRuns: 3000 },
    );
  });
});
