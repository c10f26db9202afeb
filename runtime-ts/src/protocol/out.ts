import { encodeFrame, encodeMessages } from "../frame.js";
import type { Write } from "../wire/writer.js";
import type { Channel } from "./channel.js";
import type { Action } from "./types.js";

/** Most bytes of the message that carries the hello. Source: docs/protocol.md, "Hello". */
const HELLO_BYTES = 8 * 1024;
/** Most bytes of a message before the welcome names another limit. Source: docs/protocol.md, "Hello". */
const GREETING_BYTES = 64 * 1024;

/**
 * What one input gives: frames are gathered into messages, and a channel that changed several times is told once, before
 * the replies and events that came with the change.
 */
export class Out {
  maxMessageBytes: number = GREETING_BYTES;
  /** Whether the limit of this connection is known: it holds from the welcome on. */
  welcomed: boolean = false;
  #frames: Uint8Array[] = [];
  #greeting = false;
  #first: Action[] = [];
  #last: Action[] = [];
  readonly #changed = new Set<Channel>();

  /** Sends a frame on the present connection. */
  send<T>(kind: number, write: Write<T>, body: T): void {
    this.#frames.push(encodeFrame(kind, write, body));
  }

  /** Sends a frame that is made already. */
  raw(frame: Uint8Array): void {
    this.#frames.push(frame);
  }

  /** The next message is the first of its connection. */
  greet(): void {
    this.#greeting = true;
    this.welcomed = false;
  }

  /** Most bytes of a message at present: another server, or the same one started anew, may allow less than before. */
  get #limit(): number {
    return this.welcomed ? this.maxMessageBytes : Math.min(GREETING_BYTES, this.maxMessageBytes);
  }

  /** Whether a frame of so many bytes may be sent at present. */
  fits(bytes: number): boolean {
    return bytes <= this.#limit;
  }

  /** Drops frames that no connection is left for. */
  drop(): void {
    this.#frames = [];
  }

  /** Whether a frame waits to be sent. */
  get sends(): boolean {
    return this.#frames.length > 0;
  }

  /** Asks for something that has to do with the connection. */
  link(action: Action): void {
    this.flush();
    this.#first.push(action);
  }

  /** The application is told about this channel. */
  changed(channel: Channel): void {
    this.#changed.add(channel);
  }

  /** Asks for something that comes after all changes. */
  act(action: Action): void {
    this.#last.push(action);
  }

  /** Puts the frames gathered so far into messages. */
  flush(): void {
    const first = this.#greeting ? HELLO_BYTES : this.#limit;
    for (const message of encodeMessages(this.#frames, first, this.#limit)) {
      this.#first.push({ type: "transmit", message });
    }
    if (this.#frames.length > 0) this.#greeting = false;
    this.#frames = [];
  }

  /** Takes everything asked for. */
  take(): Action[] {
    this.flush();
    const changes = Array.from(this.#changed, (channel): Action => ({ type: "changed", channel }));
    const actions = [...this.#first, ...changes, ...this.#last];
    this.#first = [];
    this.#last = [];
    this.#changed.clear();
    return actions;
  }
}
