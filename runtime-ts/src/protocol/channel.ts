import { Kind } from "../frame.js";
import type { Digest } from "../wire/defs.js";
import { hex } from "../wire/text.js";
import {
  OpenCode,
  type OpenRefused,
  writeClose,
  writeListen,
  writeOpen,
  writeSubscribe,
  writeUnlisten,
  writeUnsubscribe,
} from "./generated/session/v1.js";
import type { Out } from "./out.js";
import type { CoreUnit } from "./types.js";

/** What the client holds of a store. */
export interface Held {
  readonly epoch: string;
  readonly version: bigint;
  /** The access level that the value was made for. */
  readonly level: number;
  readonly value: unknown;
}

/** A snapshot that is arriving. */
export interface Loading {
  readonly epoch: string;
  readonly version: bigint;
  readonly level: number;
  readonly chunks: Uint8Array[];
  bytes: number;
}

/** Why a channel is of no use. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** Digest that the server had of the unit, if it said one. */
  readonly digest: Digest | undefined;
}

/** An event that is listened to, and the bytes of its key; none if it has no key. */
export interface Listened {
  readonly event: number;
  readonly key: Uint8Array;
}

/** What stands for an event and its key. */
export function topicOf(event: number, key: Uint8Array): string {
  return `${event} ${hex(key)}`;
}

/** An event that waits for the version it names. */
export interface EarlyEvent {
  readonly topic: string;
  readonly version: bigint;
  readonly body: Uint8Array;
}

/** One store instance or service and everything about it; it outlives connections. */
export interface Channel {
  readonly unit: CoreUnit;
  /** Canonical bytes of the key. */
  readonly key: Uint8Array;

  // What the application wants.
  /** Somebody wants the state (of a service: wants it open). */
  watched: boolean;
  /** Events listened to, by topic. */
  readonly listens: Map<string, Listened>;
  /** Calls that are not settled. */
  calls: number;
  /** When to look whether the channel, or its subscription, is out of use. */
  idleAt: number | undefined;

  // What this connection knows.
  /** Its number; a new one each time it is opened, so that late answers cannot be taken for new ones. */
  ch: number;
  phase: "closed" | "opening" | "open" | "refused";
  /** The digest spoken: the unit's own, or that of an ancestor which the server knows. */
  digest: Digest;
  /** The digest the server speaks, once opened. */
  serverDigest: Digest | undefined;
  subscription: "none" | "subscribing" | "loading" | "live";
  /** What the last `subscribe` said is held, if anything. */
  offered: Held | undefined;
  /** `unsubscribe` frames that are not answered yet: `subscribed` frames before the answer belong to the past. */
  unsubscribing: number;
  view: number | undefined;
  loading: Loading | undefined;
  /** The value held is the one of this connection. */
  synced: boolean;

  // What outlives the connection.
  held: Held | undefined;
  /** Counts snapshots begun, for replies that wait for a version of the value before. */
  resets: number;
  /** Values that could not be decoded or applied since the last delta that could. */
  faults: number;
  /** The unit was refused. */
  refusal: Failure | undefined;
  /** The state cannot be decoded; calls and events go on. */
  failure: Failure | undefined;
  early: EarlyEvent[];
}

/** Most events kept for a version that has not come; older ones are dropped. */
const MAX_EARLY = 1024;

/** A channel that nobody uses yet. */
export function newChannel(unit: CoreUnit, key: Uint8Array): Channel {
  return {
    ch: 0,
    unit,
    key,
    watched: false,
    listens: new Map(),
    calls: 0,
    idleAt: undefined,
    phase: "closed",
    digest: unit.digest,
    serverDigest: undefined,
    subscription: "none",
    offered: undefined,
    unsubscribing: 0,
    view: undefined,
    loading: undefined,
    synced: false,
    held: undefined,
    resets: 0,
    faults: 0,
    refusal: undefined,
    failure: undefined,
    early: [],
  };
}

/** Whether anybody uses the channel. */
export function inUse(channel: Channel): boolean {
  return channel.watched || channel.listens.size > 0 || channel.calls > 0;
}

/** Opens the channel under the number `ch` with everything that is wanted of it. */
export function openChannel(channel: Channel, ch: number, out: Out): void {
  channel.ch = ch;
  channel.phase = "opening";
  const { unit, key, digest } = channel;
  out.send(Kind.Open, writeOpen, { ch, name: unit.name, digest: digestHead(digest), key });
  if (channel.watched) subscribe(channel, channel.held, out);
  for (const listened of channel.listens.values()) listen(channel, listened, out);
}

/** The first 8 bytes of a digest, which is what `open` sends. */
export function digestHead(digest: Digest): Uint8Array {
  return Uint8Array.from({ length: 8 }, (_, i) => Number.parseInt(digest.slice(i * 2, i * 2 + 2), 16));
}

/** Subscribes, unless there is no state or it cannot be decoded. */
export function subscribe(channel: Channel, offered: Held | undefined, out: Out): void {
  if (channel.unit.state === undefined || channel.failure !== undefined) return;
  channel.subscription = "subscribing";
  channel.offered = offered;
  const held = offered === undefined ? {} : { epoch: offered.epoch, version: offered.version, level: offered.level };
  out.send(Kind.Subscribe, writeSubscribe, { ch: channel.ch, ...held });
}

/** Ends the subscription; the value stays readable. */
export function unsubscribe(channel: Channel, out: Out): void {
  if (channel.subscription === "none") return;
  out.send(Kind.Unsubscribe, writeUnsubscribe, { ch: channel.ch });
  channel.unsubscribing++;
  forgetView(channel);
}

function forgetView(channel: Channel): void {
  channel.subscription = "none";
  channel.offered = undefined;
  channel.view = undefined;
  channel.loading = undefined;
  channel.synced = false;
}

/** Begins to listen to an event on an open channel. */
export function listen({ ch }: Channel, { event, key }: Listened, out: Out): void {
  out.send(Kind.Listen, writeListen, { ch, event, key });
}

/** Ends listening to an event. */
export function unlisten(channel: Channel, { event, key }: Listened, out: Out): void {
  channel.early = channel.early.filter(({ topic }) => topic !== topicOf(event, key));
  out.send(Kind.Unlisten, writeUnlisten, { ch: channel.ch, event, key });
}

/** Closes a channel that nobody uses any more. */
export function closeChannel(channel: Channel, out: Out): void {
  if (channel.phase === "opening" || channel.phase === "open") out.send(Kind.Close, writeClose, { ch: channel.ch });
  disconnect(channel);
  channel.early = [];
}

/** Forgets everything that only the lost connection knew. */
export function disconnect(channel: Channel): void {
  channel.phase = "closed";
  channel.digest = channel.unit.digest;
  channel.unsubscribing = 0;
  forgetView(channel);
}

/** Notes a refusal. Gives "again" if this program stands in for the digest that the server has: open once more with that one. */
export function refuseChannel(channel: Channel, frame: OpenRefused): "again" | "refused" {
  const theirs = frame.digest === undefined ? undefined : hex(frame.digest);
  const ancestor = channel.unit.ancestors.find((digest) => theirs !== undefined && sameDigest(digest, theirs));
  const again = frame.code === OpenCode.Diverged && ancestor !== undefined && ancestor !== channel.digest;
  disconnect(channel);
  if (again) {
    channel.digest = ancestor;
    return "again";
  }
  channel.phase = "refused";
  channel.refusal = refusalOf(channel, frame, theirs);
  return "refused";
}

function refusalOf(channel: Channel, frame: OpenRefused, theirs: Digest | undefined): Failure {
  const code = OPEN_CODES[frame.code] ?? "unavailable";
  if (code !== "diverged") return { code, message: frame.message, digest: theirs };
  const message = `${channel.unit.name}: this program has digest ${channel.unit.digest}, the server ${theirs ?? "another"}; neither knows the other`;
  return { code, message, digest: theirs };
}

/** The numbers of `OpenCode` as words; see `CALL_CODES`. */
export const OPEN_CODES: readonly string[] = [
  "internal",
  "diverged",
  "unknown_unit",
  "denied",
  "not_found",
  "invalid_key",
  "too_many",
  "unavailable",
];

function sameDigest(a: Digest, b: Digest): boolean {
  return a.slice(0, 16) === b.slice(0, 16);
}

/** Whether the client holds what an event or a reply waits for, or has nothing to wait for. */
export function reached(channel: Channel, version: bigint): boolean {
  if (channel.subscription === "none") return true;
  return channel.synced && channel.loading === undefined && (channel.held?.version ?? -1n) >= version;
}

/** Keeps an event until its version is there. */
export function keepEvent(channel: Channel, early: EarlyEvent): void {
  channel.early.push(early);
  if (channel.early.length > MAX_EARLY) channel.early.shift();
}
