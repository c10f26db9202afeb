/** The JSON form of docs/wire-format.md, section 8, of a decoded value. */
export function plain(value: unknown): unknown {
  switch (typeof value) {
    case "bigint":
      return value.toString();
    case "undefined":
      return null;
    case "number":
      return plainNumber(value);
    case "object":
      return plainObject(value);
    default:
      return value;
  }
}

function plainNumber(value: number): unknown {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? value : String(value);
}

function plainObject(value: object | null): unknown {
  if (value === null) return null;
  if (value instanceof Date) return value.getTime();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (value instanceof Map) return [...value].map(([k, v]) => [plain(k), plain(v)]);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Set) return [...value].map(plain);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
}
