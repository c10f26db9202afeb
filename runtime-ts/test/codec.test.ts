import { describe, expect, test } from "vitest";
import { Reader, readVarint } from "../src/wire/reader.js";
import { Writer, writeVarint } from "../src/wire/writer.js";
import * as rs from "../src/wire.js";

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join(" ");
}

describe("varint", () => {
  test.each([
    [0n, "01"],
    [1n, "03"],
    [127n, "ff"],
    [128n, "02 02"],
    [16383n, "fe ff"],
    [16384n, "04 00 02"],
    [2n ** 64n - 1n, "00 ff ff ff ff ff ff ff ff"],
  ])("%s is %s", (value, bytes) => {
    expect(hex(rs.encode(rs.writeU64, value))).toBe(bytes);
    expect(rs.decode(rs.readU64, rs.encode(rs.writeU64, value))).toBe(value);
  });

  test("every boundary round-trips as number and as bigint, in the shortest form", () => {
    for (let bits = 1; bits <= 64; bits++) {
      for (const value of [2n ** BigInt(bits) - 1n, 2n ** BigInt(bits - 1), 2n ** BigInt(bits - 1) + 1n]) {
        const v = BigInt.asUintN(64, value);
        const bytes = rs.encode(rs.writeU64, v);
        const size = Math.max(1, Math.min(9, Math.ceil(v.toString(2).length / 7)));
        expect(bytes.length).toBe(size);
        expect(rs.decode(rs.readU64, bytes)).toBe(v);
        if (v > 2n ** 53n) continue;
        const w = new Writer();
        writeVarint(w, Number(v));
        expect(hex(w.buf.slice(0, w.pos))).toBe(hex(bytes));
        expect(readVarint(new Reader(bytes))).toBe(Number(v));
      }
    }
  });
});
