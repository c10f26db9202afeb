import * as rs from "../src/wire.js";

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.split(" ").filter(Boolean), (byte) => Number.parseInt(byte, 16));
}

/** The code and offset with which `read` refuses the input. */
export function refusal<T>(read: rs.Read<T>, input: string | Uint8Array): string {
  try {
    const value = rs.decode(read, typeof input === "string" ? bytes(input) : input);
    return `accepted ${String(value)}`;
  } catch (error) {
    if (!(error instanceof rs.DecodeError)) throw error;
    return `${error.code} ${error.offset}`;
  }
}

export function code<T>(read: rs.Read<T>, input: string | Uint8Array): string {
  return refusal(read, input).replace(/ \d+$/, "");
}
