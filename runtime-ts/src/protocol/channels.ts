import { RssError } from "../errors.js";
import { hex } from "../wire/text.js";
import {
  type Channel,
  closeChannel,
  disconnect,
  inUse,
  keepEvent,
  type Listened,
  listen,
  openChannel,
  reached,
  refuseChannel,
  subscribe,
  topicOf,
  unlisten,
} from "./channel.js";
import {
  type EventFrame,
  type Listening,
  OpenCode,
  type Opened,
  type OpenRefused,
  type Subscribed,
  type Unsubscribed,
} from "./generated/session/v1.js";
import type { Out } from "./out.js";
import type { Requests } from "./requests.js";
import { endSubscription, onSubscribed, type Views } from "./subscription.js";

/** What an open frame needs besides its key and its name. */
const OPEN_OVERHEAD_BYTES = 64;

/** Everything in use, and where the numbers of the present connection lead. */
export class Channels {
  /** Set by the owner: whether frames can be sent. */
  connected: boolean = false;
  readonly views: Views = new Map();
  readonly #streams = new Map<number, { readonly channel: Channel; readonly topic: string }>();
  readonly #channels = new Set<Channel>();
  readonly #byCh = new Map<number, Channel>();
  /** Those with something that goes on for a moment only, and those with events that wait for a version. */
  readonly #resting = new Set<Channel>();
  readonly #early = new Set<Channel>();
  readonly #out: Out;
  readonly #requests: Requests;
  readonly #lingerMs: number;
  #lastCh = 0;

  constructor(out: Out, requests: Requests, lingerMs: number) {
    this.#out = out;
    this.#requests = requests;
    this.#lingerMs = lingerMs;
  }

  /** When the next unused channel is to be closed. */
  dueAt(): number | undefined {
    let due: number | undefined;
    for (const { idleAt } of this.#resting) {
      if (idleAt !== undefined && (due === undefined || idleAt < due)) due = idleAt;
    }
    return due;
  }

  /** The application is told about all of them. */
  changed(): void {
    for (const channel of this.#channels) this.#out.changed(channel);
  }

  /** A connection begins: opens everything in use. */
  open(): void {
    for (const channel of this.#channels) if (inUse(channel)) this.#open(channel);
  }

  #open(channel: Channel): void {
    this.#byCh.delete(channel.ch);
    const { key, unit } = channel;
    // A server would end the connection, and with it everything else, each time it is told.
    if (!this.#out.fits(key.length + unit.name.length + OPEN_OVERHEAD_BYTES)) {
      const message = `the key has ${key.length} bytes`;
      refuseChannel(channel, { ch: 0, code: OpenCode.InvalidKey, message, digest: undefined });
      return this.#refused(channel);
    }
    openChannel(channel, ++this.#lastCh, this.#out);
    this.#byCh.set(channel.ch, channel);
  }

  /** The connection is gone. */
  disconnect(): void {
    this.views.clear();
    this.#streams.clear();
    this.#byCh.clear();
    this.#lastCh = 0;
    for (const channel of this.#channels) disconnect(channel);
  }

  /** Something is wanted of the channel: opens it if need be. A refusal stands unless it may be a passing one. */
  use(channel: Channel): void {
    this.#channels.add(channel);
    const again = channel.phase === "refused" && channel.refusal?.code !== "diverged";
    if (this.connected && (channel.phase === "closed" || again)) this.#open(channel);
  }

  /** Something wanted of the channel has ended: what is out of use is closed a little later, so that a page switch costs nothing. */
  rest(channel: Channel, now: number): void {
    if (!this.#channels.has(channel)) return;
    channel.idleAt = now + this.#lingerMs;
    this.#resting.add(channel);
  }

  /** Closes what has been out of use for long enough. */
  closeIdle(now: number): void {
    for (const channel of [...this.#resting]) {
      if (channel.idleAt !== undefined && channel.idleAt > now) continue;
      channel.idleAt = undefined;
      this.#resting.delete(channel);
      if (!inUse(channel)) this.#close(channel);
      else if (!channel.watched) endSubscription(channel, this.views, this.#out);
    }
  }

  #close(channel: Channel): void {
    this.#forgetStreams(channel, undefined);
    if (channel.view !== undefined) this.views.delete(channel.view);
    closeChannel(channel, this.#out);
    this.#byCh.delete(channel.ch);
    this.#channels.delete(channel);
  }

  /** Somebody wants the state. */
  watch(channel: Channel): void {
    if (channel.watched) return;
    channel.watched = true;
    const opened = isOpened(channel);
    this.use(channel);
    // Nothing was unsubscribed yet, or else what is held is offered, and the gap comes as deltas.
    if (opened && channel.subscription === "none") subscribe(channel, channel.held, this.#out);
  }

  /** Nobody wants the state any more. */
  unwatch(channel: Channel, now: number): void {
    channel.watched = false;
    this.rest(channel, now);
  }

  /** Somebody wants an event. */
  listen(channel: Channel, { event, key }: Listened): void {
    channel.listens.set(topicOf(event, key), { event, key });
    const opened = isOpened(channel);
    this.use(channel);
    if (opened) listen(channel, { event, key }, this.#out);
  }

  /** Nobody wants an event any more. */
  unlisten(channel: Channel, listened: Listened, now: number): void {
    const topic = topicOf(listened.event, listened.key);
    channel.listens.delete(topic);
    this.#forgetStreams(channel, topic);
    if (isOpened(channel)) unlisten(channel, listened, this.#out);
    this.rest(channel, now);
  }

  #forgetStreams(channel: Channel, topic: string | undefined): void {
    for (const [stream, target] of [...this.#streams]) {
      if (target.channel === channel && (topic ?? target.topic) === target.topic) this.#streams.delete(stream);
    }
  }

  onOpened(frame: Opened): void {
    const channel = this.#byCh.get(frame.ch);
    if (channel?.phase !== "opening") return;
    channel.phase = "open";
    channel.refusal = undefined;
    channel.serverDigest = hex(frame.digest);
    if (channel.failure !== undefined && channel.failure.digest !== channel.serverDigest) {
      channel.failure = undefined;
      channel.faults = 0;
      if (channel.watched) subscribe(channel, undefined, this.#out);
    }
    this.#out.changed(channel);
  }

  onRefused(frame: OpenRefused, now: number): void {
    const channel = this.#byCh.get(frame.ch);
    if (channel?.phase !== "opening") return;
    if (refuseChannel(channel, frame) === "again") {
      this.#open(channel);
      this.#requests.requeue(channel);
      return;
    }
    // What the server says of this number from now on answers what was sent before it knew.
    this.#byCh.delete(frame.ch);
    this.#refused(channel);
    this.rest(channel, now);
  }

  #refused(channel: Channel): void {
    const { code = "", message = "" } = channel.refusal ?? {};
    const kind = code === "denied" || code === "not_found" ? code : "unavailable";
    this.#requests.refuse(channel, kind, message, this.#out);
    this.#out.changed(channel);
  }

  onSubscribed(frame: Subscribed): void {
    const channel = this.#byCh.get(frame.ch);
    if (channel !== undefined) onSubscribed(channel, frame, this.views, this.#out);
  }

  onUnsubscribed(frame: Unsubscribed): void {
    const channel = this.#byCh.get(frame.ch);
    if (channel !== undefined && channel.unsubscribing > 0) channel.unsubscribing--;
  }

  onListening(frame: Listening): void {
    const channel = this.#byCh.get(frame.ch);
    const topic = topicOf(frame.event, frame.key);
    if (channel === undefined || !channel.listens.has(topic)) return;
    if (frame.denied) {
      const error = new RssError("call_failed", `an event of ${channel.unit.name} was denied`);
      this.#out.act({ type: "report", error });
      return;
    }
    this.#streams.set(frame.stream, { channel, topic });
  }

  onEvent(frame: EventFrame): void {
    const target = this.#streams.get(frame.stream);
    if (target === undefined) return;
    keepEvent(target.channel, { topic: target.topic, version: frame.version, body: frame.body });
    this.#flushEventsOf(target.channel);
  }

  /** Hands out the events whose versions have come. Without a connection they wait for the next one. */
  flushEvents(): void {
    if (!this.connected) return;
    for (const channel of [...this.#early]) this.#flushEventsOf(channel);
  }

  #flushEventsOf(channel: Channel): void {
    while (channel.early[0] !== undefined && reached(channel, channel.early[0].version)) {
      const { topic, body } = channel.early[0];
      channel.early.shift();
      this.#out.act({ type: "event", channel, topic, body });
    }
    if (channel.early.length === 0) this.#early.delete(channel);
    else this.#early.add(channel);
  }
}

function isOpened(channel: Channel): boolean {
  return channel.phase === "opening" || channel.phase === "open";
}
