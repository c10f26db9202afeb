import { readFileSync } from "node:fs";
import { DecodeError, decode, encode } from "@restream/runtime/wire";
import { expect, test } from "vitest";
import { codecOf } from "./codecs.js";
import * as v from "./generated/vectors/v1.js";

// What Rust makes of damaged bytes; how the file is made: tests/interop/server/tests/mutations.rs.
const { RSS_MUTATED } = process.env;
const file = RSS_MUTATED ?? new URL("../../vectors/mutated.txt", import.meta.url);

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex === "-" ? "" : hex, "hex"));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** The value, or the code of the refusal. */
function verdict(type: string, from: string, text: string): string {
  try {
    if (from === "-") return `=${hex(codecOf(type).again(bytes(text)))}`;
    const state = decode(v.readDoc, bytes(from));
    const result = decode((r) => v.patchDoc(state, r), bytes(text));
    return `=${hex(encode(v.writeDoc, result))}`;
  } catch (error) {
    if (error instanceof DecodeError) return error.code;
    throw error;
  }
}

/** A delta is applied while it is read here, and afterwards in Rust: of two faults the one that fits no state is met first. */
function isSame(from: string, ours: string, theirs: string): boolean {
  return ours === theirs || (from !== "-" && ours === "mismatch" && !theirs.startsWith("="));
}

test("both languages say the same of damaged bytes", () => {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(1_000);
  const differing = lines.filter((line) => {
    const [type = "", from = "", text = "", theirs = ""] = line.split(" ");
    return !isSame(from, verdict(type, from, text), theirs);
  });
  expect(differing).toEqual([]);
});
