import { byteAt, type Reader, readLength, refuse, take } from "./reader.js";
import { readI64, writeI64 } from "./scalars.js";
import { ensure, headSize, refuseValue, type Writer, writeByte, writeHead, writeRaw, writeVarint } from "./writer.js";

// A leading U+FEFF is data, so the decoder is told not to eat it.
const utf8Decoder = /*@__PURE__*/ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8Encoder = /*@__PURE__*/ new TextEncoder();

/** Strings of fewer bytes are read by us: calling the platform's decoder costs more. */
const SHORT = 32;
/** Strings of fewer UTF-16 units are written by us, if they are ASCII. */
const SHORT_WRITTEN = 24;

/** Reads a `string`. */
export function readString(r: Reader): string {
  const start = r.pos;
  const length = readLength(r);
  const at = r.pos;
  r.pos = at + length;
  return textAt(r, at, r.pos, start);
}

/** The text of some bytes; `start` is where the value they belong to begins. */
export function textAt(r: Reader, at: number, end: number, start: number): string {
  if (end - at < SHORT) {
    const ascii = asciiAt(r, at, end);
    if (ascii !== undefined) return ascii;
  }
  try {
    return utf8Decoder.decode(r.buf.subarray(at, end));
  } catch {
    return refuse("utf8", start);
  }
}

/** Text of ASCII bytes, eight at a time; `undefined` if there are others. */
function asciiAt(r: Reader, at: number, end: number): string | undefined {
  let text = "";
  let i = at;
  for (; i + 8 <= end; i += 8) {
    const a = byteAt(r, i);
    const b = byteAt(r, i + 1);
    const c = byteAt(r, i + 2);
    const d = byteAt(r, i + 3);
    const e = byteAt(r, i + 4);
    const f = byteAt(r, i + 5);
    const g = byteAt(r, i + 6);
    const h = byteAt(r, i + 7);
    if ((a | b | c | d | e | f | g | h) > 0x7f) return undefined;
    text += String.fromCharCode(a, b, c, d, e, f, g, h);
  }
  for (; i < end; i++) {
    const byte = byteAt(r, i);
    if (byte > 0x7f) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Writes a `string`; a lone surrogate is refused, since it has no UTF-8. */
export function writeString(w: Writer, value: string): void {
  // One UTF-16 unit takes at most three bytes; the length in front at most nine.
  ensure(w, value.length * 3 + 9);
  if (value.length <= SHORT_WRITTEN && writeAscii(w, value)) return;
  // Most text is ASCII: then the length in front takes as much room as guessed, else the bytes are moved.
  const guess = headSize(value.length);
  const at = w.pos + guess;
  const length = putUtf8(w, value, at);
  const head = headSize(length);
  if (head !== guess) w.buf.copyWithin(w.pos + head, at, at + length);
  writeHead(w, length, head);
  w.pos += length;
}

/** Writes a short text of ASCII; nothing if it is other text. */
function writeAscii(w: Writer, value: string): boolean {
  const { buf } = w;
  const at = w.pos + 1;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit > 0x7f) return false;
    buf[at + i] = unit;
  }
  buf[at - 1] = (value.length << 1) | 1;
  w.pos = at + value.length;
  return true;
}

/** Half of a surrogate pair, which has no UTF-8: with the flag `u`, whole pairs are other characters. */
const HALF = /[\ud800-\udfff]/u;

/** Puts the UTF-8 of a text at `at`, where there is room, and returns its length. */
function putUtf8(w: Writer, value: string, at: number): number {
  const written = putText(w, value, at);
  // Half of a pair becomes U+FFFD, which is longer than the ASCII that everything is that keeps its length.
  if (written !== value.length && HALF.test(value)) refuseValue("utf8", "a string holds half of a surrogate pair");
  return written;
}

/** Like `putUtf8`, but halves of pairs are left to the caller. */
export function putText(w: Writer, value: string, at: number): number {
  return utf8Encoder.encodeInto(value, w.buf.subarray(at)).written;
}

/** Bytes of the UTF-8 of a text; a lone surrogate is refused, since it has none. */
export function textSize(value: string): number {
  let size = 0;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit < 0x80) size++;
    else if (unit < 0x800) size += 2;
    else {
      size += 3;
      if ((unit & 0xf800) !== 0xd800) continue;
      // A pair is four bytes: one more, and its second half is passed over.
      if (unit > 0xdbff || (value.charCodeAt(i + 1) & 0xfc00) !== 0xdc00) {
        refuseValue("utf8", "a string holds half of a surrogate pair");
      }
      size++;
      i++;
    }
  }
  return size;
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
  return hex(r.buf.subarray(at, r.pos)).replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Bytes as text: two digits for each. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte + 0x100).toString(16).slice(1)).join("");
}

/** Writes a `uuid` given as text, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`. */
export function writeUuid(w: Writer, value: string): void {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) refuseValue("range", `"${value}" is not a uuid`);
  for (const byte of value.match(/\w\w/g) ?? []) writeByte(w, Number.parseInt(byte, 16));
}

/** Reads a `bigint`. */
export function readBigInt(r: Reader): bigint {
  const start = r.pos;
  const length = readLength(r);
  return bigIntAt(r, take(r, length), length, start);
}

/** The `bigint` of some bytes; `start` is where the value they belong to begins. */
export function bigIntAt(r: Reader, at: number, length: number, start: number): bigint {
  if (length === 0) return 0n;
  const top = byteAt(r, at + length - 1);
  const below = length > 1 ? byteAt(r, at + length - 2) >>> 7 : 0;
  if ((top === 0 && below === 0) || (top === 0xff && below === 1 && length > 1)) refuse("overlong", start);
  return twosAt(r, at, length);
}

/** A whole number in two's complement. */
export function twosAt(r: Reader, at: number, length: number): bigint {
  const digits = hex(r.buf.slice(at, at + length).reverse());
  return BigInt.asIntN(length * 8, BigInt(`0x${digits}`));
}

/** Writes a `bigint`. */
export function writeBigInt(w: Writer, value: bigint): void {
  const size = twosSize(value);
  writeVarint(w, size);
  writeTwos(w, value, size);
}

/** Bytes of the shortest two's complement; 0 for 0. */
export function twosSize(value: bigint): number {
  if (typeof value !== "bigint") refuseValue("range", `${value} is not a bigint`);
  const magnitude = value < 0n ? -value - 1n : value;
  // One bit for the sign, rounded up to bytes.
  return value === 0n ? 0 : (magnitude.toString(2).length >> 3) + 1;
}

/** Writes a whole number in two's complement. */
export function writeTwos(w: Writer, value: bigint, length: number): void {
  if (length === 0) return;
  const hex = BigInt.asUintN(length * 8, value)
    .toString(16)
    .padStart(length * 2, "0");
  for (let i = length * 2; i > 0; i -= 2) writeByte(w, Number.parseInt(hex.slice(i - 2, i), 16));
}

/** Reads a `decimal(precision, scale)` as text with exactly `scale` digits behind the point. */
export function readDecimal(r: Reader, precision: number, scale: number): string {
  const at = r.pos;
  const unscaled = precision <= 18 ? readI64(r) : twosAt(r, take(r, 16), 16);
  return decimalText(unscaled, precision, scale) ?? refuse("range", at);
}

/** `unscaled / 10^scale` as text; `undefined` if it has too many digits. */
export function decimalText(unscaled: bigint, precision: number, scale: number): string | undefined {
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString();
  if (digits.length > precision) return undefined;
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
