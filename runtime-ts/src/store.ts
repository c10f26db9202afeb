import { RssError } from "./errors.js";
import { type Channel, topicOf } from "./protocol/channel.js";
import type { Input, Status } from "./protocol/types.js";
import type { EventDef, ListenArgs } from "./wire/defs.js";
import { decode } from "./wire/reader.js";
import { encode } from "./wire/writer.js";

/** What every handle has. */
export interface UnitHandle {
  /** Where the handle stands; the same object until it changes. */
  readonly status: Status;
  /**
   * Calls `listener` after each change of state or status. While there is a listener the store is subscribed (the service is open).
   * Gives a function that ends it.
   */
  readonly subscribe: (listener: () => void) => () => void;
}

declare const eventTypes: unique symbol;

/** A store instance; its calls are properties beside these. */
export interface StoreHandle<K, S, E> extends UnitHandle {
  /** Lets the types of the events be inferred from a handle; never there at run time. */
  readonly [eventTypes]?: E;
  readonly key: K;
  /** The newest complete value, `undefined` before the first one. The same object until it changes; old ones stay valid. */
  readonly get: () => S | undefined;
  /** The version of the value. */
  readonly version: bigint | undefined;
  /** The epoch of the value, a uuid; versions of different epochs cannot be compared. */
  readonly epoch: string | undefined;
  /**
   * Calls the listener for each event of this name (of a keyed one: for exactly this key, which stands before the listener), after the state it
   * names is there. Gives a function that ends it.
   */
  readonly on: <N extends keyof E & string>(name: N, ...args: ListenArgs<E[N]>) => () => void;
  /** For types only, never there: lets a function that takes a handle infer its events. */
  readonly "~events"?: E;
}

/** What a handle needs of its client. */
export interface HandleHost {
  feed(input: Input): void;
  statusOf(channel: Channel): Status;
  /** Reports what a listener threw. */
  thrown(error: unknown): void;
}

/** Runs every listener; what one throws is reported and disturbs nobody. */
export function notifyAll<A>(
  host: Pick<HandleHost, "thrown">,
  listeners: Iterable<(value: A) => void>,
  value: A,
): void {
  for (const listener of [...listeners]) {
    try {
      listener(value);
    } catch (error) {
      host.thrown(error);
    }
  }
}

/** An event with its types erased. */
type ErasedEvent = EventDef<unknown, unknown>;

interface Listeners {
  readonly def: ErasedEvent;
  readonly all: Map<object, (event: unknown) => void>;
}

/** The handle of a store instance or a service, with its types erased; `client.ts` gives them back. */
export class Handle implements StoreHandle<unknown, unknown, Readonly<Record<string, unknown>>> {
  readonly key: unknown;
  readonly #host: HandleHost;
  readonly #channel: Channel;
  readonly #events: Readonly<Record<string, ErasedEvent>>;
  readonly #listeners = new Map<object, () => void>();
  readonly #eventListeners = new Map<string, Listeners>();
  #status: Status;

  constructor(host: HandleHost, channel: Channel, key: unknown, events: Readonly<Record<string, ErasedEvent>>) {
    this.#host = host;
    this.#channel = channel;
    this.#events = events;
    this.#status = host.statusOf(channel);
    this.key = key;
  }

  readonly get = (): unknown => this.#channel.held?.value;

  get version(): bigint | undefined {
    return this.#channel.held?.version;
  }

  get epoch(): string | undefined {
    return this.#channel.held?.epoch;
  }

  get status(): Status {
    const status = this.#host.statusOf(this.#channel);
    if (!sameStatus(status, this.#status)) this.#status = status;
    return this.#status;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const entry = {};
    this.#listeners.set(entry, listener);
    if (this.#listeners.size === 1) this.#host.feed({ type: "watch", channel: this.#channel });
    return () => {
      const last = this.#listeners.delete(entry) && this.#listeners.size === 0;
      if (last) this.#host.feed({ type: "unwatch", channel: this.#channel });
    };
  };

  readonly on = (name: string, ...args: readonly unknown[]): (() => void) => {
    const def = Object.hasOwn(this.#events, name) ? this.#events[name] : undefined;
    if (def === undefined) throw new RssError("unknown", `no event is called ${name}`);
    const key = def.writeKey === undefined ? new Uint8Array() : encode(def.writeKey, args[0]);
    const topic = topicOf(def.id, key);
    const listeners: Listeners = this.#eventListeners.get(topic) ?? { def, all: new Map() };
    const entry = {};
    const { all } = listeners;
    this.#eventListeners.set(topic, listeners);
    // The types of `StoreHandle.on` say that the last argument is who listens.
    all.set(entry, args.at(-1) as (event: unknown) => void);
    const [host, channel] = [this.#host, this.#channel];
    if (all.size === 1) host.feed({ type: "listen", channel, event: def.id, key });
    return () => {
      if (all.delete(entry) && all.size === 0) host.feed({ type: "unlisten", channel, event: def.id, key });
    };
  };

  /** State or status changed. */
  changed(): void {
    notifyAll(this.#host, this.#listeners.values(), undefined);
  }

  /** An event came. */
  deliver(topic: string, body: Uint8Array): void {
    const listeners = this.#eventListeners.get(topic);
    if (listeners === undefined) return;
    try {
      notifyAll(this.#host, listeners.all.values(), decode(listeners.def.read, body));
    } catch (error) {
      this.#host.thrown(error);
    }
  }
}

/** Whether two statuses say the same. */
export function sameStatus(a: Status, b: Status): boolean {
  if (a.kind === "failed" && b.kind === "failed") return a.code === b.code && a.message === b.message;
  if ("retryAt" in a && "retryAt" in b) return a.kind === b.kind && a.retryAt === b.retryAt;
  return a.kind === b.kind;
}
