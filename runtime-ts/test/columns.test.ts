import { describe, expect, test } from "vitest";
import * as rs from "../src/wire.js";
import {
  type PlayerInit,
  player,
  readPlayerColumn,
  readPlayerValue,
  writePlayerColumn,
  writePlayerValue,
} from "./board.js";
import { bytes, hex, refusal } from "./bytes.js";

/** `fields struct { 1 a: u8  2 b: string? }`, the example of docs/wire-format.md. */
interface Pair {
  readonly a: number;
  readonly b: string | undefined;
}

function readPairs(r: rs.Reader, n: number, absent?: Pair | null): Pair[] {
  const zero = () => ({ a: 0, b: undefined });
  return rs.readStructColumn(r, n, absent, 0, zero, rs.readUnit as unknown as rs.Read<Pair>, (r, k) => {
    const ids = rs.readSlots(r);
    const a = rs.readField(r, ids, 1, k, rs.readU8Column, 0);
    const b = rs.readField(r, ids, 2, k, rs.readStringColumn, null);
    if (ids > 2) rs.skipRest(r);
    return a.map((a, at) => ({ a, b: b[at] }));
  });
}

function writePairs(w: rs.Writer, v: readonly Pair[]): void {
  rs.writeStructColumn(w, v, undefined, 0, (w, v) => {
    rs.writeVarint(w, 2);
    rs.writeU8Column(
      w,
      v.map((v) => v.a),
    );
    rs.writeStringColumn(w, rs.some(v.map((v) => v.b)), null);
  });
}

const example = "1f 13 40 19 05 41 07 07 09 08 80 02 07 41 01 78";
const pairs: readonly Pair[] = [
  { a: 7, b: undefined },
  { a: 7, b: "x" },
  { a: 9, b: undefined },
  { a: 8, b: undefined },
];
const readList = (r: rs.Reader) => rs.readList(r, rs.readUnit as unknown as rs.Read<Pair>, readPairs, 32);

describe("a list of structs in columns", () => {
  test("the example of the format's page", () => {
    expect(rs.decode(readList, bytes(example))).toEqual(pairs);
    const write = (w: rs.Writer, v: readonly Pair[]) => rs.writeList(w, v, rs.writeUnit, 32, writePairs);
    expect(hex(rs.encode(write, pairs))).toBe(example);
  });

  test.each([
    ["presence 3", "1f 13 c0 19 05 41 07 07 09 08 80 02 07 41 01 78", "mode 2"],
    ["bit 5", "1f 13 40 19 05 61 07 07 09 08 80 02 07 41 01 78", "mode 5"],
    ["a width of 9", "1f 13 40 19 05 49 07 07 09 08 80 02 07 41 01 78", "mode 5"],
    ["an absent mode that is not 00", "1f 13 40 19 05 01 07 07 09 08 80 02 07 41 01 78", "mode 5"],
    ["set padding of a bitmap", "1f 13 40 19 05 41 07 07 09 08 80 12 07 41 01 78", "padding 10"],
    ["lengths that may be absent", "1f 13 40 19 05 41 07 07 09 08 80 02 07 00 01 78", "mode 13"],
    ["lengths that do not add up", "1f 13 40 19 05 41 07 07 09 08 80 02 07 41 00 78", "length 10"],
    ["half a character", "1f 13 40 19 05 41 07 07 09 08 80 02 07 41 01 c3", "utf8 10"],
    ["too many columns", "1f 13 40 19 06 40 02 07 09 08 80 02 07 41 01 78", "slots 4"],
    ["bytes behind the columns", "1f 13 40 19 03 41 07 07 09 08 80 02 07 41 01 78", "length 2"],
  ])("%s is refused", (_, text, expected) => {
    const one = (r: rs.Reader) => rs.readList(r, readPlayerValue, readPairs as never, 32);
    const read = expected === "length 2" ? oneColumn : one;
    expect(refusal<unknown>(read, text)).toBe(expected);
  });

  /** A reader that knows the first column only, but counts two. */
  function oneColumn(r: rs.Reader): unknown {
    return rs.readList(
      r,
      rs.readU8,
      (r, n, absent) =>
        rs.readStructColumn(
          r,
          n,
          absent,
          0,
          () => 0,
          rs.readU8,
          (r, k) => {
            const ids = rs.readSlots(r);
            return rs.readField(r, ids, 1, k, rs.readU8Column, 0);
          },
        ),
      8,
    );
  }
});

describe("which form is written", () => {
  const write = (w: rs.Writer, v: readonly PlayerInit[]) => rs.writeList(w, v, writePlayerValue, 40, writePlayerColumn);
  const read = (r: rs.Reader) => rs.readList(r, readPlayerValue, readPlayerColumn, 40);

  test("columns from four structs on, rows below", () => {
    const form = (n: number) => (rs.encode(write, new Array(n).fill({ name: "x" }))[1] ?? 0) >> 1;
    expect([1, 3, 4, 5].map((n) => form(n) & 1)).toEqual([0, 0, 1, 1]);
  });

  test("rows where columns would unfold into too much", () => {
    const empty = rs.encode(write, new Array(100).fill({}));
    expect((empty[2] ?? 0) & 4).toBe(0);
    expect(rs.decode(read, empty)).toEqual(new Array(100).fill(player()));
  });

  test("integers in columns only if that is not longer", () => {
    const numbers = (v: readonly number[]) =>
      hex(rs.encode((w, v: readonly number[]) => rs.writeNumbers(w, v, rs.writeU32, rs.writeU32Column), v));
    expect(numbers([1, 2, 3, 4])).toBe("0b 11 03 05 07 09");
    expect(numbers([300, 301, 302, 303])).toBe("11 13 51 b2 04 00 01 02 03");
  });
});
