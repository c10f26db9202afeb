// A server made by hand: tests send each frame themselves and look at what the client said.
import { decodeMessage, encodeDelta, encodeFrame, encodeMessage, type Frame, Kind } from "../src/frame.js";
import { type MemoryPeer, memoryTransport } from "../src/memory.js";
import * as session from "../src/protocol/generated/session/v1.js";
import type { Transport } from "../src/transport.js";
import { decode, encode, type Read, type Write, type Writer, writeNested } from "../src/wire.js";

export const EPOCH = "00000000-0000-0000-0000-000000000001";
export const OTHER_EPOCH = "00000000-0000-0000-0000-000000000002";

/** Lets everything that was promised happen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}

const NAMES = new Map<number, string>(Object.entries(Kind).map(([name, n]) => [n, name]));

/** The server's side of all connections of one client. */
export class Server {
  readonly transport: Transport = memoryTransport((peer) => this.accept(peer));
  peers: MemoryPeer[] = [];
  /** Messages of the newest connection. */
  messages: Uint8Array[] = [];
  closed: { code: number; reason: string } | undefined;
  refuses = false;

  accept(peer: MemoryPeer): void {
    this.peers.push(peer);
    this.messages = [];
    this.closed = undefined;
    peer.onMessage = (message) => this.messages.push(message);
    peer.onClose = (code, reason) => {
      this.closed = { code, reason };
    };
    if (this.refuses) peer.close();
  }

  get peer(): MemoryPeer {
    const peer = this.peers.at(-1);
    if (peer === undefined) throw new Error("nobody connected");
    return peer;
  }

  get frames(): Frame[] {
    return this.messages.flatMap(decodeMessage);
  }

  /** Names of the frames that came, in order. */
  get heard(): string[] {
    return this.frames.map((f) => (f.type === "control" ? (NAMES.get(f.n) ?? "?") : "delta"));
  }

  /** Bodies of all frames of a kind that came on this connection. */
  all<T>(kind: number, read: Read<T>): T[] {
    return this.frames.flatMap((f) => (f.type === "control" && f.n === kind ? [decode(read, f.body)] : []));
  }

  get opens(): session.Open[] {
    return this.all(Kind.Open, session.readOpen);
  }

  get subscribes(): session.Subscribe[] {
    return this.all(Kind.Subscribe, session.readSubscribe);
  }

  get calls(): session.Call[] {
    return this.all(Kind.Call, session.readCall);
  }

  async send(...frames: Uint8Array[]): Promise<void> {
    this.peer.send(encodeMessage(frames));
    await settle();
  }

  async drop(code?: number, reason?: string): Promise<void> {
    this.peer.close(code, reason);
    await settle();
  }
}

export const welcome = (init: session.WelcomeInit = {}): Uint8Array =>
  encodeFrame(Kind.Welcome, session.writeWelcome, init);
export const opened = (ch: number, digest: Uint8Array = new Uint8Array(8)): Uint8Array =>
  encodeFrame(Kind.Opened, session.writeOpened, { ch, digest });
export const refused = (init: session.OpenRefusedInit): Uint8Array =>
  encodeFrame(Kind.Refused, session.writeOpenRefused, init);
export const subscribed = (ch: number, view: number, version: bigint, init: session.SubscribedInit = {}): Uint8Array =>
  encodeFrame(Kind.Subscribed, session.writeSubscribed, { ch, view, version, epoch: EPOCH, reset: 1, ...init });
export const chunk = (view: number, version: bigint, bytes: Uint8Array, last = true): Uint8Array =>
  encodeFrame(Kind.Snapshot, session.writeSnapshotChunk, { view, version, bytes, last });
export const snapshot = <T>(view: number, version: bigint, write: Write<T>, value: T): Uint8Array =>
  chunk(view, version, encode(write, value));
export const delta = (view: number, from: bigint, to: bigint, bytes: Uint8Array): Uint8Array =>
  encodeDelta(view, from, to, bytes);
export const advance = (view: number, steps: bigint): Uint8Array =>
  encodeFrame(Kind.Advance, session.writeAdvance, { view, steps });
export const unsubscribed = (ch: number): Uint8Array =>
  encodeFrame(Kind.Unsubscribed, session.writeUnsubscribed, { ch });
export const result = (id: number, body: Uint8Array, seen: session.SeenInit[] = []): Uint8Array =>
  encodeFrame(Kind.Result, session.writeCallResult, { id, body, seen: encode(writeAllSeen, seen) });

function writeAllSeen(w: Writer, seen: readonly session.SeenInit[]): void {
  for (const one of seen) writeNested(w, one, session.writeSeen);
}

export const failure = (init: session.CallFailureInit): Uint8Array =>
  encodeFrame(Kind.Failure, session.writeCallFailure, init);
export const listening = (init: session.ListeningInit): Uint8Array =>
  encodeFrame(Kind.Listening, session.writeListening, init);
export const event = (stream: number, version: bigint, body: Uint8Array): Uint8Array =>
  encodeFrame(Kind.Event, session.writeEventFrame, { stream, version, body });
export const goodbye = (init: session.GoodbyeInit): Uint8Array => encodeFrame(Kind.Goodbye, session.writeGoodbye, init);
export const ping = (n: number): Uint8Array => encodeFrame(Kind.Ping, session.writePing, { n });
export const pong = (n: number): Uint8Array => encodeFrame(Kind.Pong, session.writePong, { n });

/** The delta of a struct: for each id its op and operand. */
export function ops(
  slots: number,
  fields: Readonly<Record<number, readonly [op: number, ...bytes: number[]]>>,
): Uint8Array {
  const masks = new Array<number>((slots + 3) >> 2).fill(0);
  const operands: number[] = [];
  for (const [id, [op, ...bytes]] of Object.entries(fields)) {
    const at = Number(id) - 1;
    masks[at >> 2] = (masks[at >> 2] ?? 0) | (op << ((at & 3) * 2));
    operands.push(...bytes);
  }
  return Uint8Array.of(slots * 2 + 1, ...masks, ...operands);
}
