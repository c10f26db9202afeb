import { RssError } from "./errors.js";
import type { Link, Transport } from "./transport.js";
import { writeString } from "./wire/text.js";
import { encode } from "./wire/writer.js";

/** Gives the token for the next hello, or `undefined` for none. */
export type TokenSource = () => string | undefined | Promise<string | undefined>;

/** What one connection tells its owner. */
export interface ConnectionEvents {
  opened(token: string | undefined): void;
  message(data: Uint8Array | string): void;
  lost(code: number, reason: string): void;
}

/** The life of one socket: from the token to the close. Once left it says nothing more. */
export class Connection {
  #link: Link | undefined;
  #left = false;

  constructor(transport: Transport, token: TokenSource, events: ConnectionEvents) {
    void this.#start(transport, token, events);
  }

  async #start(transport: Transport, token: TokenSource, events: ConnectionEvents): Promise<void> {
    try {
      const secret = await token();
      // What cannot be encoded is the token's fault, and must be found while somebody catches it.
      if (secret !== undefined) encode(writeString, secret);
      if (this.#left) return;
      this.#link = transport.dial({
        opened: () => this.#tell(() => events.opened(secret)),
        message: (data) => this.#tell(() => events.message(data)),
        closed: (code, reason) => this.#lose(events, code, reason),
      });
    } catch (thrown) {
      this.#lose(events, 1006, RssError.from(thrown).message);
    }
  }

  #tell(say: () => void): void {
    if (!this.#left) say();
  }

  #lose(events: ConnectionEvents, code: number, reason: string): void {
    this.#tell(() => {
      this.#left = true;
      events.lost(code, reason);
    });
  }

  /** Sends a message; a socket that is closing drops it. */
  send(message: Uint8Array): void {
    if (!this.#left) this.#link?.send(message);
  }

  /** Leaves the connection and closes the socket. */
  close(code: number, reason: string): void {
    if (this.#left) return;
    this.#left = true;
    this.#link?.close(code, reason);
  }
}
