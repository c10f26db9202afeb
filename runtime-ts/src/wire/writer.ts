import { RssError } from "../errors.js";
import { MAX_DEPTH, MAX_ELEMENTS } from "./reader.js";

/** Encodes a value at the end of the writer. */
export type Write<T> = (w: Writer, value: T) => void;

/** A growing buffer. What lies behind `pos` is garbage. */
export class Writer {
  buf: Uint8Array<ArrayBuffer>;
  view: DataView;
  pos = 0;
  depth = 0;
  elements = 0;
  /** What everything weighs, and what the columns of the container weigh that is being written. */
  weight = 0;
  inner = 0;

  constructor(capacity = 128) {
    this.buf = new Uint8Array(capacity);
    this.view = new DataView(this.buf.buffer);
  }
}

/** Refuses a value that no reader would accept. */
export function refuseValue(code: "range" | "utf8" | "depth" | "elements", what: string): never {
  throw new RssError(code, what);
}

/** Makes room for `size` more bytes. */
export function ensure(w: Writer, size: number): void {
  if (w.pos + size <= w.buf.length) return;
  const grown = new Uint8Array(Math.max(w.buf.length * 2, w.pos + size));
  grown.set(w.buf.subarray(0, w.pos));
  w.buf = grown;
  w.view = new DataView(grown.buffer);
}

/** Writes one byte. */
export function writeByte(w: Writer, value: number): void {
  ensure(w, 1);
  w.buf[w.pos++] = value;
}

/** Sets bit `index` of the bitmap at `at`. */
export function setBit(w: Writer, at: number, index: number): void {
  // The byte was written before, so it is there.
  (w.buf[at + (index >> 3)] as number) |= 1 << (index & 7);
}

/** Writes bytes without their length. */
export function writeRaw(w: Writer, bytes: Uint8Array): void {
  ensure(w, bytes.length);
  w.buf.set(bytes, w.pos);
  w.pos += bytes.length;
}

/** Writes a whole number from 0 to 2^53 as a prefix varint. */
export function writeVarint(w: Writer, value: number): void {
  ensure(w, 9);
  const { buf, pos } = w;
  if (value < 0x80) {
    buf[pos] = (value << 1) | 1;
    w.pos = pos + 1;
  } else if (value < 0x4000) {
    buf[pos] = (value << 2) | 2;
    buf[pos + 1] = value >>> 6;
    w.pos = pos + 2;
  } else if (value < 0x1000_0000) {
    const size = value < 0x20_0000 ? 3 : 4;
    w.view.setUint32(pos, (value << size) | (1 << (size - 1)), true);
    w.pos = pos + size;
  } else {
    const lo = value >>> 0;
    writeSplit(w, lo, (value - lo) / 0x1_0000_0000);
  }
}

/** Writes a 64-bit number, given as its low and high 32 bits, as a prefix varint. */
export function writeSplit(w: Writer, lo: number, hi: number): void {
  if (hi === 0 && lo < 0x1000_0000) {
    writeVarint(w, lo);
    return;
  }
  ensure(w, 9);
  const size = hi < 8 ? 5 : hi < 0x400 ? 6 : hi < 0x2_0000 ? 7 : hi < 0x100_0000 ? 8 : 9;
  if (size === 9) {
    w.buf[w.pos] = 0;
    w.view.setUint32(w.pos + 1, lo, true);
    w.view.setUint32(w.pos + 5, hi, true);
  } else {
    w.view.setUint32(w.pos, (lo << size) | (1 << (size - 1)), true);
    w.view.setUint32(w.pos + 4, (hi << size) | (lo >>> (32 - size)), true);
  }
  w.pos += size;
}

/** Writes a whole number of at most 2^53 in magnitude as a zigzag varint. */
export function writeZigzag(w: Writer, value: number): void {
  // Doubling could pass 2^53, where odd numbers do not exist any more, so the two halves are made apart.
  const half = value < 0 ? -value - 1 : value;
  writeSplit(w, (half % 0x8000_0000) * 2 + (value < 0 ? 1 : 0), Math.floor(half / 0x8000_0000));
}

/** Takes elements of a list or map from the budget of the message. */
export function charge(w: Writer, elements: number): void {
  w.elements += elements;
  if (w.elements > MAX_ELEMENTS) refuseValue("elements", `more than ${MAX_ELEMENTS} elements in one message`);
}

/** Counts what a reader will count for memory. Source: docs/wire-format.md, section 7. */
export function weigh(w: Writer, weight: number): void {
  w.weight += weight;
  w.inner += weight;
}

/** Begins a value with its byte length in front; give the result to `endNested`. */
export function beginNested(w: Writer): number {
  if (++w.depth > MAX_DEPTH) refuseValue("depth", `more than ${MAX_DEPTH} nested values`);
  ensure(w, 1);
  return ++w.pos;
}

/** Ends what `beginNested` began. Most values are short: the length takes one byte, longer ones are moved. */
export function endNested(w: Writer, at: number): void {
  w.depth--;
  const length = w.pos - at;
  const head = headSize(length);
  ensure(w, head);
  if (head > 1) w.buf.copyWithin(at - 1 + head, at, w.pos);
  w.pos = at - 1;
  writeHead(w, length, head);
  w.pos += length;
}

/** Bytes of the varint of a byte length. */
export function headSize(length: number): number {
  return length < 0x80 ? 1 : length < 0x4000 ? 2 : length < 0x20_0000 ? 3 : length < 0x1000_0000 ? 4 : 5;
}

/** Writes a varint of `size` bytes and touches none behind it: the value may be there already. */
export function writeHead(w: Writer, length: number, size: number): void {
  let raw = length * 2 ** size + 2 ** (size - 1);
  for (let i = 0; i < size; i++) {
    w.buf[w.pos++] = raw;
    raw = Math.floor(raw / 0x100);
  }
}

/** Encodes a value with `write` into `w`, whose bytes are overwritten; the result is valid until `w` is used again. */
export function encodeInto<T>(w: Writer, write: Write<T>, value: T): Uint8Array<ArrayBuffer> {
  w.pos = 0;
  w.depth = 0;
  w.elements = 0;
  w.weight = 0;
  write(w, value);
  if (w.weight > 64 * w.pos + 0x10_0000) refuseValue("elements", "the value is much larger in memory than in bytes");
  return w.buf.subarray(0, w.pos);
}

/** The writer of the encoding before, if nobody is using it. */
let spare: Writer | undefined;

/** Encodes a value with `write`. */
export function encode<T>(write: Write<T>, value: T): Uint8Array<ArrayBuffer> {
  const w = spare ?? new Writer();
  spare = undefined;
  const bytes = encodeInto(w, write, value).slice();
  if (w.buf.length <= 0x1_0000) spare = w;
  return bytes;
}
