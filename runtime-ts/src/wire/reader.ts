import { type DecodeCode, DecodeError } from "../errors.js";

/** Most nested lengths a value may have. Source: docs/wire-format.md, section 7. */
export const MAX_DEPTH = 64;
/** Most elements of lists and maps in one message. Source: docs/wire-format.md, section 7. */
export const MAX_ELEMENTS = 1_000_000;

/** Decodes a value from where the reader stands. */
export type Read<T> = (r: Reader) => T;

/**
 * A cursor over the bytes of one message. `end` is the end of the innermost length the cursor is in; the depth counter and
 * the element budget run through every path, skipped values and deltas included.
 */
export class Reader {
  readonly buf: Uint8Array;
  readonly view: DataView;
  pos = 0;
  end: number;
  elements = 0;
  /** Low and high 32 bits of the varint read last. */
  lo = 0;
  hi = 0;
  /** Where the case id read last began. */
  caseAt = 0;
  /** For each nested length: where it begins, and where the one around it ends. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  constructor(bytes: Uint8Array) {
    this.buf = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.byteLength;
  }
}

/** Refuses the input. */
export function refuse(code: DecodeCode, offset: number): never {
  throw new DecodeError(code, offset);
}

/** Reads one byte. */
export function readByte(r: Reader): number {
  if (r.pos >= r.end) refuse("truncated", r.pos);
  return r.view.getUint8(r.pos++);
}

/** Reads a prefix varint into `r.lo` and `r.hi`. */
export function readSplit(r: Reader): void {
  const at = r.pos;
  const first = readByte(r);
  if ((first & 1) === 1) {
    r.lo = first >>> 1;
    r.hi = 0;
    return;
  }
  const size = first === 0 ? 9 : 32 - Math.clz32(first & -first);
  if (r.end - at < size) refuse("truncated", at);
  r.pos = at + size;
  if (size <= 4) readShort(r, at, size);
  else if (size <= 8) readMedium(r, at, size);
  else {
    r.lo = r.view.getUint32(at + 1, true);
    r.hi = r.view.getUint32(at + 5, true);
  }
  // 2^(7 * (size - 1)) is the smallest value that needs this many bytes. Numbers are exact below 2^53; beyond, 2^56 is the only limit.
  const long = size === 9 ? r.hi < 0x100_0000 : r.hi * 0x1_0000_0000 + r.lo < 2 ** (7 * (size - 1));
  if (long) refuse("overlong", at);
}

function readShort(r: Reader, at: number, size: number): void {
  let raw = r.view.getUint16(at, true);
  if (size > 2) raw |= r.view.getUint8(at + 2) << 16;
  if (size > 3) raw |= r.view.getUint8(at + 3) << 24;
  r.lo = raw >>> size;
  r.hi = 0;
}

function readMedium(r: Reader, at: number, size: number): void {
  const low = r.view.getUint32(at, true);
  let high = 0;
  for (let i = size - 1; i >= 4; i--) high = (high << 8) | r.view.getUint8(at + i);
  high >>>= 0;
  r.lo = ((low >>> size) | (high << (32 - size))) >>> 0;
  r.hi = high >>> size;
}

/** Reads a varint as a number: exact up to 2^53, at least 2^53 for what lies above. */
export function readVarint(r: Reader): number {
  readSplit(r);
  return r.hi === 0 ? r.lo : r.hi * 0x1_0000_0000 + r.lo;
}

/** Reads a zigzag varint as a number: exact up to 2^53 in magnitude, at least that for what lies beyond. */
export function readZigzag(r: Reader): number {
  readSplit(r);
  const half = r.hi * 0x8000_0000 + (r.lo >>> 1);
  return (r.lo & 1) === 0 ? half : -half - 1;
}

/** Reads a byte length that must fit into what is left of the container. */
export function readLength(r: Reader): number {
  const at = r.pos;
  const length = readVarint(r);
  if (length > r.end - r.pos) refuse("truncated", at);
  return length;
}

/** Moves over `size` bytes and returns where they began; `start` is where the value they belong to begins. */
export function take(r: Reader, size: number, start: number = r.pos): number {
  const at = r.pos;
  if (r.end - at < size) refuse("truncated", start);
  r.pos = at + size;
  return at;
}

/** Bytes of a list of plain numbers that count as one element. Source: docs/wire-format.md, section 7. */
export const NUMERIC_BLOCK_BYTES = 64;

/** Reads a count of elements: refused before anything is reserved if the rest of the container cannot hold it. */
export function readCount(r: Reader, numeric?: "numeric"): number {
  const at = r.pos;
  const count = readVarint(r);
  if (count > 64 * (r.end - r.pos) + 1024) refuse("count", at);
  r.elements += numeric === undefined ? count : Math.ceil((r.end - r.pos) / NUMERIC_BLOCK_BYTES);
  if (r.elements > MAX_ELEMENTS) refuse("elements", at);
  return count;
}

/** Reads a byte length and narrows the reader to it. */
export function enter(r: Reader): void {
  const at = r.pos;
  const length = readLength(r);
  if (r.starts.length >= MAX_DEPTH) refuse("depth", at);
  r.starts.push(at);
  r.ends.push(r.end);
  r.end = r.pos + length;
}

/** Leaves what `enter` began; everything in it must have been read. */
export function leave(r: Reader): void {
  const at = r.starts.pop();
  const end = r.ends.pop();
  if (at === undefined || end === undefined) throw new Error("leave without enter");
  if (r.pos !== r.end) refuse("length", at);
  r.end = end;
}

/** Refuses bytes behind the end of what began at `start`: `length` inside another value, `trailing` at top level. */
export function expectEnd(r: Reader, start: number): void {
  if (r.pos === r.end) return;
  if (r.starts.length === 0) refuse("trailing", r.pos);
  refuse("length", start);
}

/** Drops what is left of the innermost length. */
export function skipRest(r: Reader): void {
  r.pos = r.end;
}

/** Decodes a whole input with `read`, which must use all of it. */
export function decode<T>(read: Read<T>, bytes: Uint8Array): T {
  const r = new Reader(bytes);
  const value = read(r);
  expectEnd(r, 0);
  return value;
}

/** Applies the delta in `bytes` with `patch`; `value` stays as it is. */
export function applyDelta<T>(patch: (value: T, r: Reader) => T, value: T, bytes: Uint8Array): T {
  return decode((r) => patch(value, r), bytes);
}
