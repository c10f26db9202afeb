// 64-bit integers and timestamps as numbers: the same bytes as of bigints and dates, and never rounded.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as rs from "../src/wire.js";
import { hex, refusal } from "./bytes.js";

const most = Number.MAX_SAFE_INTEGER;
const beyond = 2n ** 53n;

describe.each([
  { name: "u64", min: 0, number: [rs.readU53, rs.writeU53], long: [rs.readU64, rs.writeU64] },
  { name: "i64", min: -most, number: [rs.readI53, rs.writeI53], long: [rs.readI64, rs.writeI64] },
] as const)("$name as a number", ({ min, number: [read, write], long: [readLong, writeLong] }) => {
  test.each([min, min + 1, 0, 1, 2 ** 32, most - 1, most])("%d travels as its bigint does", (value) => {
    const encoded = rs.encode(write, value);
    expect(hex(encoded)).toBe(hex(rs.encode(writeLong, BigInt(value))));
    expect(rs.decode(read, encoded)).toBe(value);
  });

  test("what would be rounded is refused", () => {
    const values = [beyond, beyond + 1n, 2n ** 63n - 1n];
    if (min < 0) values.push(-beyond, -beyond - 1n, -(2n ** 63n));
    for (const value of values) {
      const encoded = rs.encode(writeLong, value);
      expect(rs.decode(readLong, encoded)).toBe(value);
      expect(refusal(read, encoded)).toBe("range 0");
      expect(() => rs.encode(write, Number(value))).toThrow(rs.RssError);
    }
    for (const value of [min - 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 1n as unknown as number]) {
      expect(() => rs.encode(write, value)).toThrow(rs.RssError);
    }
  });
});

describe("lists of numbers", () => {
  const asU64 = (w: rs.Writer, v: readonly bigint[]) => rs.writeNumbers(w, v, rs.writeU64, rs.writeU64Column);
  const asI64 = (w: rs.Writer, v: readonly bigint[]) => rs.writeNumbers(w, v, rs.writeI64, rs.writeI64Column);
  const asU53 = (w: rs.Writer, v: readonly number[]) => rs.writeNumbers(w, v, rs.writeU53, rs.writeU53Column);
  const asI53 = (w: rs.Writer, v: readonly number[]) => rs.writeNumbers(w, v, rs.writeI53, rs.writeI53Column);
  const ofU53 = (r: rs.Reader) => rs.readNumbers(r, rs.readU53, rs.readU53Column);
  const ofI53 = (r: rs.Reader) => rs.readNumbers(r, rs.readI53, rs.readI53Column);

  test("have the bytes of lists of bigints, in rows and in columns", () => {
    const numbers = (least: number) =>
      fc.array(fc.oneof(fc.integer({ min: Math.max(least, -9), max: 300 }), fc.maxSafeInteger()), { maxLength: 12 });
    fc.assert(
      fc.property(numbers(-9), (list) => {
        const encoded = rs.encode(asI53, list);
        expect(hex(encoded)).toBe(hex(rs.encode(asI64, list.map(BigInt))));
        expect(rs.decode(ofI53, encoded)).toEqual(list);
      }),
    );
    fc.assert(
      fc.property(numbers(0), (signed) => {
        const list = signed.map(Math.abs);
        const encoded = rs.encode(asU53, list);
        expect(hex(encoded)).toBe(hex(rs.encode(asU64, list.map(BigInt))));
        expect(rs.decode(ofU53, encoded)).toEqual(list);
      }),
    );
  });

  test("one number too large refuses the list, wherever it stands", () => {
    for (const near of [0n, beyond - 1n]) {
      for (const large of [beyond, beyond + 1n, 2n ** 63n - 1n]) {
        for (let at = 0; at < 6; at++) {
          const list = Array.from({ length: 6 }, (_, n) => (n === at ? large : near));
          expect(refusal(ofU53, rs.encode(asU64, list))).toMatch(/^range /);
          expect(refusal(ofI53, rs.encode(asI64, list))).toMatch(/^range /);
          expect(() => rs.encode(asU53, list.map(Number))).toThrow(rs.RssError);
        }
      }
    }
    expect(
      refusal(
        ofI53,
        rs.encode(
          asI64,
          Array.from({ length: 6 }, () => -beyond),
        ),
      ),
    ).toMatch(/^range /);
  });
});

describe("timestamp as a number", () => {
  const far = 8_640_000_000_000_000;
  test.each([0, 1, -1, 1_700_000_000_000, far, -far])("%d ms travel as their date does", (ms) => {
    const encoded = rs.encode(rs.writeMillis, ms);
    expect(hex(encoded)).toBe(hex(rs.encode(rs.writeTimestamp, new Date(ms))));
    expect(rs.decode(rs.readMillis, encoded)).toBe(ms);
    const dates = Array.from({ length: 5 }, (_, n) => new Date(ms === far ? ms - n : ms + n));
    const write = (w: rs.Writer, v: readonly Date[]) =>
      rs.writeNumbers(w, v, rs.writeTimestamp, rs.writeTimestampColumn);
    const asMillis = (w: rs.Writer, v: readonly number[]) =>
      rs.writeNumbers(w, v, rs.writeMillis, rs.writeMillisColumn);
    const list = rs.encode(write, dates);
    const numbers = dates.map((date) => date.getTime());
    expect(hex(rs.encode(asMillis, numbers))).toBe(hex(list));
    expect(rs.decode((r) => rs.readNumbers(r, rs.readMillis, rs.readMillisColumn), list)).toEqual(numbers);
  });

  test("what is no time is refused", () => {
    for (const ms of [far + 1, -far - 1, 0.5, Number.NaN]) {
      expect(() => rs.encode(rs.writeMillis, ms)).toThrow(rs.RssError);
    }
    expect(refusal(rs.readMillis, rs.encode(rs.writeI64, BigInt(far) + 1n))).toBe("range 0");
  });
});
