import { RssError } from "../errors.js";
import { Kind } from "../frame.js";
import type { CallErrorKind } from "../wire/defs.js";
import { decode, type Reader } from "../wire/reader.js";
import { readNested } from "../wire/rows.js";
import { type Channel, reached } from "./channel.js";
import {
  type CallFailure,
  type CallResult,
  readSeen,
  type Seen,
  writeCall,
  writeCancel,
} from "./generated/session/v1.js";
import type { Out } from "./out.js";
import type { Views } from "./subscription.js";
import type { CallRequest, CallStream, Outcome } from "./types.js";

/** Most calls that wait to be sent, and the most bytes of their arguments. */
const MAX_QUEUED = 1024;
const MAX_QUEUED_BYTES = 1024 * 1024;
/** What a call frame needs besides its arguments and its key. */
const CALL_OVERHEAD_BYTES = 64;

/** At most so many bytes of a message; a UTF-16 unit of the key takes at most three. */
function sizeOf({ args, key = "" }: CallRequest): number {
  return args.length + key.length * 3 + CALL_OVERHEAD_BYTES;
}

/** A version that a reply waits for. */
interface Gate {
  readonly channel: Channel;
  readonly view: number;
  readonly version: bigint;
  readonly resets: number;
}

interface Pending {
  readonly request: CallRequest;
  deadlineAt: number;
  id: number;
  /** The application has its answer; the server has not said its last word yet. */
  settled: boolean;
  answer: Outcome | undefined;
  gates: readonly Gate[];
}

/** Queued and pending calls. */
export class Requests {
  maxCalls = 128;
  /** Decodes frames of streams, once there was one. */
  decode: CallStream["decode"] | undefined;
  #queue: Pending[] = [];
  #queuedBytes = 0;
  #lastId = 0;
  readonly #sent = new Map<number, Pending>();

  /** Whether somebody waits for the server. */
  get waiting(): boolean {
    for (const pending of this.#sent.values()) if (!pending.settled) return true;
    return false;
  }

  /** The earliest deadline. */
  dueAt(): number | undefined {
    let due = Infinity;
    const look = (pending: Pending): void => {
      if (pending.deadlineAt < due) due = pending.deadlineAt;
    };
    this.#queue.forEach(look);
    this.#sent.forEach(look);
    return due === Infinity ? undefined : due;
  }

  /** Takes a call in; `pump` sends it. */
  add(request: CallRequest, now: number, out: Out): void {
    const size = sizeOf(request);
    this.decode ??= request.stream?.decode;
    if (size > out.maxMessageBytes) {
      out.act({ type: "settle", request, outcome: tooLarge(request) });
    } else if (this.#queue.length >= MAX_QUEUED || this.#queuedBytes + size > MAX_QUEUED_BYTES) {
      out.act({ type: "settle", request, outcome: { kind: "busy", message: "the send queue is full" } });
    } else {
      request.channel.calls++;
      this.#queuedBytes += size;
      const deadlineAt = now + request.deadlineMs;
      this.#queue.push({ request, deadlineAt, id: 0, settled: false, answer: undefined, gates: [] });
    }
  }

  /** Sends what may be sent, in order. */
  pump(now: number, out: Out): void {
    while (this.#sent.size < this.maxCalls) {
      const [pending] = this.#queue;
      if (pending === undefined) return;
      const fits = out.fits(sizeOf(pending.request));
      // What is too large for a server that is not known yet may be what it allows.
      if (!fits && !out.welcomed) return;
      this.#queue.shift();
      this.#queuedBytes -= sizeOf(pending.request);
      if (fits) this.#send(pending, now, out);
      else settle(pending, tooLarge(pending.request), out);
    }
  }

  #send(pending: Pending, now: number, out: Out): void {
    const { channel, method, args, key, stream } = pending.request;
    const endless = stream !== undefined && !stream.limited;
    if (endless) pending.deadlineAt = Infinity;
    // Ids are 32 bits wide; none of those long ago is still in use.
    this.#lastId = (this.#lastId + 1) % 0x1_0000_0000;
    pending.id = this.#lastId;
    this.#sent.set(pending.id, pending);
    const deadlineMs = endless ? 0 : Math.min(0xffff_ffff, Math.max(1, Math.ceil(pending.deadlineAt - now)));
    const { items = 0, bytes = 0 } = stream ?? {};
    const streams = stream !== undefined;
    if (streams) stream.id = pending.id;
    const call = { ch: channel.ch, id: pending.id, method, args, deadlineMs, key, streams, items, bytes };
    out.send(Kind.Call, writeCall, call);
  }

  /** An item, or credit for items. Those of a call that was given up may be on their way. */
  onStream(n: number, body: Uint8Array, out: Out): void {
    if (this.decode === undefined) throw new RssError("protocol", `frame kind ${n} is not a server's`);
    const { id, take } = this.decode(n, body);
    const pending = this.#sent.get(id);
    if (pending === undefined || pending.settled) return;
    const { stream } = pending.request;
    if (stream === undefined || pending.answer !== undefined || !take(stream)) {
      throw new RssError("protocol", "an item or credit that was not asked for");
    }
    out.act({ type: "wake", stream });
  }

  /** The application gives a call up. */
  cancel(request: CallRequest, out: Out): void {
    const queued = this.#queue.find((pending) => pending.request === request);
    if (queued !== undefined) {
      this.#unqueue(queued);
      settle(queued, { kind: "cancelled", message: "given up before it was sent" }, out);
      return;
    }
    for (const pending of this.#sent.values()) if (pending.request === request) this.#cancelSent(pending, out);
  }

  #cancelSent(pending: Pending, out: Out): void {
    if (pending.answer !== undefined) return this.#finish(pending, pending.answer, out);
    if (pending.settled) return;
    out.send(Kind.Cancel, writeCancel, { id: pending.id });
    settle(pending, { kind: "cancelled", message: "given up" }, out);
  }

  #unqueue(pending: Pending): void {
    this.#queue = this.#queue.filter((other) => other !== pending);
    this.#queuedBytes -= sizeOf(pending.request);
  }

  /** Ends calls whose deadline is over. */
  expire(now: number, out: Out): void {
    for (const pending of this.#queue.filter((p) => p.deadlineAt <= now)) {
      this.#unqueue(pending);
      settle(pending, { kind: "unavailable", message: "not connected before the deadline; never sent" }, out);
    }
    const late: Outcome = { kind: "deadline", message: "no answer before the deadline" };
    for (const pending of [...this.#sent.values()]) {
      // The server drops a call at the same age, so that a late answer finds nobody.
      if (pending.deadlineAt <= now) this.#finish(pending, pending.answer ?? late, out);
    }
  }

  /** A reply: kept until the versions it has seen are held. */
  onResult(frame: CallResult, views: Views, out: Out): void {
    this.#answer(frame.id, { kind: "value", body: frame.body }, decode(readAllSeen, frame.seen), views, out);
  }

  /** A failure: kept likewise. */
  onFailure(frame: CallFailure, views: Views, out: Out): void {
    this.#answer(frame.id, outcomeOf(frame), decode(readAllSeen, frame.seen), views, out);
  }

  #answer(id: number, outcome: Outcome, seen: readonly Seen[], views: Views, out: Out): void {
    const pending = this.#sent.get(id);
    if (pending === undefined) return;
    if (pending.settled) {
      this.#sent.delete(id);
      return;
    }
    pending.answer = outcome;
    pending.gates = seen.flatMap(({ view, version }) => {
      const channel = views.get(view);
      return channel === undefined ? [] : [{ channel, view, version, resets: channel.resets }];
    });
    this.#openGates(pending, out);
  }

  /** Hands out the replies whose versions have come. */
  flush(out: Out): void {
    for (const pending of [...this.#sent.values()]) this.#openGates(pending, out);
  }

  #openGates(pending: Pending, out: Out): void {
    if (pending.answer === undefined) return;
    pending.gates = pending.gates.filter((gate) => !isOpen(gate));
    if (pending.gates.length === 0) this.#finish(pending, pending.answer, out);
  }

  #finish(pending: Pending, outcome: Outcome, out: Out): void {
    this.#sent.delete(pending.id);
    settle(pending, outcome, out);
  }

  /** The connection is gone: what was sent and not answered may have happened or not. */
  lose(message: string, out: Out): void {
    for (const pending of this.#sent.values()) {
      settle(pending, pending.answer ?? { kind: "unknown_outcome", message }, out);
    }
    this.#sent.clear();
  }

  /** Nothing queued will ever be sent. */
  abandon(message: string, out: Out): void {
    for (const pending of this.#queue) settle(pending, { kind: "unavailable", message }, out);
    this.#queue = [];
    this.#queuedBytes = 0;
  }

  /** Ends all calls of a channel that the server refused. */
  refuse(channel: Channel, kind: CallErrorKind, message: string, out: Out): void {
    for (const pending of this.#queue.filter((p) => p.request.channel === channel)) {
      this.#unqueue(pending);
      settle(pending, { kind, message }, out);
    }
    for (const pending of this.#unansweredOf(channel)) settle(pending, { kind, message }, out);
  }

  /** The server dropped these calls with a channel that is opened once more: they go again, in order, before all others. */
  requeue(channel: Channel): void {
    const again = this.#unansweredOf(channel);
    for (const pending of again) {
      this.#sent.set(pending.id, { ...pending, settled: true });
      this.#queuedBytes += sizeOf(pending.request);
    }
    this.#queue = [...again, ...this.#queue];
  }

  #unansweredOf(channel: Channel): Pending[] {
    return [...this.#sent.values()].filter(
      (p) => p.request.channel === channel && !p.settled && p.answer === undefined,
    );
  }
}

/** The numbers of `CallCode` as words; a table by name would put each name into a bundle twice. */
export const CALL_CODES: readonly (CallErrorKind | "declared")[] = [
  "internal",
  "declared",
  "denied",
  "invalid",
  "not_found",
  "unimplemented",
  "unavailable",
  "busy",
  "deadline",
  "cancelled",
  "too_large",
  "constraint",
];

function outcomeOf({ code, body, message, rule, path }: CallFailure): Outcome {
  const kind = CALL_CODES[code] ?? "unrecognized";
  if (kind === "declared") return { kind, body };
  return rule === "" ? { kind, message } : { kind, message, rule, path };
}

/** Whether the version is held. After a new beginning the value that comes with it is newer than any reply before. */
function isOpen({ channel, view, version, resets }: Gate): boolean {
  if (channel.subscription === "none") return true;
  const anew = channel.view !== view || channel.resets !== resets;
  return anew ? channel.subscription === "live" : reached(channel, version);
}

function settle(pending: Pending, outcome: Outcome, out: Out): void {
  if (pending.settled) return;
  pending.settled = true;
  pending.request.channel.calls--;
  out.act({ type: "settle", request: pending.request, outcome });
}

function tooLarge({ args }: CallRequest): Outcome {
  return { kind: "too_large", message: `the arguments have ${args.length} bytes` };
}

/** The rows of `seen` in an answer. */
function readAllSeen(r: Reader): Seen[] {
  const seen: Seen[] = [];
  while (r.pos < r.end) seen.push(readNested(r, readSeen));
  return seen;
}
