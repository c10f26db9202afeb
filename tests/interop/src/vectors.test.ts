import { readFileSync } from "node:fs";
import { DecodeError, decode, encode } from "@restream/runtime/wire";
import { describe, expect, test } from "vitest";
import { codecOf } from "./codecs.js";
import * as v from "./generated/vectors/v1.js";
import { plain } from "./plain.js";

/** The values of an empty row: what a case's JSON leaves out. */
const defaults: Readonly<Record<string, unknown>> = {
  Scalars: v.scalars(),
  Options: v.options(),
  Containers: v.containers(),
  Tree: v.tree(),
  Old: v.old_(),
  New: v.new_(),
  Earlies: v.earlies(),
  Lates: v.lates(),
  Doc: v.doc(),
  Sets: v.sets(),
  Arrays: v.arrays(),
  Newtypes: v.newtypes(),
  Bases: v.bases(),
  Cells: v.cells(),
  FlatCells: v.flatCells(),
};

interface Case {
  readonly type: string;
  readonly name: string;
  readonly hex: string;
  readonly json: object;
}

interface Refused {
  readonly type: string;
  readonly name: string;
  readonly hex: string;
  readonly code: string;
}

interface Delta {
  readonly name: string;
  readonly hex: string;
  readonly from: object;
  readonly to: object;
  readonly fromHex: string;
  readonly toHex: string;
}

function load<C>(file: string): { generation: number; cases: C[]; invalid: Refused[] } {
  return JSON.parse(readFileSync(new URL(`../../vectors/${file}`, import.meta.url), "utf8"));
}

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** Fills what the JSON of a case leaves out. */
function filled(type: string, json: object): unknown {
  return { ...(plain(defaults[type] ?? {}) as object), ...json };
}

const values = load<Case>("values.json");
const deltas = load<Delta>("deltas.json");

describe("values", () => {
  test.each(values.cases)("$type: $name", ({ type, hex: text, json }) => {
    expect(plain(decode(codecOf(type).read, bytes(text)))).toEqual(filled(type, json));
  });

  // What no encoder of these types writes.
  const others = ["new bytes", "old bytes", "no column for any field", "zeros in a column"];
  const same = values.cases.filter(({ name }) => !others.some((other) => name.endsWith(other)));
  test.each(same)("$type: $name is written back with the same bytes", ({ type, hex: text }) => {
    expect(hex(codecOf(type).again(bytes(text)))).toBe(text);
  });
});

// vectors.rs has the same bytes: numbers may be more than other elements, because 64 bytes of them count as one.
test("a list of 1,500,000 numbers", () => {
  const whole = new Uint8Array(10 + 1_500_000).fill(3);
  whole.set(bytes("1b0100241bb7086cdc02"));
  const value = decode(v.readContainers, whole);
  expect(value.numbers.length).toBe(1_500_000);
  expect(Buffer.compare(encode(v.writeContainers, value), whole)).toBe(0);
});

test("an array has its length", () => {
  const short = v.arrays({ numbers: [0, 0] });
  expect(() => encode(v.writeArrays, short)).toThrow(/an array of 3 has 2 elements/);
});

test("newtypes are kept apart by the type checker only", () => {
  // @ts-expect-error: a number is no id until somebody says so.
  const id: v.PlayerId = 7;
  // @ts-expect-error: neither is the number of something else.
  const other: v.PlayerId = v.meters(7);
  expect([id, other]).toEqual([v.playerId(7), v.playerId(7)]);
});

test("generic types are generic for the type checker", () => {
  const texts: v.Cell<number, string> = v.cellOfI32AndString({ many: [1], maybe: "one" });
  // @ts-expect-error: a cell of bools is none of numbers.
  const bools: v.Cell<boolean> = texts;
  // @ts-expect-error: nor can it be made of them.
  const wrong = v.cellOfBool({ many: [1] });
  expect([bools.many, wrong.many]).toEqual([[1], [1]]);
});

test("inputs leave out what has a default, payloads of unions too", () => {
  expect(v.shape({ kind: "Circle" })).toEqual({ kind: "Circle", radius: 0, inner: v.inner() });
  expect(v.choice({ kind: "Yes" })).toEqual({ kind: "Yes", why: "because" });
  expect(v.options({ shape: { kind: "Dots", dots: [{ on: true }] } }).shape).toEqual(
    v.shape({ kind: "Dots", dots: [v.point({ on: true })] }),
  );
  const [short, long] = [{ kind: "Yes" } as const, { kind: "Yes", why: "because" } as const];
  expect(encode(v.writeChoice, short)).toEqual(encode(v.writeChoice, long));
});

describe("refused values", () => {
  test.each(values.invalid)("$type: $name", ({ type, hex: text, code }) => {
    expect(codeOf(() => decode(codecOf(type).read, bytes(text)))).toBe(code);
  });
});

describe("deltas", () => {
  const patched = (from: string, delta: string) => {
    const state = decode(v.readDoc, bytes(from));
    const frozen = plain(state);
    const result = decode((r) => v.patchDoc(state, r), bytes(delta));
    expect(plain(state), "the old value stays as it was").toEqual(frozen);
    return result;
  };

  test.each(deltas.cases)("$name", ({ hex: delta, from, to, fromHex, toHex }) => {
    expect(plain(decode(v.readDoc, bytes(fromHex)))).toEqual(filled("Doc", from));
    const result = patched(fromHex, delta);
    expect(plain(result)).toEqual(filled("Doc", to));
    expect(hex(encode(v.writeDoc, result))).toBe(toHex);
  });

  test.each(deltas.invalid)("refused: $name", ({ hex: delta, code }) => {
    expect(codeOf(() => decode((r) => v.patchDoc(v.doc(), r), bytes(delta)))).toBe(code);
  });
});

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DecodeError) return error.code;
    throw error;
  }
  return "accepted";
}
