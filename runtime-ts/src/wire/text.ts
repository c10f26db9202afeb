import { type Reader, readLength, refuse, take } from "./reader.js";
import { readI64, writeI64 } from "./scalars.js";
import { ensure, refuseValue, type Writer, writeByte, writeRaw, writeVarint } from "./writer.js";

// A leading U+FEFF is data, so the decoder is told not to eat it.
const utf8Decoder = /*@__PURE__*/ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8Encoder = /*@__PURE__*/ new TextEncoder();

/** Strings up to this many bytes are read one by one: calling the platform's decoder costs more. */
const SHORT = 24;

/** Reads a `string`. */
export function readString(r: Reader): string {
  const start = r.pos;
  const length = readLength(r);
  const at = take(r, length);
  if (length <= SHORT) {
    const ascii = readAscii(r, at, length);
    if (ascii !== undefined) return ascii;
  }
  try {
    return utf8Decoder.decode(r.buf.subarray(at, at + length));
  } catch {
    return refuse("utf8", start);
  }
}

function readAscii(r: Reader, at: number, length: number): string | undefined {
  let text = "";
  for (let i = at; i < at + length; i++) {
    const byte = r.view.getUint8(i);
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Writes a `string`; a lone surrogate is refused, since it has no UTF-8. */
export function writeString(w: Writer, value: string): void {
  // In a regular expression with the flag u only a surrogate without its partner is a code point of this class.
  if (/\p{Surrogate}/u.test(value)) refuseValue("utf8", "a string holds half of a surrogate pair");
  // One UTF-16 unit takes at most three bytes; the length in front at most nine.
  const most = value.length * 3;
  ensure(w, most + 9);
  const at = w.pos + 9;
  const length = utf8Encoder.encodeInto(value, w.buf.subarray(at, at + most)).written;
  writeVarint(w, length);
  w.buf.copyWithin(w.pos, at, at + length);
  w.pos += length;
}

/** Reads `bytes`; the result is a copy. */
export function readBytes(r: Reader): Uint8Array<ArrayBuffer> {
  const at = take(r, readLength(r));
  return copyOf(r, at, r.pos);
}

/** Copies bytes out of the input. */
export function copyOf(r: Reader, from: number, to: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(r.buf.subarray(from, to));
}

/** Writes `bytes`. */
export function writeBytes(w: Writer, value: Uint8Array): void {
  writeVarint(w, value.length);
  writeRaw(w, value);
}

/** Reads a `uuid` as text in lower case. */
export function readUuid(r: Reader): string {
  const at = take(r, 16);
  let text = "";
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
    text += hexByte(r.view.getUint8(at + i));
  }
  return text;
}

function hexByte(byte: number): string {
  return (byte + 0x100).toString(16).slice(1);
}

/** Writes a `uuid` given as text, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`. */
export function writeUuid(w: Writer, value: string): void {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) refuseValue("range", `"${value}" is not a uuid`);
  const hex = value.replaceAll("-", "");
  for (let i = 0; i < 32; i += 2) writeByte(w, Number.parseInt(hex.slice(i, i + 2), 16));
}

/** Reads a `bigint`. */
export function readBigInt(r: Reader): bigint {
  const start = r.pos;
  const length = readLength(r);
  const at = take(r, length);
  if (length === 0) return 0n;
  const top = r.view.getUint8(at + length - 1);
  const below = length > 1 ? r.view.getUint8(at + length - 2) >>> 7 : 0;
  if ((top === 0 && below === 0) || (top === 0xff && below === 1 && length > 1)) refuse("overlong", start);
  return readTwos(r, at, length);
}

function readTwos(r: Reader, at: number, length: number): bigint {
  let hex = "";
  for (let i = at + length - 1; i >= at; i--) hex += hexByte(r.view.getUint8(i));
  return BigInt.asIntN(length * 8, BigInt(`0x${hex}`));
}

/** Writes a `bigint`. */
export function writeBigInt(w: Writer, value: bigint): void {
  if (typeof value !== "bigint") refuseValue("range", `${value} is not a bigint`);
  const magnitude = value < 0n ? -value - 1n : value;
  // One bit for the sign, rounded up to bytes.
  const length = value === 0n ? 0 : (magnitude.toString(2).length >> 3) + 1;
  writeVarint(w, length);
  if (length > 0) writeTwos(w, value, length);
}

function writeTwos(w: Writer, value: bigint, length: number): void {
  const hex = BigInt.asUintN(length * 8, value)
    .toString(16)
    .padStart(length * 2, "0");
  for (let i = length * 2; i > 0; i -= 2) writeByte(w, Number.parseInt(hex.slice(i - 2, i), 16));
}

/** Reads a `decimal(precision, scale)` as text with exactly `scale` digits behind the point. */
export function readDecimal(r: Reader, precision: number, scale: number): string {
  const at = r.pos;
  const unscaled = precision <= 18 ? readI64(r) : readTwos(r, take(r, 16), 16);
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString();
  if (digits.length > precision) refuse("range", at);
  const padded = digits.padStart(scale + 1, "0");
  const point = padded.length - scale;
  const text = scale === 0 ? padded : `${padded.slice(0, point)}.${padded.slice(point)}`;
  return negative ? `-${text}` : text;
}

/** Writes a `decimal(precision, scale)` given as text such as `-12.5`; more than `scale` digits behind the point are refused. */
export function writeDecimal(w: Writer, value: string, precision: number, scale: number): void {
  const unscaled = parseDecimal(value, precision, scale);
  if (precision <= 18) writeI64(w, unscaled);
  else writeTwos(w, unscaled, 16);
}

/** The whole number `value * 10^scale`. */
export function parseDecimal(value: string, precision: number, scale: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value);
  const fraction = match?.[3] ?? "";
  if (match === null || fraction.length > scale)
    return refuseValue("range", `"${value}" is not a decimal(${precision}, ${scale})`);
  const magnitude = BigInt(`${match[2]}${fraction.padEnd(scale, "0")}`);
  if (magnitude.toString().length > precision) refuseValue("range", `"${value}" has more than ${precision} digits`);
  return match[1] === "-" ? -magnitude : magnitude;
}
