import { type Backoff, DEFAULT_BACKOFF } from "./backoff.js";
import { Calls, DEFAULT_DEADLINE_MS, encodeArgs } from "./calls.js";
import { Connection, type TokenSource } from "./connection.js";
import type { RssError } from "./errors.js";
import { watchPage } from "./page.js";
import type { Channel } from "./protocol/channel.js";
import { ClientCore } from "./protocol/core.js";
import type { Action, Input, Status } from "./protocol/types.js";
import { Handle, type HandleHost, notifyAll, type StoreHandle, sameStatus, type UnitHandle } from "./store.js";
import type { Transport } from "./transport.js";
import { type WebSocketConstructor, webSocketTransport } from "./websocket.js";
import type { Check } from "./wire/check.js";
import type { CallOptions, EventDef, RpcDef, SendDef, ServiceDef, StoreDef, StreamDef, UnitDef } from "./wire/defs.js";
import type { Patch } from "./wire/delta.js";
import type { Read } from "./wire/reader.js";
import { hex } from "./wire/text.js";
import { encode, type Write } from "./wire/writer.js";

/** Name and version that the server's log shows. */
const CLIENT = "restream-ts/0.1.0";
/** Milliseconds that something stays open after its last use. */
const DEFAULT_LINGER_MS = 2_000;
/** The longest delay `setTimeout` knows. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** What a client is made with. */
export interface ClientOptions {
  /** Address of the server's socket, e.g. `/socket`; relative to the page. Not needed with `transport`. */
  readonly url?: string | URL | undefined;
  /** Asked before each hello. */
  readonly token?: TokenSource | undefined;
  /** The class to use where there is no global WebSocket, e.g. the one of the package `ws` in Node 20. */
  readonly webSocket?: WebSocketConstructor | undefined;
  /** Another way to reach the server. */
  readonly transport?: Transport | undefined;
  /** How long to wait before trying again. Default: full jitter, 0.5 s doubling to 15 s. */
  readonly backoff?: Partial<Backoff> | undefined;
  /** Deadline of calls that name none, in milliseconds. Default 30,000. */
  readonly deadlineMs?: number | undefined;
  /** How long a store stays subscribed after its last listener went, in milliseconds. Default 2,000. */
  readonly lingerMs?: number | undefined;
  /** A number in 0..1, for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Told about faults that have no caller: a broken protocol, a state that cannot be decoded. Default `console.error`. */
  readonly onError?: ((error: RssError) => void) | undefined;
}

/** What names an instance behind its definition: its key, if it has one. One signature, so that a missing key is said to be missing. */
export type KeyOf<D> =
  D extends StoreDef<infer K, infer _S, infer _M, infer _E>
    ? K extends undefined
      ? [key?: undefined]
      : [key: K]
    : [key?: undefined];

/** The handle that a definition opens: what it holds, and its calls. */
export type HandleOf<D> =
  D extends StoreDef<infer K, infer S, infer M, infer E>
    ? StoreHandle<K, S, E> & M
    : D extends ServiceDef<infer M>
      ? UnitHandle & M
      : never;

/** A connection to a server and everything read through it. Connects on first use. */
export interface Client {
  /** Where the connection stands; the same object until it changes. */
  readonly status: Status;
  /** Calls `listener` when `status` changed. Gives a function that ends it. */
  onStatus(listener: () => void): () => void;
  /** The handle of a store instance or a service; the same one for the same key. */
  open<D extends UnitDef<unknown>>(def: D, ...key: KeyOf<D>): HandleOf<D>;
  /** Connects now: before first use, instead of waiting, or again after the server refused the token. */
  connect(): void;
  /** Ends everything: calls fail, values stay readable. */
  close(): void;
}

/** Makes a client. */
export function createClient(options: ClientOptions): Client {
  return new RuntimeClient(options);
}

type ErasedMethod = RpcDef<unknown> | SendDef<unknown> | StreamDef;

/** A definition with its types erased. */
interface ErasedDef {
  readonly name: string;
  readonly digest: string;
  readonly ancestors: readonly string[];
  readonly methods: Readonly<Record<string, ErasedMethod>>;
  readonly writeKey?: Write<unknown> | undefined;
  readonly checkKey?: Check<unknown> | undefined;
  readonly read?: Read<unknown>;
  readonly patch?: Patch<unknown>;
  readonly events?: Readonly<Record<string, EventDef<unknown, unknown>>>;
}

class RuntimeClient implements Client, HandleHost {
  readonly #options: ClientOptions;
  readonly #core: ClientCore;
  readonly #transport: Transport;
  readonly #calls: Calls;
  readonly #unwatchPage: () => void;
  readonly #listeners = new Map<object, () => void>();
  readonly #opened = new Map<string, WeakRef<Handle>>();
  /** A channel in use keeps its handle alive, and nothing else does. */
  readonly #handles = new WeakMap<Channel, Handle>();
  readonly #gone = new FinalizationRegistry<string>((name) => {
    if (this.#opened.get(name)?.deref() === undefined) this.#opened.delete(name);
  });
  #connection: Connection | undefined;
  #inbox: Input[] = [];
  #busy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt: number | undefined;
  #status: Status;

  constructor(options: ClientOptions) {
    const { backoff, random = Math.random, lingerMs = DEFAULT_LINGER_MS, deadlineMs = DEFAULT_DEADLINE_MS } = options;
    this.#options = options;
    this.#transport = options.transport ?? webSocketTransport(options.url ?? "", options.webSocket);
    this.#core = new ClientCore({ backoff: { ...DEFAULT_BACKOFF, ...backoff }, random, lingerMs, client: CLIENT });
    this.#calls = new Calls((input) => this.feed(input), deadlineMs);
    this.#status = this.#core.status;
    this.#unwatchPage = watchPage((hidden) => this.feed({ type: "hint", hidden }));
  }

  get status(): Status {
    const { status } = this.#core;
    if (!sameStatus(status, this.#status)) this.#status = status;
    return this.#status;
  }

  onStatus(listener: () => void): () => void {
    const entry = {};
    this.#listeners.set(entry, listener);
    return () => this.#listeners.delete(entry);
  }

  connect(): void {
    this.feed({ type: "connect" });
  }

  close(): void {
    this.#unwatchPage();
    this.feed({ type: "close" });
  }

  // The caller's types are those of the definition, which generated code keeps true to what is decoded.
  open(def: object, key?: unknown): never {
    return this.#open(def as ErasedDef, key) as never;
  }

  #open(def: ErasedDef, key: unknown): Handle {
    def.checkKey?.(key);
    const keyBytes = def.writeKey === undefined ? new Uint8Array() : encode(def.writeKey, key);
    const name = `${def.name} ${hex(keyBytes)}`;
    const known = this.#opened.get(name)?.deref();
    if (known !== undefined) return known;
    const { read, patch } = def;
    const state = read === undefined || patch === undefined ? undefined : { read, patch };
    const unit = { name: def.name, digest: def.digest, ancestors: def.ancestors, state };
    const channel = this.#core.channel(unit, keyBytes);
    const handle = new Handle(this, channel, key, def.events ?? {});
    for (const [method, of] of Object.entries(def.methods)) {
      Object.defineProperty(handle, method, { value: this.#method(channel, of), enumerable: true });
    }
    this.#handles.set(channel, handle);
    this.#opened.set(name, new WeakRef(handle));
    this.#gone.register(handle, name);
    return handle;
  }

  #method(channel: Channel, def: ErasedMethod): (...args: never[]) => unknown {
    if (def.kind === "stream") return def.run(this.#calls, channel, def);
    if (def.kind === "send") return (args?: unknown) => this.#send(channel, def, args);
    if (def.write === undefined) return (options?: CallOptions) => this.#calls.call(channel, def, undefined, options);
    return (args: unknown, options?: CallOptions) => this.#calls.call(channel, def, args, options);
  }

  #send(channel: Channel, def: SendDef<unknown>, args: unknown): boolean {
    if (!this.#core.connected) return false;
    this.feed({ type: "send", channel, method: def.id, args: encodeArgs(def, args) });
    return true;
  }

  statusOf(channel: Channel): Status {
    return this.#core.statusOf(channel);
  }

  thrown(error: unknown): void {
    const platform: { readonly reportError?: (error: unknown) => void } = globalThis;
    if (platform.reportError === undefined) console.error(error);
    else platform.reportError(error);
  }

  /** Gives the core what happened and does what it asks for. What listeners do meanwhile comes after, in order. */
  feed(input: Input): void {
    this.#inbox.push(input);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
        for (const action of this.#core.handle(next, now())) this.#perform(action);
      }
    } finally {
      this.#busy = false;
    }
    this.#schedule();
  }

  #perform(action: Action): void {
    switch (action.type) {
      case "dial":
        return this.#dial();
      case "transmit":
        return this.#connection?.send(action.message);
      case "hangup":
        this.#connection?.close(action.code, action.reason);
        this.#connection = undefined;
        return;
      case "linkChanged":
        return notifyAll(this, this.#listeners.values(), undefined);
      case "changed":
        return this.#handles.get(action.channel)?.changed();
      case "wake":
        return action.stream.wake();
      case "settle":
        return this.#calls.settle(action.request, action.outcome);
      case "event":
        return this.#handles.get(action.channel)?.deliver(action.topic, action.body);
      case "report":
        return this.#report(action.error);
    }
  }

  #dial(): void {
    this.#connection = new Connection(this.#transport, this.#options.token ?? (() => undefined), {
      opened: (token) => this.feed({ type: "opened", token }),
      message: (data) => this.feed({ type: "message", data }),
      lost: (code, reason) => this.feed({ type: "lost", code, reason }),
    });
  }

  #report(error: RssError): void {
    const { onError = console.error } = this.#options;
    notifyAll(this, [onError], error);
  }

  /** One timer for everything the core waits for; one that rings early does no harm. */
  #schedule(): void {
    const dueAt = this.#core.dueAt();
    if (dueAt === undefined || (this.#timerAt !== undefined && this.#timerAt <= dueAt)) return;
    clearTimeout(this.#timer);
    this.#timerAt = dueAt;
    this.#timer = setTimeout(
      () => {
        this.#timerAt = undefined;
        this.feed({ type: "tick" });
      },
      Math.min(MAX_TIMEOUT_MS, Math.max(0, Math.ceil(dueAt - now()))),
    );
  }
}

/** Milliseconds since 1970 by a clock that is never set back. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
