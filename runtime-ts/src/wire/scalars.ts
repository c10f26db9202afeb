import { type Reader, readByte, readSplit, readVarint, readZigzag, refuse, take } from "./reader.js";
import { ensure, refuseValue, type Writer, writeByte, writeSplit, writeVarint, writeZigzag } from "./writer.js";

/** Largest distance of a `Date` from 1970, in milliseconds. Source: ECMA-262, "Time Values and Time Range". */
export const MAX_DATE_MS = 8_640_000_000_000_000;

function readUint(r: Reader, max: number): number {
  const at = r.pos;
  const value = readVarint(r);
  if (value > max) refuse("range", at);
  return value;
}

function writeUint(w: Writer, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) refuseValue("range", `${value} is not in 0..${max}`);
  writeVarint(w, value);
}

function readInt(r: Reader, min: number, max: number): number {
  const at = r.pos;
  const value = readZigzag(r);
  if (value < min || value > max) refuse("range", at);
  return value;
}

function writeInt(w: Writer, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) refuseValue("range", `${value} is not in ${min}..${max}`);
  writeZigzag(w, value);
}

/** Reads a `u8`. */
export function readU8(r: Reader): number {
  return readUint(r, 0xff);
}

/** Writes a `u8`. */
export function writeU8(w: Writer, value: number): void {
  writeUint(w, value, 0xff);
}

/** Reads a `u16`. */
export function readU16(r: Reader): number {
  return readUint(r, 0xffff);
}

/** Writes a `u16`. */
export function writeU16(w: Writer, value: number): void {
  writeUint(w, value, 0xffff);
}

/** Reads a `u32`. */
export function readU32(r: Reader): number {
  return readUint(r, 0xffff_ffff);
}

/** Writes a `u32`. */
export function writeU32(w: Writer, value: number): void {
  writeUint(w, value, 0xffff_ffff);
}

/** Reads a `u64`. */
export function readU64(r: Reader): bigint {
  readSplit(r);
  return joined(r);
}

/** The varint that was just read; below 2^53 a number is the cheaper way to it. */
function joined(r: Reader): bigint {
  if (r.hi < 0x20_0000) return BigInt(r.hi * 0x1_0000_0000 + r.lo);
  return (BigInt(r.hi) << 32n) | BigInt(r.lo);
}

/** Writes a `u64`. */
export function writeU64(w: Writer, value: bigint): void {
  if (typeof value === "bigint" && value >= 0n && value <= 0x1f_ffff_ffff_ffffn) {
    writeVarint(w, Number(value));
    return;
  }
  if (typeof value !== "bigint" || value !== BigInt.asUintN(64, value)) {
    refuseValue("range", `${value} is not a 64-bit unsigned bigint`);
  }
  writeSplit(w, Number(value & 0xffff_ffffn), Number(value >> 32n));
}

/** Reads a `u64` as a number; beyond 2^53 - 1 it is refused, not rounded. */
export function readU53(r: Reader): number {
  return readUint(r, Number.MAX_SAFE_INTEGER);
}

/** Writes a number as a `u64`. */
export function writeU53(w: Writer, value: number): void {
  writeUint(w, value, Number.MAX_SAFE_INTEGER);
}

/** Reads an `i8`. */
export function readI8(r: Reader): number {
  return readInt(r, -0x80, 0x7f);
}

/** Writes an `i8`. */
export function writeI8(w: Writer, value: number): void {
  writeInt(w, value, -0x80, 0x7f);
}

/** Reads an `i16`. */
export function readI16(r: Reader): number {
  return readInt(r, -0x8000, 0x7fff);
}

/** Writes an `i16`. */
export function writeI16(w: Writer, value: number): void {
  writeInt(w, value, -0x8000, 0x7fff);
}

/** Reads an `i32`. */
export function readI32(r: Reader): number {
  return readInt(r, -0x8000_0000, 0x7fff_ffff);
}

/** Writes an `i32`. */
export function writeI32(w: Writer, value: number): void {
  writeInt(w, value, -0x8000_0000, 0x7fff_ffff);
}

/** Reads an `i64`. */
export function readI64(r: Reader): bigint {
  readSplit(r);
  if (r.hi < 0x20_0000) {
    const half = r.hi * 0x8000_0000 + (r.lo >>> 1);
    return BigInt((r.lo & 1) === 0 ? half : -half - 1);
  }
  const raw = joined(r);
  return (raw >> 1n) ^ -(raw & 1n);
}

/** Writes an `i64`. */
export function writeI64(w: Writer, value: bigint): void {
  if (typeof value !== "bigint" || value !== BigInt.asIntN(64, value)) {
    refuseValue("range", `${value} is not a 64-bit signed bigint`);
  }
  const raw = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  writeSplit(w, Number(raw & 0xffff_ffffn), Number(raw >> 32n));
}

/** Reads an `f32`; every NaN but the one pattern is refused. */
export function readF32(r: Reader): number {
  const at = take(r, 4);
  const value = r.view.getFloat32(r.base + at, true);
  if (Number.isNaN(value) && r.view.getUint32(r.base + at, true) !== 0x7fc0_0000) refuse("nan", at);
  return value;
}

/** Writes an `f32`, rounded to the nearest. */
export function writeF32(w: Writer, value: number): void {
  ensure(w, 4);
  if (Number.isNaN(value)) w.view.setUint32(w.pos, 0x7fc0_0000, true);
  else w.view.setFloat32(w.pos, value, true);
  w.pos += 4;
}

/** Reads an `f64`; every NaN but the one pattern is refused. */
export function readF64(r: Reader): number {
  const at = take(r, 8);
  const value = r.view.getFloat64(r.base + at, true);
  if (Number.isNaN(value) && r.view.getBigUint64(r.base + at, true) !== 0x7ff8_0000_0000_0000n) refuse("nan", at);
  return value;
}

/** Writes an `f64`. */
export function writeF64(w: Writer, value: number): void {
  ensure(w, 8);
  if (Number.isNaN(value)) w.view.setBigUint64(w.pos, 0x7ff8_0000_0000_0000n, true);
  else w.view.setFloat64(w.pos, value, true);
  w.pos += 8;
}

/** Reads a `bool` that is not a field of a row: one byte. */
export function readBool(r: Reader): boolean {
  const at = r.pos;
  const value = readByte(r);
  if (value > 1) refuse("bool", at);
  return value === 1;
}

/** Writes a `bool` that is not a field of a row: one byte. */
export function writeBool(w: Writer, value: boolean): void {
  writeByte(w, value ? 1 : 0);
}

/** Reads the value of a `bool?` field: a varint 0 or 1. */
export function readBoolVarint(r: Reader): boolean {
  const at = r.pos;
  const value = readVarint(r);
  if (value > 1) refuse("bool", at);
  return value === 1;
}

/** Writes the value of a `bool?` field: a varint 0 or 1. */
export function writeBoolVarint(w: Writer, value: boolean): void {
  writeVarint(w, value ? 1 : 0);
}

/** Reads a `timestamp`. */
export function readTimestamp(r: Reader): Date {
  return new Date(readInt(r, -MAX_DATE_MS, MAX_DATE_MS));
}

/** Writes a `timestamp`; an invalid `Date` is refused. */
export function writeTimestamp(w: Writer, value: Date): void {
  writeInt(w, value.getTime(), -MAX_DATE_MS, MAX_DATE_MS);
}

/** Reads a `duration` in microseconds. */
export function readDuration(r: Reader): number {
  return readInt(r, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

/** Writes a `duration` in microseconds; a fraction is refused. */
export function writeDuration(w: Writer, value: number): void {
  writeInt(w, value, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

/** Reads an `i64` as a number; beyond 2^53 - 1 it is refused, not rounded. */
export function readI53(r: Reader): number {
  return readDuration(r);
}

/** Writes a number as an `i64`. */
export function writeI53(w: Writer, value: number): void {
  writeDuration(w, value);
}

/** Reads a `timestamp` as milliseconds since 1970. */
export function readMillis(r: Reader): number {
  return readInt(r, -MAX_DATE_MS, MAX_DATE_MS);
}

/** Writes milliseconds since 1970 as a `timestamp`; a fraction is refused. */
export function writeMillis(w: Writer, value: number): void {
  writeInt(w, value, -MAX_DATE_MS, MAX_DATE_MS);
}
