import { DecodeError, RssError } from "../errors.js";
import { applyDelta, decode } from "../wire/reader.js";
import { type Channel, type Loading, subscribe, unsubscribe } from "./channel.js";
import { type Advance, Reset, type SnapshotChunk, type Subscribed } from "./generated/session/v1.js";
import type { Out } from "./out.js";

/** Most bytes of a snapshot. */
const MAX_SNAPSHOT_BYTES = 64 * 1024 * 1024;

/** Versions are 64 bits wide: what is past them could not be told to a server again. */
const MAX_VERSION = 0xffff_ffff_ffff_ffffn;

/** The subscriptions of a connection by view number. */
export type Views = Map<number, Channel>;

/** Takes the answer to a subscription, or a new beginning that the server ordered. */
export function onSubscribed(channel: Channel, frame: Subscribed, views: Views, out: Out): void {
  if (channel.unsubscribing > 0 || channel.subscription === "none") return;
  if (channel.view !== undefined) views.delete(channel.view);
  if (views.has(frame.view)) throw new RssError("protocol", `view ${frame.view} is in use for another store`);
  channel.view = frame.view;
  views.set(frame.view, channel);
  if (frame.reset === Reset.Resumed) resume(channel, frame, out);
  else beginSnapshot(channel, frame);
}

function resume(channel: Channel, frame: Subscribed, out: Out): void {
  const { offered } = channel;
  if (offered === undefined || offered.epoch !== frame.epoch || offered.version !== frame.version) {
    throw new RssError("protocol", `${channel.unit.name} was resumed at a version that is not held`);
  }
  channel.offered = undefined;
  channel.subscription = "live";
  channel.loading = undefined;
  channel.synced = true;
  out.changed(channel);
}

function beginSnapshot(channel: Channel, frame: Subscribed): void {
  channel.subscription = "loading";
  channel.offered = undefined;
  channel.loading = { epoch: frame.epoch, version: frame.version, level: frame.level, chunks: [], bytes: 0 };
  channel.resets++;
  // The versions that these events name belong to the value before; the new one comes after them all.
  channel.early = channel.early.map((early) => ({ ...early, version: 0n }));
}

/** Ends the subscription on both sides; what is still under way for it is dropped. */
export function endSubscription(channel: Channel, views: Views, out: Out): void {
  if (channel.view !== undefined) views.delete(channel.view);
  unsubscribe(channel, out);
}

/** Takes a piece of a snapshot; the value changes with the last one. */
export function onSnapshot(frame: SnapshotChunk, views: Views, out: Out): void {
  const channel = views.get(frame.view);
  const loading = channel?.loading;
  if (channel === undefined || loading === undefined) return;
  loading.chunks.push(frame.bytes);
  loading.bytes += frame.bytes.length;
  if (loading.bytes > MAX_SNAPSHOT_BYTES)
    fault(channel, new RssError("too_large", "the snapshot is too large"), views, out);
  else if (frame.version !== loading.version) fault(channel, new DecodeError("mismatch", 0), views, out);
  else if (frame.last) endSnapshot(channel, loading, views, out);
}

function endSnapshot(channel: Channel, loading: Loading, views: Views, out: Out): void {
  attempt(channel, views, out, ({ read }) => {
    const value = decode(read, concat(loading));
    channel.held = { epoch: loading.epoch, version: loading.version, level: loading.level, value };
    channel.loading = undefined;
    channel.subscription = "live";
    channel.synced = true;
  });
}

function concat({ chunks, bytes }: Loading): Uint8Array {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Applies a delta to the value of its view; `check` is the low 7 bits of the version it starts from. */
export function onDelta(view: number, steps: bigint, check: number, body: Uint8Array, views: Views, out: Out): void {
  const channel = views.get(view);
  if (channel === undefined) return;
  attempt(channel, views, out, ({ patch }) => {
    const { held } = channel;
    if (
      held === undefined ||
      channel.subscription !== "live" ||
      Number(held.version & 127n) !== check ||
      steps === 0n ||
      held.version + steps > MAX_VERSION
    ) {
      throw new DecodeError("mismatch", 0);
    }
    const value = applyDelta(patch, held.value, body);
    channel.held = { ...held, version: held.version + steps, value };
    channel.faults = 0;
  });
}

/** Moves the version without visible change. */
export function onAdvance(frame: Advance, views: Views, out: Out): void {
  const channel = views.get(frame.view);
  if (channel?.held === undefined || channel.subscription !== "live") return;
  const version = channel.held.version + frame.steps;
  if (version > MAX_VERSION) fault(channel, new DecodeError("mismatch", 0), views, out);
  else channel.held = { ...channel.held, version };
}

function attempt(
  channel: Channel,
  views: Views,
  out: Out,
  change: (state: NonNullable<Channel["unit"]["state"]>) => void,
): void {
  if (channel.unit.state === undefined) return;
  try {
    change(channel.unit.state);
    out.changed(channel);
  } catch (thrown) {
    fault(channel, RssError.from(thrown), views, out);
  }
}

/** A value that cannot be used: one more try from a snapshot, then this store has failed, and nothing else. */
function fault(channel: Channel, error: RssError, views: Views, out: Out): void {
  const wasSynced = channel.synced;
  endSubscription(channel, views, out);
  channel.faults++;
  if (channel.faults < 2) {
    // The old value is the last good one: the status stays as it is while it is fetched anew.
    channel.synced = wasSynced;
    subscribe(channel, undefined, out);
    return;
  }
  const offset = error instanceof DecodeError ? ` at byte ${error.offset}` : "";
  const message = `${channel.unit.name} cannot be decoded: ${error.code}${offset}`;
  channel.failure = { code: error.code, message, digest: channel.serverDigest };
  out.act({ type: "report", error: new RssError(error.code, message, { cause: error }) });
  out.changed(channel);
}
