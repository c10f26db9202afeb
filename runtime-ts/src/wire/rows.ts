import { enter, expectEnd, leave, type Read, type Reader, readVarint, refuse, skipRest, take } from "./reader.js";
import { copyOf } from "./text.js";
import { beginNested, endNested, ensure, type Write, type Writer, writeRaw, writeVarint } from "./writer.js";

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

/** The head of a row or of a delta: where it begins, how many slots the writer knew, and where their bits begin. */
export interface Row {
  readonly start: number;
  readonly slots: number;
  readonly at: number;
}

/** Begins a row of `slots` fields, all absent; give the result to `present`. */
export function beginRow(w: Writer, slots: number): number {
  writeVarint(w, slots);
  const size = (slots + 7) >> 3;
  ensure(w, size);
  const at = w.pos;
  w.buf.fill(0, at, at + size);
  w.pos = at + size;
  return at;
}

/** Says that field `id` of the row is there; its value follows. */
export function present(w: Writer, row: number, id: number): void {
  const at = row + ((id - 1) >> 3);
  w.view.setUint8(at, w.view.getUint8(at) | (1 << ((id - 1) & 7)));
}

/** Reads the slot count and a bitmap of `bits` bits per slot. */
export function readHead(r: Reader, bits: number): Row {
  const start = r.pos;
  const slots = readVarint(r);
  if (slots > MAX_SLOTS) refuse("slots", start);
  return { start, slots, at: readBitmap(r, slots * bits, start) };
}

/** Moves over a bitmap of `bits` bits, whose padding must be 0, and returns where it begins; `start` is what errors name. */
export function readBitmap(r: Reader, bits: number, start: number): number {
  const at = take(r, (bits + 7) >> 3, start);
  const used = bits & 7;
  if (used !== 0 && r.view.getUint8(r.pos - 1) >>> used !== 0) refuse("padding", start);
  return at;
}

/** Begins to read a row. */
export function readRow(r: Reader): Row {
  return readHead(r, 1);
}

/** Begins to read the payload of a case or the arguments of a method; nothing at all is a row of defaults. */
export function readPayload(r: Reader): Row {
  return r.pos === r.end ? { start: r.pos, slots: 0, at: r.pos } : readHead(r, 1);
}

/** Whether field `id` is there. */
export function has(r: Reader, row: Row, id: number): boolean {
  return id <= row.slots && bitAt(r, row.at, id - 1);
}

/** Bit `index` of the bitmap at `at`. */
export function bitAt(r: Reader, at: number, index: number): boolean {
  return ((r.view.getUint8(at + (index >> 3)) >>> (index & 7)) & 1) === 1;
}

/** Ends a row of a reader that knows ids up to `known`: drops what a newer writer added, refuses anything else. */
export function endRow(r: Reader, row: Row, known: number): void {
  if (row.slots > known) skipRest(r);
  else expectEnd(r, row.start);
}

/** Skips a value of which only the shape is known. */
export function skip(r: Reader, shape: Shape): void {
  if (shape === VARINT) readVarint(r);
  else if (shape === FIXED4) take(r, 4);
  else if (shape === FIXED8) take(r, 8);
  else if (shape === FIXED16) take(r, 16);
  else if (shape === LEN) {
    enter(r);
    skipRest(r);
    leave(r);
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
  enter(r);
  const value = read(r);
  leave(r);
  return value;
}

/** Reads a `T?` of a `serializers` struct: a byte 00 / 01 and the value. */
export function readOption<T>(r: Reader, read: Read<T>): T | undefined {
  const at = take(r, 1);
  const tag = r.view.getUint8(at);
  if (tag > 1) refuse("bool", at);
  return tag === 1 ? read(r) : undefined;
}

/** Writes a `T?` of a `serializers` struct. */
export function writeOption<T>(w: Writer, value: T | undefined, write: Write<T>): void {
  ensure(w, 1);
  w.view.setUint8(w.pos++, value === undefined ? 0 : 1);
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
  endRow(r, readPayload(r), -1);
  return undefined;
}
