import { DecodeError } from "./errors.js";
import { Reader, readLength, readVarint } from "./wire/reader.js";
import { readU64 } from "./wire/scalars.js";
import { type Write, Writer, writeRaw, writeVarint } from "./wire/writer.js";

/** Frame kinds. Source: docs/protocol.md, "Envelope". */
export const Kind = {
  Batch: 0,
  Hello: 1,
  Welcome: 2,
  Open: 3,
  Opened: 4,
  Refused: 5,
  Subscribe: 6,
  Subscribed: 7,
  Snapshot: 8,
  Advance: 9,
  Unsubscribe: 10,
  Unsubscribed: 11,
  Call: 12,
  Cancel: 13,
  Result: 14,
  Failure: 15,
  Send: 16,
  Listen: 17,
  Listening: 18,
  Unlisten: 19,
  Event: 20,
  Ping: 21,
  Pong: 22,
  Goodbye: 23,
  Close: 24,
  Item: 25,
  Credit: 26,
  End: 27,
} as const;

/** A frame with its header taken off. */
export type Frame =
  | { readonly type: "control"; readonly n: number; readonly body: Uint8Array }
  | {
      readonly type: "delta";
      readonly view: number;
      readonly steps: bigint;
      readonly check: number;
      readonly body: Uint8Array;
    };

/** Encodes a control frame. */
export function encodeFrame<T>(kind: number, write: Write<T>, body: T): Uint8Array {
  const w = new Writer();
  writeVarint(w, kind * 2);
  write(w, body);
  return w.buf.slice(0, w.pos);
}

/** Encodes a delta frame: what a server sends, for tests. */
export function encodeDelta(view: number, from: bigint, to: bigint, delta: Uint8Array): Uint8Array {
  const w = new Writer();
  writeVarint(w, view * 2 + 1);
  writeVarint(w, Number(((to - from) << 7n) | (from & 127n)));
  writeRaw(w, delta);
  return w.buf.slice(0, w.pos);
}

/** Puts frames into as few messages as possible: `firstLimit` bytes for the first one, `limit` for the others. */
export function encodeMessages(frames: readonly Uint8Array[], firstLimit: number, limit: number): Uint8Array[] {
  const messages: Uint8Array[] = [];
  let group: Uint8Array[] = [];
  let size = 0;
  for (const frame of frames) {
    // The length in front of a frame takes at most five bytes, the header of the batch one.
    const cost = frame.length + 5;
    if (group.length > 0 && size + cost + 1 > (messages.length === 0 ? firstLimit : limit)) {
      messages.push(encodeMessage(group));
      group = [];
      size = 0;
    }
    group.push(frame);
    size += cost;
  }
  if (group.length > 0) messages.push(encodeMessage(group));
  return messages;
}

/** One message: the frame itself, or a batch. */
export function encodeMessage(frames: readonly Uint8Array[]): Uint8Array {
  const [only] = frames;
  if (only !== undefined && frames.length === 1) return only;
  const w = new Writer(frames.reduce((sum, frame) => sum + frame.length + 9, 1));
  writeVarint(w, Kind.Batch * 2);
  for (const frame of frames) {
    writeVarint(w, frame.length);
    writeRaw(w, frame);
  }
  return w.buf.slice(0, w.pos);
}

/**
 * Takes a message apart.
 * Throws `DecodeError` if it is not one frame or a batch of at least one; the bodies are not looked into.
 */
export function decodeMessage(message: Uint8Array): Frame[] {
  const whole = decodeFrame(message);
  if (whole.type === "delta" || whole.n !== Kind.Batch) return [whole];
  const frames: Frame[] = [];
  const r = new Reader(whole.body);
  do {
    const length = readLength(r);
    const frame = decodeFrame(whole.body.subarray(r.pos, r.pos + length));
    if (frame.type === "control" && frame.n === Kind.Batch) throw new DecodeError("range", r.pos);
    frames.push(frame);
    r.pos += length;
  } while (r.pos < r.end);
  return frames;
}

function decodeFrame(bytes: Uint8Array): Frame {
  const r = new Reader(bytes);
  const head = readVarint(r);
  const n = Math.floor(head / 2);
  if (head % 2 === 0) return { type: "control", n, body: bytes.subarray(r.pos) };
  const step = readU64(r);
  return { type: "delta", view: n, steps: step >> 7n, check: Number(step & 127n), body: bytes.subarray(r.pos) };
}
