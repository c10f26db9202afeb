import { backoffDelay } from "../backoff.js";
import { RssError } from "../errors.js";
import { decodeMessage, type Frame, Kind } from "../frame.js";
import { decode } from "../wire/reader.js";
import { type Channel, newChannel } from "./channel.js";
import { Channels } from "./channels.js";
import * as session from "./generated/session/v1.js";
import {
  type Goodbye,
  GoodbyeCode,
  type Welcome,
  writeGoodbye,
  writeHello,
  writePing,
  writePong,
  writeSend,
} from "./generated/session/v1.js";
import { channelStatus, goodbyeName, isFinal, type Link, linkStatus } from "./link.js";
import { Liveness } from "./liveness.js";
import { Out } from "./out.js";
import { Requests } from "./requests.js";
import { onAdvance, onDelta, onSnapshot } from "./subscription.js";
import type { Action, CallRequest, CallStream, CoreOptions, CoreUnit, Input, Status } from "./types.js";

/** The protocol version this client speaks. */
const PROTOCOL = 1;
/** Milliseconds from dialling to the welcome. */
const DIAL_MS = 15_000;
/** What a send frame needs besides its arguments. */
const SEND_OVERHEAD_BYTES = 64;
/** What calls are told after `close`. */
const CLOSED = "the client was closed";
/** A connection that lived this long starts the back-off anew. */
const SETTLED_MS = 5_000;

/**
 * The client's side of the session protocol. It does no IO and reads no clock: what happens goes into `handle` with the time,
 * what is to be done comes out.
 */
export class ClientCore {
  readonly #options: CoreOptions;
  readonly #out = new Out();
  readonly #requests = new Requests();
  readonly #liveness = new Liveness();
  readonly #channels: Channels;
  #link: Link = { kind: "idle" };
  #attempt = 0;
  #wasLive = false;
  #lastPing = 0;

  constructor(options: CoreOptions) {
    this.#options = options;
    this.#channels = new Channels(this.#out, this.#requests, options.lingerMs);
  }

  /** A channel for a store instance or a service; it does nothing until it is used. */
  channel(unit: CoreUnit, key: Uint8Array): Channel {
    return newChannel(unit, key);
  }

  /** Whether frames can be sent. */
  get connected(): boolean {
    return this.#link.kind === "greeting" || this.#link.kind === "live";
  }

  /** When `tick` must come next, in milliseconds of the clock that `handle` is given. */
  dueAt(): number | undefined {
    const times = [this.#linkDueAt(), this.#requests.dueAt(), this.#channels.dueAt()];
    const due = times.filter((time) => time !== undefined);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  #linkDueAt(): number | undefined {
    const link = this.#link;
    if (link.kind === "live") return this.#liveness.dueAt(this.#requests.waiting);
    return "dueAt" in link ? link.dueAt : undefined;
  }

  /** Takes what happened and gives what is to be done, in order. */
  handle(input: Input, now: number): Action[] {
    this.#take(input, now);
    if (this.connected) this.#requests.pump(now, this.#out);
    if (this.connected && this.#out.sends) this.#liveness.sent(now);
    const actions = this.#out.take();
    for (const action of actions) if (action.type === "settle") this.#channels.rest(action.request.channel, now);
    return actions;
  }

  #take(input: Input, now: number): void {
    switch (input.type) {
      case "connect":
        return this.#connect(now);
      case "opened":
        return this.#greet(input.token, now);
      case "message":
        return this.#receive(input.data, now);
      case "lost":
        return this.#onLost(input.code, input.reason, now);
      case "tick":
        return this.#tick(now);
      case "hint":
        return this.#hint(input.hidden, now);
      case "watch":
        this.#wake(now);
        return this.#channels.watch(input.channel);
      case "unwatch":
        return this.#channels.unwatch(input.channel, now);
      case "listen":
        this.#wake(now);
        return this.#channels.listen(input.channel, input);
      case "unlisten":
        return this.#channels.unlisten(input.channel, input, now);
      case "call":
        return this.#call(input.request, now);
      case "cancel":
        this.#requests.cancel(input.request, this.#out);
        return this.#channels.rest(input.request.channel, now);
      case "stream":
        return this.#stream(input.stream, input.frame);
      case "send":
        return this.#send(input.channel, input.method, input.args, now);
      case "close":
        return this.#close();
    }
  }

  // The link.

  /** The first use connects. */
  #wake(now: number): void {
    if (this.#link.kind === "idle") this.#connect(now);
  }

  #connect(now: number): void {
    if (this.connected || this.#link.kind === "connecting" || this.#link.kind === "closed") return;
    this.#setLink({ kind: "connecting", dueAt: now + DIAL_MS });
    this.#out.link({ type: "dial" });
  }

  #setLink(link: Link): void {
    this.#link = link;
    this.#channels.connected = this.connected;
    this.#out.act({ type: "linkChanged" });
    this.#channels.changed();
  }

  #greet(token: string | undefined, now: number): void {
    if (this.#link.kind !== "connecting") return;
    this.#setLink({ kind: "greeting", dueAt: this.#link.dueAt });
    this.#liveness.start(now);
    this.#out.greet();
    this.#out.send(Kind.Hello, writeHello, { protocol: PROTOCOL, token, client: this.#options.client });
    this.#channels.open();
  }

  #onLost(code: number, reason: string, now: number): void {
    const goodbye = code >= 4000 ? code - 4000 : undefined;
    if (goodbye !== undefined && isFinal(goodbye, this.#link)) this.#fail(goodbye, reason);
    else {
      this.#forgive();
      this.#lose(reason === "" ? `the connection was lost (${code})` : reason, undefined, now);
    }
  }

  /** A link that was cut is no reason to stay away for long; a server that says goodbye or breaks the protocol is. */
  #forgive(): void {
    if (this.#link.kind === "live") this.#attempt = Math.min(this.#attempt, 1);
  }

  /** The connection is gone or given up: wait, then try again. */
  #lose(message: string, retryAfterMs: number | undefined, now: number): void {
    const link = this.#link;
    if (!this.connected && link.kind !== "connecting") return;
    if (link.kind === "live" && now - link.since >= SETTLED_MS) this.#attempt = 0;
    this.#dropConnection(message);
    // What the server asks for comes on top, so that not all of its clients come back at the same moment.
    const delay = (retryAfterMs ?? 0) + backoffDelay(this.#attempt, this.#options.random(), this.#options.backoff);
    this.#attempt++;
    this.#setLink({ kind: "waiting", dueAt: now + delay });
  }

  #dropConnection(message: string): void {
    this.#out.drop();
    this.#channels.disconnect();
    this.#requests.lose(message, this.#out);
  }

  /** The server will not have us: nothing is tried again until the application asks. */
  #fail(code: number, message: string): void {
    this.#dropConnection(message);
    this.#requests.abandon(message, this.#out);
    this.#setLink({ kind: "failed", code: goodbyeName(code), message });
  }

  #hangup(code: GoodbyeCode, message: string): void {
    this.#out.send(Kind.Goodbye, writeGoodbye, { code, message });
    this.#out.link({ type: "hangup", code: code === GoodbyeCode.Normal ? 1000 : 4000 + code, reason: message });
  }

  #close(): void {
    if (this.#link.kind === "closed") return;
    if (this.connected) this.#hangup(GoodbyeCode.Normal, "");
    else if (this.#link.kind === "connecting") this.#out.link({ type: "hangup", code: 1000, reason: "" });
    this.#dropConnection(CLOSED);
    this.#requests.abandon(CLOSED, this.#out);
    this.#setLink({ kind: "closed" });
  }

  #hint(hidden: boolean, now: number): void {
    this.#liveness.hint(hidden);
    if (!hidden && this.#link.kind === "waiting") this.#connect(now);
    else this.#tick(now);
  }

  #tick(now: number): void {
    this.#requests.expire(now, this.#out);
    this.#channels.closeIdle(now);
    const link = this.#link;
    if (link.kind === "live") this.#probe(now);
    else if ("dueAt" in link && link.dueAt <= now) {
      if (link.kind === "waiting") this.#connect(now);
      else this.#giveUp("no answer while connecting", now);
    }
  }

  #probe(now: number): void {
    const verdict = this.#liveness.check(this.#requests.waiting, now);
    if (verdict === "dead") this.#giveUp("the server went silent", now);
    if (verdict === "probe") this.#out.send(Kind.Ping, writePing, { n: ++this.#lastPing });
  }

  #giveUp(message: string, now: number): void {
    this.#out.drop();
    this.#out.link({ type: "hangup", code: 4000 + GoodbyeCode.Timeout, reason: message });
    this.#forgive();
    this.#lose(message, undefined, now);
  }

  // What the server sends.

  #receive(data: Uint8Array | string, now: number): void {
    if (!this.connected) return;
    this.#liveness.heard(now);
    try {
      if (typeof data === "string") throw new RssError("protocol", "a text message");
      for (const frame of decodeMessage(data)) {
        if (!this.connected) return;
        this.#onFrame(frame, now);
      }
    } catch (thrown) {
      this.#protocolError(RssError.from(thrown), now);
    }
    this.#channels.flushEvents();
    this.#requests.flush(this.#out);
  }

  #protocolError(cause: RssError, now: number): void {
    const error = new RssError("protocol", `the server broke the protocol: ${cause.message}`, { cause });
    this.#out.act({ type: "report", error });
    if (!this.connected) return;
    this.#hangup(GoodbyeCode.Protocol, cause.message);
    this.#lose(error.message, undefined, now);
  }

  #onFrame(frame: Frame, now: number): void {
    if (frame.type === "delta") {
      onDelta(frame.view, frame.steps, frame.check, frame.body, this.#channels.views, this.#out);
      return;
    }
    const { n } = frame;
    const early = n !== Kind.Welcome && n !== Kind.Goodbye && n !== Kind.Ping;
    if (this.#link.kind === "greeting" && early) throw new RssError("protocol", `frame kind ${n} before welcome`);
    this.#onControl(n, frame.body, now);
  }

  #onControl(n: number, body: Uint8Array, now: number): void {
    const [channels, requests, out] = [this.#channels, this.#requests, this.#out];
    const { views } = channels;
    switch (n) {
      case Kind.Welcome:
        return this.#welcome(decode(session.readWelcome, body), now);
      case Kind.Opened:
        return channels.onOpened(decode(session.readOpened, body));
      case Kind.Refused:
        return channels.onRefused(decode(session.readOpenRefused, body), now);
      case Kind.Subscribed:
        return channels.onSubscribed(decode(session.readSubscribed, body));
      case Kind.Snapshot:
        return onSnapshot(decode(session.readSnapshotChunk, body), views, out);
      case Kind.Advance:
        return onAdvance(decode(session.readAdvance, body), views, out);
      case Kind.Unsubscribed:
        return channels.onUnsubscribed(decode(session.readUnsubscribed, body));
      case Kind.Result:
        return requests.onResult(decode(session.readCallResult, body), views, out);
      case Kind.Failure:
        return requests.onFailure(decode(session.readCallFailure, body), views, out);
      case Kind.Listening:
        return channels.onListening(decode(session.readListening, body));
      case Kind.Event:
        return channels.onEvent(decode(session.readEventFrame, body));
      case Kind.Ping:
        return out.send(Kind.Pong, writePong, { n: decode(session.readPing, body).n });
      case Kind.Pong:
        decode(session.readPong, body);
        return;
      case Kind.Goodbye:
        return this.#onGoodbye(decode(session.readGoodbye, body), now);
      default:
        return requests.onStream(n, body, out);
    }
  }

  #welcome({ maxMessageBytes, maxCalls }: Welcome, now: number): void {
    if (this.#link.kind !== "greeting") throw new RssError("protocol", "a second welcome");
    if (maxMessageBytes > 0) this.#out.maxMessageBytes = maxMessageBytes;
    if (maxCalls > 0) this.#requests.maxCalls = maxCalls;
    this.#out.welcomed = true;
    this.#wasLive = true;
    this.#setLink({ kind: "live", since: now });
  }

  #onGoodbye(body: Goodbye, now: number): void {
    this.#out.link({ type: "hangup", code: 1000, reason: "" });
    if (isFinal(body.code, this.#link)) this.#fail(body.code, body.message);
    else this.#lose(body.message || `the server said goodbye (${body.code})`, body.retryAfterMs, now);
  }

  // Calls.

  #call(request: CallRequest, now: number): void {
    const refusal = this.#refusal(request.channel, now);
    if (refusal === undefined) return this.#requests.add(request, now, this.#out);
    this.#out.act({ type: "settle", request, outcome: { kind: "unavailable", message: refusal } });
  }

  /** Why nothing can be asked of a channel, if so; else it is open or being opened. */
  #refusal(channel: Channel, now: number): string | undefined {
    const link = this.#link;
    if (link.kind === "closed") return CLOSED;
    if (link.kind === "failed") return link.message;
    this.#wake(now);
    this.#channels.use(channel);
    return channel.phase === "refused" ? (channel.refusal?.message ?? "") : undefined;
  }

  #stream(stream: CallStream, frame: Uint8Array): void {
    if (!this.connected) return;
    if (this.#out.fits(frame.length)) this.#out.raw(frame);
    else stream.refuse();
  }

  #send(channel: Channel, method: number, args: Uint8Array, now: number): void {
    if (!this.connected) return;
    this.#channels.use(channel);
    if (channel.phase === "refused") return;
    if (this.#out.fits(args.length + SEND_OVERHEAD_BYTES))
      this.#out.send(Kind.Send, writeSend, { ch: channel.ch, method, args });
    else
      this.#out.act({ type: "report", error: new RssError("too_large", `${channel.unit.name}: a send was too large`) });
    this.#channels.rest(channel, now);
  }

  /** Where the link stands. */
  get status(): Status {
    return linkStatus(this.#link, this.#wasLive);
  }

  /** Where a handle stands. */
  statusOf(channel: Channel): Status {
    return channelStatus(channel, this.#link, this.#wasLive);
  }
}
