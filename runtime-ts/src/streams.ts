import { type Calls, toResult } from "./calls.js";
import { RssError } from "./errors.js";
import { encodeFrame, Kind } from "./frame.js";
import type { Channel } from "./protocol/channel.js";
import { readCredit, readItem, writeCredit, writeEnd, writeItem } from "./protocol/generated/session/v1.js";
import type { CallRequest, CallStream, Outcome, StreamFrame } from "./protocol/types.js";
import type { Check } from "./wire/check.js";
import type { CallError, CallOptions, ItemStream, Items, Result, StreamDef } from "./wire/defs.js";
import { decode, type Read } from "./wire/reader.js";
import { readUnit } from "./wire/rows.js";
import { encode, type Write } from "./wire/writer.js";

/** Items of an answer that the server may send ahead of who takes them, and their bytes. */
const WINDOW_ITEMS = 256;
const WINDOW_BYTES = 256 * 1024;

/** A definition with its types erased. */
type Erased = Pick<StreamDef, "id" | "read" | "readError" | "gives"> & {
  readonly write: Write<unknown> | undefined;
  readonly check?: Check<unknown> | undefined;
  readonly writeItem: Write<unknown> | undefined;
};

/** Makes the method of a handle for an rpc with streams. Generated definitions carry it. */
export function runStream(calls: Calls, channel: Channel, def: StreamDef): (...parameters: never[]) => unknown {
  // Generated code keeps the types of the parameters true to the definition.
  const erased = def as unknown as Erased;
  return (...parameters: readonly unknown[]) => {
    const rest = [...parameters];
    const args = erased.write === undefined ? undefined : rest.shift();
    const items = erased.writeItem === undefined ? undefined : (rest.shift() as Items<unknown>);
    const options = rest[0] as CallOptions | undefined;
    const call = new StreamCall(calls, channel, erased, args, items, options ?? {});
    return erased.gives ? call : call.result;
  };
}

/** One call with streams, from its first use to its end. */
class StreamCall implements CallStream, ItemStream<unknown, unknown>, AsyncIterator<unknown> {
  id = 0;
  readonly decode: CallStream["decode"] = decodeStreamFrame;
  readonly items: number;
  readonly bytes: number;
  readonly limited: boolean;
  readonly #calls: Calls;
  readonly #def: Erased;
  readonly #begin: () => void;
  readonly #result: Promise<Result<unknown, unknown>>;
  /** What the server may still send. */
  #room: { items: number; bytes: number };
  /** What was taken since credit was last given. */
  #taken = { items: 0, bytes: 0 };
  #arrived: Uint8Array[] = [];
  /** What may still be sent. */
  #credit = { items: 0, bytes: 0 };
  #request: CallRequest | undefined;
  #begun = false;
  #end: Result<unknown, unknown> | undefined;
  /** Nobody takes items any more. */
  #left = false;
  #fault: CallError | undefined;
  #waiters: (() => void)[] = [];

  constructor(
    calls: Calls,
    channel: Channel,
    def: Erased,
    args: unknown,
    items: Items<unknown> | undefined,
    options: CallOptions,
  ) {
    this.#calls = calls;
    this.#def = def;
    this.items = def.gives ? WINDOW_ITEMS : 0;
    this.bytes = def.gives ? WINDOW_BYTES : 0;
    this.#room = { items: this.items, bytes: this.bytes };
    this.limited = options.deadlineMs !== undefined;
    let resolve: (result: Result<unknown, unknown>) => void;
    this.#result = new Promise((r) => {
      resolve = r;
    });
    this.#begin = () => {
      if (this.#begun) return;
      this.#begun = true;
      const source = items === undefined ? undefined : iterate(items);
      const done = (outcome: Outcome): void => {
        this.#end = this.#toEnd(outcome);
        resolve(this.#end);
        this.wake();
        // What the source did to begin it undoes in its own time.
        void Promise.resolve(source?.return?.()).catch(() => {});
      };
      this.#request = calls.begin(channel, def, args, options, this, done);
      if (source !== undefined && this.#end === undefined) void this.#pump(source);
    };
  }

  #toEnd(outcome: Outcome): Result<unknown, unknown> {
    if (this.#fault !== undefined) return { ok: false, error: this.#fault };
    const read: Read<unknown> = this.#def.gives ? readUnit : this.#def.read;
    // A result without items has no bytes at all.
    if (this.#def.gives && outcome.kind === "value") return { ok: true, value: undefined };
    return toResult({ read, readError: this.#def.readError }, outcome);
  }

  get result(): Promise<Result<never, never>> {
    this.#begin();
    // The types are those of the definition.
    return this.#result as Promise<Result<never, never>>;
  }

  // What the core tells.

  item(body: Uint8Array): boolean {
    if (this.#room.items <= 0 || this.#room.bytes <= 0) return false;
    this.#room.items--;
    this.#room.bytes -= body.length;
    if (!this.#left) this.#arrived.push(body);
    return true;
  }

  credit(items: number, bytes: number): boolean {
    this.#credit.items += items;
    this.#credit.bytes += bytes;
    return true;
  }

  refuse(): void {
    this.#fault = { kind: "too_large", message: "an item is larger than a message may be" };
    this.#cancel();
  }

  wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  #send<T>(kind: number, write: Write<T>, body: T): void {
    if (this.#end === undefined)
      this.#calls.feed({ type: "stream", stream: this, frame: encodeFrame(kind, write, body) });
  }

  #cancel(): void {
    if (this.#request !== undefined) this.#calls.feed({ type: "cancel", request: this.#request });
  }

  // Items of the answer.

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this;
  }

  async next(): Promise<IteratorResult<unknown, undefined>> {
    this.#begin();
    for (;;) {
      const body = this.#arrived.shift();
      if (body !== undefined) return { done: false, value: this.#take(body) };
      if (this.#end !== undefined || this.#left) return this.#finish();
      await this.#changed();
    }
  }

  #take(body: Uint8Array): unknown {
    this.#taken.items++;
    this.#taken.bytes += body.length;
    const { items, bytes } = this.#taken;
    // In large pieces, so that credit costs few frames.
    if (items * 2 >= WINDOW_ITEMS || bytes * 2 >= WINDOW_BYTES) {
      this.#taken = { items: 0, bytes: 0 };
      this.#room.items += items;
      this.#room.bytes += bytes;
      this.#send(Kind.Credit, writeCredit, { id: this.id, items, bytes });
    }
    try {
      return decode<unknown>(this.#def.read, body);
    } catch (thrown) {
      this.#leave();
      throw thrown;
    }
  }

  #finish(): { readonly done: true; readonly value: undefined } {
    const end = this.#end;
    if (end === undefined || end.ok || this.#left) return { done: true, value: undefined };
    this.#left = true;
    throw new RssError("call_failed", "the stream ended with an error", { cause: end.error });
  }

  return(): Promise<IteratorResult<unknown, undefined>> {
    this.#leave();
    return Promise.resolve({ done: true, value: undefined });
  }

  #leave(): void {
    this.#left = true;
    this.#arrived = [];
    this.#cancel();
    this.wake();
  }

  // Items of the caller.

  async #pump(source: AsyncIterator<unknown> | Iterator<unknown>): Promise<void> {
    try {
      while (await this.#mayGoOn()) {
        const { done, value } = await source.next();
        if (this.#end !== undefined) return;
        if (done === true) return this.#send(Kind.End, writeEnd, { id: this.id });
        const body = encode(this.#def.writeItem ?? writeNothing, value);
        this.#credit.items--;
        this.#credit.bytes -= body.length;
        this.#send(Kind.Item, writeItem, { id: this.id, body });
      }
    } catch (thrown) {
      if (this.#end !== undefined) return;
      this.#fault = { kind: "cancelled", message: `the items of the call failed: ${RssError.from(thrown).message}` };
      this.#cancel();
    }
  }

  /** Waits for credit. False: the call is over. */
  async #mayGoOn(): Promise<boolean> {
    while (this.#end === undefined) {
      if (this.#credit.items > 0 && this.#credit.bytes > 0) return true;
      await this.#changed();
    }
    return false;
  }
}

function decodeStreamFrame(n: number, body: Uint8Array): StreamFrame {
  if (n === Kind.Item) {
    const item = decode(readItem, body);
    return { id: item.id, take: (stream) => stream.item(item.body) };
  }
  if (n !== Kind.Credit) throw new RssError("protocol", `frame kind ${n} is not a server's`);
  const { id, items, bytes } = decode(readCredit, body);
  return { id, take: (stream) => stream.credit(items, bytes) };
}

function writeNothing(): void {}

function iterate<T>(items: Items<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}
