import { describe, expect, test } from "vitest";
import * as rs from "../src/wire.js";

const read = (r: rs.Reader) => rs.readSet(r, rs.readU8, 40);

/** What the set delta `body` makes of `old`, in order. */
function patched(old: readonly number[], ...body: number[]): number[] {
  const before = new Set(old);
  const after = rs.applyDelta(
    (set, r) => rs.patchSet(r, set, rs.readU8),
    before as ReadonlySet<number>,
    Uint8Array.from(body),
  );
  expect([...before], "the old set stays as it was").toEqual(old);
  return [...after];
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

describe("sets", () => {
  test("keep the order in which they were written", () => {
    const bytes = rs.encode((w, v: ReadonlySet<number>) => rs.writeSet(w, v, rs.writeU8, 40), new Set([3, 1, 2]));
    expect([...bytes]).toEqual([0x09, 0x07, 0x07, 0x03, 0x05]);
    expect([...rs.decode(read, bytes)]).toEqual([3, 1, 2]);
  });

  test("hold an element once", () => {
    expect(refusal(() => rs.decode(read, Uint8Array.of(0x07, 0x05, 0x03, 0x03)))).toBe("duplicate_key");
  });

  test("a delta removes, then adds", () => {
    expect(patched([1, 2, 3], 0x03, 0x03, 0x05, 0x09, 0x05)).toEqual([2, 3, 4]);
    expect(patched([1, 2], 0x03, 0x03, 0x03, 0x03), "what is removed and added moves to the end").toEqual([2, 1]);
    expect(patched([1], 0x03, 0x05, 0x01), "removing what is not there does nothing").toEqual([1]);
  });

  test("an element stands once in each part of a delta", () => {
    expect(refusal(() => patched([], 0x05, 0x03, 0x03, 0x01))).toBe("duplicate_key");
    expect(refusal(() => patched([], 0x01, 0x05, 0x03, 0x03))).toBe("duplicate_key");
  });

  test("elements count", () => {
    const many = new Set(Array.from({ length: 1_000_001 }, (_, i) => i));
    const write = () => rs.encode((w, v: ReadonlySet<number>) => rs.writeSet(w, v, rs.writeU32, 40), many);
    expect(write).toThrow(/elements/);
  });
});
