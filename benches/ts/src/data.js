// The values of benches/src/data.rs, as `cargo run -p restream-benches --bin data` wrote them, in the form that each codec takes.

import { readFileSync } from "node:fs";

/** Fields that are f32: JSON holds the shortest text that rounds to them. */
const F32 = new Set(["speed", "fuel", "x", "y", "z", "durability", "latency"]);
/** Fields that are u64. */
const U64 = new Set(["time", "traceId"]);

/** @param {"a" | "b" | "c"} shape @param {{ big?: boolean, map?: boolean, short?: boolean, rename?: Record<string, string> }} form */
export function load(shape, form = {}) {
  const file = new URL(`../../../target/bench-data/${shape}.json`, import.meta.url);
  return convert(JSON.parse(readFileSync(file, "utf8")), "", form);
}

function convert(value, key, form) {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map((item) => convert(item, "", form));
  if (typeof value === "number")
    return U64.has(key) && form.big ? BigInt(value) : F32.has(key) && !form.short ? Math.fround(value) : value;
  if (typeof value !== "object") return value;
  const entries = Object.entries(value).map(([name, item]) => [form.rename?.[name] ?? name, convert(item, name, form)]);
  return key === "players" && form.map ? new Map(entries) : Object.fromEntries(entries);
}

/** What all codecs must agree on: plain objects without fields that are absent or zero, numbers, and maps as objects. */
export function plain(value, names = {}) {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") return Number.isInteger(value) ? value : Math.fround(value);
  if (value instanceof Map) return plain(Object.fromEntries(value), names);
  if (Array.isArray(value)) return value.map((item) => plain(item, names));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name, item]) => !name.startsWith("$") && Boolean(item));
  const pairs = entries.map(([name, item]) => [names[name] ?? name, plain(item, names)]);
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}
