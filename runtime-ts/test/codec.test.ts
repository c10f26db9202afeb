import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Reader, readVarint } from "../src/wire/reader.js";
import { Writer, writeVarint } from "../src/wire/writer.js";
import * as rs from "../src/wire.js";
import * as b from "./board.js";

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.split(" ").filter(Boolean), (byte) => Number.parseInt(byte, 16));
}

/** The code and offset with which `read` refuses the input. */
function refusal<T>(read: rs.Read<T>, input: string | Uint8Array): string {
  try {
    const value = rs.decode(read, typeof input === "string" ? bytes(input) : input);
    return `accepted ${String(value)}`;
  } catch (error) {
    if (!(error instanceof rs.DecodeError)) throw error;
    return `${error.code} ${error.offset}`;
  }
}

function code<T>(read: rs.Read<T>, input: string | Uint8Array): string {
  return refusal(read, input).replace(/ \d+$/, "");
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

describe("containers", () => {
  const list = (r: rs.Reader) => rs.readList(r, rs.readU8);
  const map = (r: rs.Reader) => rs.readMap(r, rs.readString, rs.readU8);

  test("lists, optional elements and maps have a length, a count and their elements", () => {
    expect(hex(rs.encode((w, v: number[]) => rs.writeList(w, v, rs.writeU8), [1, 2]))).toBe("07 05 03 05");
    const optional = rs.encode((w, v: (number | undefined)[]) => rs.writeOptList(w, v, rs.writeU8), [1, undefined, 2]);
    expect(hex(optional)).toBe("09 07 05 03 05");
    expect(rs.decode((r) => rs.readOptList(r, rs.readU8), optional)).toEqual([1, undefined, 2]);
    const entries = new Map([
      ["b", 1],
      ["a", 2],
    ]);
    const encoded = rs.encode((w, v: Map<string, number>) => rs.writeMap(w, v, rs.writeString, rs.writeU8), entries);
    expect(hex(encoded)).toBe("0f 05 03 62 03 03 61 05");
    expect([...rs.decode(map, encoded)]).toEqual([
      ["b", 1],
      ["a", 2],
    ]);
    const sparse = new Map([
      ["b", undefined],
      ["a", 2],
    ]);
    const optionalMap = rs.encode(
      (w, v: Map<string, number | undefined>) => rs.writeOptMap(w, v, rs.writeString, rs.writeU8),
      sparse,
    );
    expect([...rs.decode((r) => rs.readOptMap(r, rs.readString, rs.readU8), optionalMap)]).toEqual([...sparse]);
  });

  test("keys that look like parts of an object are keys", () => {
    const entries = new Map([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
    const encoded = rs.encode((w, v: Map<string, number>) => rs.writeMap(w, v, rs.writeString, rs.writeU8), entries);
    expect([...rs.decode(map, encoded)]).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
  });

  test.each([
    ["a repeated key", map, "0f 05 03 61 03 03 61 05", "duplicate_key 5"],
    ["elements that end too early", list, "07 03 03 05", "length 0"],
    ["elements beyond the length", list, "05 05 03 05", "truncated 3"],
    ["a length beyond the input", list, "09 05 03 05", "truncated 0"],
    ["bytes behind the end", list, "03 01 ff", "trailing 2"],
    ["set padding bits of a bitmap", (r: rs.Reader) => rs.readOptList(r, rs.readU8), "07 03 05 05", "padding 1"],
    ["a count that nothing could fill", list, "0d 04 00 80 03 03 03", "count 1"],
  ])("%s is refused", (_, read, text, expected) => {
    expect(refusal<unknown>(read, text)).toBe(expected);
  });

  test("more than 1,000,000 elements are refused, over all lists of a message", () => {
    const body = (w: rs.Writer) => rs.writeOptList<number>(w, new Array(600_000), rs.writeU8);
    const two = rs.encode((w) => {
      body(w);
      w.elements = 0;
      body(w);
    }, undefined);
    const read = (r: rs.Reader) => [rs.readOptList(r, rs.readU8).length, rs.readOptList(r, rs.readU8).length];
    expect(code(read, two)).toBe("elements");
    expect(() => rs.encode((w) => rs.writeOptList(w, new Array(1_000_001), rs.writeU8), undefined)).toThrow(
      rs.RssError,
    );
    const numbers = new Array<number>(1_000_001).fill(7);
    const many = rs.encode((w, v: number[]) => rs.writeNumbers(w, v, rs.writeU8), numbers);
    expect(rs.decode((r) => rs.readNumbers(r, rs.readU8), many).length).toBe(1_000_001);
    expect(code(list, many)).toBe("elements");
  });

  test("64 nested lengths are read, 65 are refused, skipped ones included", () => {
    interface Nest {
      readonly inner: readonly Nest[];
    }
    const write = (w: rs.Writer, v: Nest): void => rs.writeList(w, v.inner, write);
    const read = (r: rs.Reader): Nest => ({ inner: rs.readList(r, read) });
    const nest = (depth: number): Nest => ({ inner: depth === 1 ? [] : [nest(depth - 1)] });
    expect(rs.decode(read, rs.encode(write, nest(64)))).toEqual(nest(64));
    expect(() => rs.encode(write, nest(65))).toThrow(rs.RssError);
    expect(code(read, deep(65))).toBe("depth");
    const skipping = (r: rs.Reader): void =>
      r.starts.length === 64
        ? rs.skip(r, rs.LEN)
        : rs.readNested(r, (r) => {
            rs.readU8(r);
            skipping(r);
          });
    expect(code(skipping, deep(65))).toBe("depth");
  });

  /** So many lists in each other, by hand: the writer would refuse. */
  function deep(depth: number): Uint8Array {
    return depth === 1 ? bytes("03 01") : rs.encode(rs.writeBytes, Uint8Array.of(0x03, ...deep(depth - 1)));
  }
});

describe("rows", () => {
  test("a default has no bytes, a bool is its bit, inverted if its default is true", () => {
    expect(hex(rs.encode(b.writePlayer, {}))).toBe("07 00");
    expect(hex(rs.encode(b.writePlayer, b.player()))).toBe("07 00");
    expect(hex(rs.encode(b.writePlayer, { online: false }))).toBe("07 04");
    expect(rs.decode(b.readPlayer, bytes("07 04"))).toEqual({ name: "", hp: 100, online: false });
    expect(hex(rs.encode(b.writeMove, { cell: 3, by: 2 }))).toBe("07 03 07 05");
  });

  test("a set bit with the default behind it is accepted", () => {
    expect(rs.decode(b.readMove, bytes("07 03 01 03"))).toEqual({ cell: 0, by: 1 });
  });

  test("an old reader drops what a newer writer added, a new reader takes defaults for what an older one lacks", () => {
    expect(rs.decode(b.readMove, bytes("0b 19 07 ff ff ff"))).toEqual({ cell: 3, by: 1 });
    expect(rs.decode(b.readMove, bytes("01"))).toEqual({ cell: 0, by: 1 });
    const nested = (r: rs.Reader) => rs.readList(r, b.readMoveValue);
    expect(rs.decode(nested, bytes("0f 03 0b 0b 19 07 ff ff"))).toEqual([{ cell: 3, by: 1 }]);
  });

  test.each([
    ["too many slots", "06 00 02", "slots 0"],
    ["set padding", "07 08", "padding 0"],
    ["bytes behind the values", "07 01 03 03", "trailing 3"],
    ["nothing", "", "truncated 0"],
    ["a bitmap that is cut off", "21 00", "truncated 0"],
  ])("%s is refused", (_, text, expected) => {
    expect(refusal(b.readMove, text.replace("06 00 02", hex(rs.encode(rs.writeU32, 4097))))).toBe(expected);
  });

  test("a nested row must end where its length says", () => {
    expect(refusal(b.readMoveValue, "09 07 01 03 03")).toBe("length 1");
  });

  test("retired values are skipped by their shape", () => {
    const input = bytes("03 00 00 00 00 01 02 03 04 05 06 07 08 05 aa bb");
    const r = new rs.Reader(input);
    for (const shape of [rs.BIT, rs.VARINT, rs.FIXED4, rs.FIXED8, rs.LEN] as const) rs.skip(r, shape);
    expect(r.pos).toBe(input.length);
    expect(refusal((r) => rs.skip(r, rs.FIXED16), input.subarray(1))).toBe("truncated 0");
  });

  test("optional values of serializers have a tag byte", () => {
    const point = { x: 1, y: -0, label: "p", on: true };
    const encoded = rs.encode(b.writePoint, point);
    expect(hex(encoded)).toBe("00 00 80 3f 00 00 00 80 01 03 70 01");
    expect(rs.decode(b.readPoint, encoded)).toEqual(point);
    expect(rs.decode(b.readPoint, rs.encode(b.writePoint, { ...point, label: undefined })).label).toBeUndefined();
    expect(refusal(b.readPoint, "00 00 80 3f 00 00 00 80 02 03 70 01")).toBe("bool 8");
  });

  test("open enums keep what they do not know, closed ones refuse it", () => {
    expect(rs.decode(b.readMark, bytes("2b"))).toBe(21);
    expect(rs.decode(b.readSide, bytes("09"))).toBe(4);
    expect(refusal(b.readSide, "03")).toBe("enum 0");
  });

  test("unions: unknown cases are kept and written back, payloads may come and go", () => {
    const unknown = rs.decode(b.readShape, bytes("0f 01 02 03"));
    expect(unknown).toEqual({ kind: "unrecognized", id: 7, bytes: Uint8Array.of(1, 2, 3) });
    expect(hex(rs.encode(b.writeShape, unknown))).toBe("0f 01 02 03");
    expect(rs.decode(b.readShape, bytes("03"))).toEqual({ kind: "Circle", radius: 0 });
    expect(rs.decode(b.readShape, bytes("05 ff ff"))).toEqual({ kind: "Nothing" });
    const closed = (r: rs.Reader): never => {
      rs.readCase(r);
      return rs.refuseCase(r);
    };
    expect(refusal(closed, "0f")).toBe("case 0");
  });

  test("-0 is not the default of a float", () => {
    const shape = rs.decode(b.readShape, rs.encode(b.writeShape, { kind: "Circle", radius: -0 }));
    expect(shape.kind === "Circle" && Object.is(shape.radius, -0)).toBe(true);
  });
});

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
