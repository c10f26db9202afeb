import { type DecodeCode, DecodeError } from "../errors.js";

/** Most nested lengths a value may have. Source: docs/wire-format.md, section 7. */
export const MAX_DEPTH = 64;
/** Most elements of lists and maps in one message. Source: docs/wire-format.md, section 7. */
export const MAX_ELEMENTS = 1_000_000;

/** Decodes a value from where the reader stands. */
export type Read<T> = (r: Reader) => T;

// Making a `DataView` costs as much as reading ten fields, so one is kept per buffer, not made per message.
let lastBuffer: ArrayBufferLike | undefined;
let lastView: DataView | undefined;

function viewOf(buffer: ArrayBufferLike): DataView {
  if (buffer === lastBuffer && lastView !== undefined) return lastView;
  const view = new DataView(buffer);
  // A large buffer is not kept alive for the sake of one object.
  if (buffer.byteLength <= 0x1_0000) {
    lastBuffer = buffer;
    lastView = view;
  }
  return view;
}

/**
 * A cursor over the bytes of one message. `end` is the end of the innermost length the cursor is in; the depth counter and
 * the element budget run through every path, skipped values and deltas included.
 */
export class Reader {
  readonly buf: Uint8Array;
  /** Over the whole buffer that `buf` is a part of; `base` is where that part begins. */
  readonly view: DataView;
  readonly base: number;
  pos = 0;
  end: number;
  /** Nested lengths around the cursor. */
  depth = 0;
  elements = 0;
  /** Memory that the values take, in bytes as the format counts them. */
  weight = 0;
  /** Low and high 32 bits of the varint that `readSplit` read last. */
  lo = 0;
  hi = 0;
  /** Where the case id read last began. */
  caseAt = 0;

  constructor(bytes: Uint8Array) {
    this.buf = bytes;
    this.view = viewOf(bytes.buffer);
    this.base = bytes.byteOffset;
    this.end = bytes.length;
  }
}

/** Refuses the input. */
export function refuse(code: DecodeCode, offset: number): never {
  throw new DecodeError(code, offset);
}

/** The byte at `at`, which the caller has made sure is there. */
export function byteAt(r: Reader, at: number): number {
  return r.buf[at] as number;
}

/** Reads one byte. */
export function readByte(r: Reader): number {
  if (r.pos >= r.end) refuse("truncated", r.pos);
  return byteAt(r, r.pos++);
}

/** Reads a varint as a number: exact up to 2^53, at least 2^53 for what lies above. */
export function readVarint(r: Reader): number {
  const at = r.pos;
  const left = r.end - at;
  if (left <= 0) refuse("truncated", at);
  const first = byteAt(r, at);
  if ((first & 1) !== 0) {
    r.pos = at + 1;
    return first >>> 1;
  }
  if ((first & 2) !== 0) {
    if (left < 2) refuse("truncated", at);
    r.pos = at + 2;
    const value = (first >>> 2) | (byteAt(r, at + 1) << 6);
    return value < 0x80 ? refuse("overlong", at) : value;
  }
  readSplit(r);
  return r.hi * 0x1_0000_0000 + r.lo;
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
  // With as good as nothing in the last byte, the number fits into one byte less.
  if (byteAt(r, r.pos - 1) < (size === 9 ? 1 : 2)) refuse("overlong", at);
  if (size === 9) {
    r.lo = bytesAt(r, at + 1, 4);
    r.hi = bytesAt(r, at + 5, 4);
    return;
  }
  const low = bytesAt(r, at, size);
  const high = size > 4 ? bytesAt(r, at + 4, size - 4) : 0;
  r.lo = ((low >>> size) | (high << (32 - size))) >>> 0;
  r.hi = high >>> size;
}

/** The number in the first four of `size` bytes at `at`, which the caller has made sure are there. */
export function bytesAt(r: Reader, at: number, size: number): number {
  let value = byteAt(r, at);
  if (size > 1) value |= byteAt(r, at + 1) << 8;
  if (size > 2) value |= byteAt(r, at + 2) << 16;
  if (size > 3) value |= byteAt(r, at + 3) << 24;
  return value >>> 0;
}

/** Reads a zigzag varint as a number: exact up to 2^53 in magnitude, at least that for what lies beyond. */
export function readZigzag(r: Reader): number {
  const raw = readVarint(r);
  if (raw <= 0x7fff_ffff) return (raw >>> 1) ^ -(raw & 1);
  // Above, the number may be rounded; the halves of the varint that was just read are not.
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

/** Reads the count of a set, whose elements weigh `weight`, or of a part of a delta. */
export function readCount(r: Reader, weight = 0): number {
  const at = r.pos;
  const count = readVarint(r);
  admit(r, at, count, count, weight);
  return count;
}

/**
 * Refuses a count that stands at `at`, before anything is reserved: if the rest of the container cannot hold it, if it costs more
 * than is left of the element budget, or if the elements, each of which weighs `weight`, unfold into too much.
 */
export function admit(r: Reader, at: number, count: number, cost: number, weight: number): void {
  if (count > 64 * (r.end - r.pos) + 1024) refuse("count", at);
  spend(r, cost, at);
  weigh(r, at, count * weight);
}

/** Takes elements of the value at `at` from the budget. */
export function spend(r: Reader, elements: number, at: number = r.pos): void {
  r.elements += elements;
  if (r.elements > MAX_ELEMENTS) refuse("elements", at);
}

/** Counts what unfolds in memory. Source: docs/wire-format.md, section 7. */
export function weigh(r: Reader, at: number, weight: number): void {
  r.weight += weight;
  if (r.weight > 64 * r.buf.length + 0x10_0000) refuse("elements", at);
}

/** Reads a byte length, narrows the reader to it and returns the end of what is around it; both go to `leave`. */
export function enter(r: Reader, start: number = r.pos): number {
  const length = readVarint(r);
  if (length > r.end - r.pos) refuse("truncated", start);
  if (r.depth >= MAX_DEPTH) refuse("depth", start);
  r.depth++;
  const outer = r.end;
  r.end = r.pos + length;
  return outer;
}

/** Leaves what `enter` began at `start`; everything in it must have been read. */
export function leave(r: Reader, start: number, outer: number): void {
  if (r.pos !== r.end) refuse("length", start);
  r.depth--;
  r.end = outer;
}

/** Refuses bytes behind the end of what began at `start`: `length` inside another value, `trailing` at top level. */
export function expectEnd(r: Reader, start: number): void {
  if (r.pos === r.end) return;
  if (r.depth === 0) refuse("trailing", r.pos);
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
