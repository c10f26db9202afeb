import {
  byteAt,
  bytesAt,
  enter,
  expectEnd,
  leave,
  type Read,
  type Reader,
  readVarint,
  refuse,
  skipRest,
  take,
} from "./reader.js";
import { readBool } from "./scalars.js";
import { copyOf } from "./text.js";
import { beginNested, endNested, ensure, type Write, type Writer, writeByte, writeRaw, writeVarint } from "./writer.js";

/** Most fields of a struct. Source: docs/wire-format.md, section 5. */
const MAX_SLOTS = 4096;

/** How a value is skipped by a reader that does not know its type. */
export type Shape = 0 | 1 | 2 | 3 | 4 | 5;
/** A bool as a field: its value is its bit. */
export const BIT = 0;
/** Shape of integers, enums and times. */
export const VARINT = 1;
/** Shape of `f32`. */
export const FIXED4 = 2;
/** Shape of `f64`. */
export const FIXED8 = 3;
/** Shape of `uuid` and long decimals. */
export const FIXED16 = 4;
/** Shape of everything that has a byte length in front. */
export const LEN = 5;

/** Begins a row of `slots` fields; give the result to `writeMask`. */
export function beginRow(w: Writer, slots: number): number {
  writeVarint(w, slots);
  const size = (slots + 7) >> 3;
  ensure(w, size);
  const at = w.pos;
  w.pos = at + size;
  return at;
}

/** Says which fields of the row are there: 32 of them, or the `slots` that are left. */
export function writeMask(w: Writer, at: number, slots: number, mask: number): void {
  w.buf[at] = mask;
  if (slots > 8) w.buf[at + 1] = mask >>> 8;
  if (slots > 16) w.buf[at + 2] = mask >>> 16;
  if (slots > 24) w.buf[at + 3] = mask >>> 24;
}

/** Reads a slot count. */
export function readSlots(r: Reader): number {
  const start = r.pos;
  const slots = readVarint(r);
  return slots > MAX_SLOTS ? refuse("slots", start) : slots;
}

/** Moves over a bitmap of `bits` bits, whose padding must be 0, and returns where it begins; `start` is what errors name. */
export function readBitmap(r: Reader, bits: number, start: number): number {
  const at = take(r, (bits + 7) >> 3, start);
  const used = bits & 7;
  if (used !== 0 && byteAt(r, r.pos - 1) >>> used !== 0) refuse("padding", start);
  return at;
}

/** Begins to read a row: which of the ids 1 to 32 are there, from the lowest bit on. */
export function readRow(r: Reader): number {
  const start = r.pos;
  const slots = readSlots(r);
  const at = readBitmap(r, slots, start);
  return wordAt(r, at, r.pos);
}

/** Begins to read the payload of a case or the arguments of a method; nothing at all is a row of defaults. */
export function readPayload(r: Reader): number {
  return r.pos === r.end ? 0 : readRow(r);
}

/** Up to 32 bits of a bitmap that ends at `end`. */
function wordAt(r: Reader, at: number, end: number): number {
  const size = end - at;
  return size > 0 ? bytesAt(r, at, size) : 0;
}

/** Which of the ids from `32 * word + 1` on are there, in the row that begins at `row`. */
export function nextMask(r: Reader, row: number, word: number): number {
  const { pos } = r;
  // A row that is nothing at all has no fields.
  const slots = row === r.end ? 0 : slotsAt(r, row);
  const at = r.pos;
  r.pos = pos;
  return wordAt(r, at + 4 * word, at + ((slots + 7) >> 3));
}

/** Refuses the row that begins at `row` if it has one of the fields `first` to `last`, which nobody ever used. */
export function refuseIds(r: Reader, row: number, first: number, last: number): void {
  if (row === r.end) return;
  const { pos } = r;
  const slots = slotsAt(r, row);
  for (let id = first; id <= last && id <= slots; id++) if (bitAt(r, r.pos, id - 1)) refuse("slots", row);
  r.pos = pos;
}

/** The slot count at `row`; the reader is left behind it. */
function slotsAt(r: Reader, row: number): number {
  r.pos = row;
  return readVarint(r);
}

/** Bit `index` of the bitmap at `at`. */
export function bitAt(r: Reader, at: number, index: number): boolean {
  return ((byteAt(r, at + (index >> 3)) >>> (index & 7)) & 1) === 1;
}

/** Ends the row that begins at `row`, of a reader that knows ids up to `known`: drops what a newer writer added, refuses anything else. */
export function endRow(r: Reader, row: number, known: number): void {
  if (r.pos === r.end) return;
  const { pos } = r;
  const slots = slotsAt(r, row);
  r.pos = pos;
  if (slots > known) skipRest(r);
  else expectEnd(r, row);
}

/** Skips a value of which only the shape is known. */
export function skip(r: Reader, shape: Shape): void {
  if (shape === VARINT) readVarint(r);
  else if (shape === FIXED4) take(r, 4);
  else if (shape === FIXED8) take(r, 8);
  else if (shape === FIXED16) take(r, 16);
  else if (shape === LEN) {
    const start = r.pos;
    const outer = enter(r);
    skipRest(r);
    leave(r, start, outer);
  }
}

/** Writes `value` with its byte length in front. */
export function writeNested<T>(w: Writer, value: T, write: Write<T>): void {
  const at = beginNested(w);
  write(w, value);
  endNested(w, at);
}

/** Reads a value with its byte length in front. */
export function readNested<T>(r: Reader, read: Read<T>): T {
  const start = r.pos;
  const outer = enter(r);
  const value = read(r);
  leave(r, start, outer);
  return value;
}

/** Reads a `T?` of a `serializers` struct: a byte 00 / 01 and the value. */
export function readOption<T>(r: Reader, read: Read<T>): T | undefined {
  return readBool(r) ? read(r) : undefined;
}

/** Writes a `T?` of a `serializers` struct. */
export function writeOption<T>(w: Writer, value: T | undefined, write: Write<T>): void {
  writeByte(w, value === undefined ? 0 : 1);
  if (value !== undefined) write(w, value);
}

/** Reads a member of a closed enum with the codec of its representation. */
export function closed<T extends number | bigint>(r: Reader, read: Read<number | bigint>, members: readonly T[]): T {
  const at = r.pos;
  const value = read(r);
  const member = members.find((m) => m === value);
  return member === undefined ? refuse("enum", at) : member;
}

/** A case of an open union that this program does not know; encoding writes it back unchanged. */
export interface UnknownCase {
  readonly kind: "unrecognized";
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** Writes a case id. */
export function writeCase(w: Writer, id: number): void {
  writeVarint(w, id);
}

/** Reads a case id. */
export function readCase(r: Reader): number {
  r.caseAt = r.pos;
  const id = readVarint(r);
  if (id > 0xffff_ffff) refuse("range", r.caseAt);
  return id;
}

/** Keeps the payload of a case that is not known. */
export function readUnknown(r: Reader, id: number): UnknownCase {
  const bytes = copyOf(r, r.pos, r.end);
  skipRest(r);
  return { kind: "unrecognized", id, bytes };
}

/** Writes a case that was not known when it was read. */
export function writeUnknown(w: Writer, value: UnknownCase): void {
  writeVarint(w, value.id);
  writeRaw(w, value.bytes);
}

/** Refuses a case that a closed union does not have. */
export function refuseCase(r: Reader): never {
  return refuse("case", r.caseAt);
}

/** Writes the row of no parameters. */
export function writeUnit(w: Writer): void {
  beginRow(w, 0);
}

/** Reads the result of a method that has none; what a newer peer may have added is dropped. */
export function readUnit(r: Reader): undefined {
  const row = r.pos;
  readPayload(r);
  endRow(r, row, -1);
  return undefined;
}
