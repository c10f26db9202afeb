import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Reader, readVarint } from "../src/wire/reader.js";
import { Writer, writeVarint } from "../src/wire/writer.js";
import * as rs from "../src/wire.js";
import { bytes, hex, refusal } from "./bytes.js";

describe("varint", () => {
  test.each([
    [0n, "01"],
    [1n, "03"],
    [127n, "ff"],
    [128n, "02 02"],
    [16383n, "fe ff"],
    [16384n, "04 00 02"],
    [2n ** 64n - 1n, "00 ff ff ff ff ff ff ff ff"],
  ])("%s is %s", (value, text) => {
    expect(hex(rs.encode(rs.writeU64, value))).toBe(text);
    expect(rs.decode(rs.readU64, bytes(text))).toBe(value);
  });

  test("every boundary round-trips as number and as bigint, in the shortest form", () => {
    for (let bits = 1n; bits <= 64n; bits++) {
      for (const value of [2n ** bits - 1n, 2n ** (bits - 1n), 2n ** (bits - 1n) + 1n]) {
        const encoded = rs.encode(rs.writeU64, BigInt.asUintN(64, value));
        expect(encoded.length).toBe(
          Math.max(1, Math.min(9, Math.ceil(BigInt.asUintN(64, value).toString(2).length / 7))),
        );
        expect(rs.decode(rs.readU64, encoded)).toBe(BigInt.asUintN(64, value));
        if (value > 2n ** 53n) continue;
        const w = new Writer();
        writeVarint(w, Number(value));
        expect(hex(w.buf.slice(0, w.pos))).toBe(hex(encoded));
        expect(readVarint(new Reader(encoded))).toBe(Number(value));
      }
    }
  });

  test("longer forms than needed are refused at every length", () => {
    for (let size = 2n; size <= 9n; size++) {
      const largest = 2n ** (7n * (size - 1n)) - 1n;
      const raw = size === 9n ? largest << 8n : (largest << size) | (1n << (size - 1n));
      const long = Uint8Array.from({ length: Number(size) }, (_, i) => Number((raw >> BigInt(8 * i)) & 255n));
      expect(refusal(rs.readU64, long)).toBe("overlong 0");
    }
  });
});

describe("scalars", () => {
  test.each([
    ["u8", rs.readU8, rs.writeU8, 0, 255],
    ["u16", rs.readU16, rs.writeU16, 0, 65535],
    ["u32", rs.readU32, rs.writeU32, 0, 4294967295],
    ["i8", rs.readI8, rs.writeI8, -128, 127],
    ["i16", rs.readI16, rs.writeI16, -32768, 32767],
    ["i32", rs.readI32, rs.writeI32, -2147483648, 2147483647],
    ["duration", rs.readDuration, rs.writeDuration, -(2 ** 53 - 1), 2 ** 53 - 1],
  ])("%s holds its range and nothing else", (_, read, write, min, max) => {
    for (const value of [min, max, 0, 1, max - 1, min + 1])
      expect(rs.decode(read, rs.encode(write, value))).toBe(value);
    for (const value of [min - 1, max + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => rs.encode(write, value)).toThrow(rs.RssError);
    }
    const signed = min < 0;
    const raw = (value: bigint) => rs.encode(signed ? rs.writeI64 : rs.writeU64, value);
    expect(refusal(read, raw(BigInt(max) + 1n))).toBe("range 0");
    if (signed) expect(refusal(read, raw(BigInt(min) - 1n))).toBe("range 0");
  });

  test("64-bit integers are bigints, 2^53 + 1 included", () => {
    for (const value of [2n ** 53n + 1n, -(2n ** 53n) - 1n, -(2n ** 63n), 2n ** 63n - 1n, -1n, 0n]) {
      expect(rs.decode(rs.readI64, rs.encode(rs.writeI64, value))).toBe(value);
    }
    expect(() => rs.encode(rs.writeU64, 2n ** 64n)).toThrow(rs.RssError);
    expect(() => rs.encode(rs.writeU64, -1n)).toThrow(rs.RssError);
    expect(() => rs.encode(rs.writeI64, 2n ** 63n)).toThrow(rs.RssError);
  });

  test("zigzag", () => {
    expect([0, -1, 1, -2].map((v) => hex(rs.encode(rs.writeI32, v)))).toEqual(["01", "03", "05", "07"]);
    fc.assert(
      fc.property(fc.maxSafeInteger(), (v) => {
        expect(hex(rs.encode(rs.writeDuration, v))).toBe(hex(rs.encode(rs.writeI64, BigInt(v))));
      }),
    );
  });

  test("floats keep -0 and infinities, have one NaN and refuse all others, signalling ones included", () => {
    for (const value of [0, -0, 1.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]) {
      expect(Object.is(rs.decode(rs.readF32, rs.encode(rs.writeF32, value)), value)).toBe(true);
      expect(Object.is(rs.decode(rs.readF64, rs.encode(rs.writeF64, value)), value)).toBe(true);
    }
    expect(hex(rs.encode(rs.writeF32, -Number.NaN))).toBe("00 00 c0 7f");
    expect(hex(rs.encode(rs.writeF64, Number.NaN))).toBe("00 00 00 00 00 00 f8 7f");
    for (const text of ["01 00 80 7f", "01 00 c0 7f", "00 00 c0 ff"]) expect(refusal(rs.readF32, text)).toBe("nan 0");
    expect(refusal(rs.readF64, "01 00 00 00 00 00 f0 7f")).toBe("nan 0");
  });

  test("bool is 0 or 1", () => {
    expect([rs.decode(rs.readBool, bytes("00")), rs.decode(rs.readBool, bytes("01"))]).toEqual([false, true]);
    expect(refusal(rs.readBool, "02")).toBe("bool 0");
    expect(refusal(rs.readBoolVarint, "05")).toBe("bool 0");
  });

  test("timestamp holds what a Date holds", () => {
    const most = 8_640_000_000_000_000;
    for (const ms of [0, -1, 1, most, -most]) {
      expect(rs.decode(rs.readTimestamp, rs.encode(rs.writeTimestamp, new Date(ms))).getTime()).toBe(ms);
    }
    expect(refusal(rs.readTimestamp, rs.encode(rs.writeI64, BigInt(most) + 1n))).toBe("range 0");
    expect(refusal(rs.readTimestamp, rs.encode(rs.writeI64, -BigInt(most) - 1n))).toBe("range 0");
    expect(() => rs.encode(rs.writeTimestamp, new Date(Number.NaN))).toThrow(rs.RssError);
  });
});

describe("text", () => {
  test("a leading U+FEFF is data, invalid UTF-8 is refused, lone surrogates are not encoded", () => {
    expect(rs.decode(rs.readString, rs.encode(rs.writeString, "\ufeffx"))).toBe("\ufeffx");
    expect(rs.decode(rs.readString, rs.encode(rs.writeString, `\ufeff${"x".repeat(40)}`))[0]).toBe("\ufeff");
    for (const bad of ["03 ff", "07 ed a0 80", "05 c0 80", "09 f4 90 80 80"])
      expect(refusal(rs.readString, bad)).toBe("utf8 0");
    for (const bad of ["\ud800", "a\udc00b", "\udc00\ud800"])
      expect(() => rs.encode(rs.writeString, bad)).toThrow(rs.RssError);
    expect(rs.decode(rs.readString, rs.encode(rs.writeString, "\ud83d\ude00"))).toBe("\ud83d\ude00");
  });

  test("strings of any length round-trip", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(rs.decode(rs.readString, rs.encode(rs.writeString, text))).toBe(text);
      }),
    );
    const long = "é".repeat(20_000);
    expect(rs.decode(rs.readString, rs.encode(rs.writeString, long))).toBe(long);
  });

  test("bytes are copied out of the message", () => {
    const message = rs.encode(rs.writeBytes, Uint8Array.of(1, 2));
    const value = rs.decode(rs.readBytes, message);
    message[1] = 9;
    expect(value).toEqual(Uint8Array.of(1, 2));
  });

  test("uuid is 16 bytes in the order of its text", () => {
    const text = "00112233-4455-6677-8899-aabbccddeeff";
    expect(hex(rs.encode(rs.writeUuid, text))).toBe("00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff");
    expect(rs.decode(rs.readUuid, rs.encode(rs.writeUuid, text.toUpperCase()))).toBe(text);
    for (const bad of ["", `${text}0`, text.replace("-", ""), text.replace("0", "g")]) {
      expect(() => rs.encode(rs.writeUuid, bad)).toThrow(rs.RssError);
    }
  });

  test.each([
    [0n, "01"],
    [1n, "03 01"],
    [-1n, "03 ff"],
    [127n, "03 7f"],
    [128n, "05 80 00"],
    [-128n, "03 80"],
    [-129n, "05 7f ff"],
    [256n, "05 00 01"],
  ])("bigint %s is %s", (value, text) => {
    expect(hex(rs.encode(rs.writeBigInt, value))).toBe(text);
    expect(rs.decode(rs.readBigInt, bytes(text))).toBe(value);
  });

  test("bigints round-trip; a redundant sign byte is refused", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }), (value) => {
        expect(rs.decode(rs.readBigInt, rs.encode(rs.writeBigInt, value))).toBe(value);
      }),
    );
    for (const bad of ["03 00", "05 01 00", "05 ff ff", "05 80 ff"])
      expect(refusal(rs.readBigInt, bad)).toBe("overlong 0");
  });

  test.each([
    ["0", 5, 2, "0.00"],
    ["-0.0", 5, 2, "0.00"],
    ["12.5", 5, 2, "12.50"],
    ["-0.05", 5, 2, "-0.05"],
    ["-7", 5, 0, "-7"],
    ["999999999999999999", 18, 0, "999999999999999999"],
    ["-12345678901234567890123456.789012345678", 38, 12, "-12345678901234567890123456.789012345678"],
  ])("decimal %s (%i, %i) comes back as %s", (text, precision, scale, canonical) => {
    const encoded = rs.encode((w, v: string) => rs.writeDecimal(w, v, precision, scale), text);
    expect(encoded.length === 16).toBe(precision > 18);
    expect(rs.decode((r) => rs.readDecimal(r, precision, scale), encoded)).toBe(canonical);
  });

  test("a decimal beyond its digits is refused on both sides", () => {
    const write = (w: rs.Writer, v: string) => rs.writeDecimal(w, v, 3, 1);
    for (const bad of ["100", "1.25", "", ".5", "1.", "1e2", "+1", "abc"]) {
      expect(() => rs.encode(write, bad)).toThrow(rs.RssError);
    }
    expect(refusal((r) => rs.readDecimal(r, 3, 1), rs.encode(rs.writeI64, 1000n))).toBe("range 0");
    const wide = Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? 0x7f : 0xff));
    expect(refusal((r) => rs.readDecimal(r, 38, 2), wide)).toBe("range 0");
  });
});
