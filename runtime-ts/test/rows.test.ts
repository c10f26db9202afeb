import { describe, expect, test } from "vitest";
import * as rs from "../src/wire.js";
import * as b from "./board.js";
import { bytes, code, hex, refusal } from "./bytes.js";

describe("containers", () => {
  const list = (r: rs.Reader) => rs.readList(r, rs.readU8, rs.readU8Column, 8);
  const map = (r: rs.Reader) => rs.readMap(r, rs.readString, rs.readU8, rs.readStringColumn, rs.readU8Column, 64);

  test("lists, optional elements and maps have a length, a count and their elements", () => {
    expect(hex(rs.encode((w, v: number[]) => rs.writeList(w, v, rs.writeU8, 8), [1, 2]))).toBe("07 09 03 05");
    const optional = rs.encode(
      (w, v: (number | undefined)[]) => rs.writeOptList(w, v, rs.writeU8, 8),
      [1, undefined, 2],
    );
    expect(hex(optional)).toBe("09 0d 05 03 05");
    expect(rs.decode((r) => rs.readOptList(r, rs.readU8, rs.readU8Column, 8), optional)).toEqual([1, undefined, 2]);
    const entries = new Map([
      ["b", 1],
      ["a", 2],
    ]);
    const encoded = rs.encode(
      (w, v: Map<string, number>) => rs.writeMap(w, v, rs.writeString, rs.writeU8, 64),
      entries,
    );
    expect(hex(encoded)).toBe("0f 09 03 62 03 03 61 05");
    expect([...rs.decode(map, encoded)]).toEqual([
      ["b", 1],
      ["a", 2],
    ]);
    const sparse = new Map([
      ["b", undefined],
      ["a", 2],
    ]);
    const optionalMap = rs.encode(
      (w, v: Map<string, number | undefined>) => rs.writeOptMap(w, v, rs.writeString, rs.writeU8, 64),
      sparse,
    );
    expect([
      ...rs.decode(
        (r) => rs.readOptMap(r, rs.readString, rs.readU8, rs.readStringColumn, rs.readU8Column, 64),
        optionalMap,
      ),
    ]).toEqual([...sparse]);
  });

  test("keys that look like parts of an object are keys", () => {
    const entries = new Map([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
    const encoded = rs.encode(
      (w, v: Map<string, number>) => rs.writeMap(w, v, rs.writeString, rs.writeU8, 64),
      entries,
    );
    expect([...rs.decode(map, encoded)]).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
  });

  test.each([
    ["a repeated key", map, "0f 09 03 61 03 03 61 05", "duplicate_key 5"],
    ["elements that end too early", list, "07 05 03 05", "length 0"],
    ["elements beyond the length", list, "05 09 03 05", "truncated 3"],
    ["a length beyond the input", list, "09 05 03 05", "truncated 0"],
    ["bytes behind the end", list, "03 01 ff", "trailing 2"],
    [
      "set padding bits of a bitmap",
      (r: rs.Reader) => rs.readOptList(r, rs.readU8, rs.readU8Column, 8),
      "07 05 05 05",
      "padding 1",
    ],
    ["a count that nothing could fill", list, "0d 04 00 80 03 03 03", "count 1"],
  ])("%s is refused", (_, read, text, expected) => {
    expect(refusal<unknown>(read, text)).toBe(expected);
  });

  test("more than 1,000,000 elements are refused, over all lists of a message", () => {
    const body = (w: rs.Writer) => rs.writeOptList<number>(w, new Array(600_000), rs.writeU8, 8);
    const two = rs.encode((w) => {
      body(w);
      w.elements = 0;
      body(w);
    }, undefined);
    const read = (r: rs.Reader) => [
      rs.readOptList(r, rs.readU8, rs.readU8Column, 8).length,
      rs.readOptList(r, rs.readU8, rs.readU8Column, 8).length,
    ];
    expect(code(read, two)).toBe("elements");
    expect(() => rs.encode((w) => rs.writeOptList(w, new Array(1_000_001), rs.writeU8, 8), undefined)).toThrow(
      rs.RssError,
    );
    const numbers = new Array<number>(1_000_001).fill(7);
    const many = rs.encode((w, v: number[]) => rs.writeNumbers(w, v, rs.writeU8), numbers);
    expect(rs.decode((r) => rs.readNumbers(r, rs.readU8, rs.readU8Column), many).length).toBe(1_000_001);
    expect(code(list, many)).toBe("elements");
  });

  test("64 nested lengths are read, 65 are refused, skipped ones included", () => {
    interface Nest {
      readonly inner: readonly Nest[];
    }
    const write = (w: rs.Writer, v: Nest): void => rs.writeList(w, v.inner, write, 24);
    const none = (): Nest[] => [];
    const read = (r: rs.Reader): Nest => ({ inner: rs.readList(r, read, none, 24) });
    const nest = (depth: number): Nest => ({ inner: depth === 1 ? [] : [nest(depth - 1)] });
    expect(rs.decode(read, rs.encode(write, nest(64)))).toEqual(nest(64));
    expect(() => rs.encode(write, nest(65))).toThrow(rs.RssError);
    expect(code(read, deep(65))).toBe("depth");
    const skipping = (r: rs.Reader): void =>
      r.depth === 64
        ? rs.skip(r, rs.LEN)
        : rs.readNested(r, (r) => {
            rs.readU8(r);
            skipping(r);
          });
    expect(code(skipping, deep(65))).toBe("depth");
  });

  /** So many lists in each other, by hand: the writer would refuse. */
  function deep(depth: number): Uint8Array {
    return depth === 1 ? bytes("03 01") : rs.encode(rs.writeBytes, Uint8Array.of(0x05, ...deep(depth - 1)));
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
    const nested = (r: rs.Reader) => rs.readList(r, b.readMoveValue, b.readMoveColumn, 40);
    expect(rs.decode(nested, bytes("0f 05 0b 0b 19 07 ff ff"))).toEqual([{ cell: 3, by: 1 }]);
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
