/** What a transport tells. After `closed` nothing follows. */
export interface LinkEvents {
  opened(): void;
  /** A message; text is handed on so that it can be refused. */
  message(data: Uint8Array | string): void;
  /** The link is gone or never came to be; `code` is a websocket close code. */
  closed(code: number, reason: string): void;
}

/** One connection. */
export interface Link {
  send(message: Uint8Array): void;
  close(code: number, reason: string): void;
}

/** A way to reach the server. */
export interface Transport {
  /** Begins one connection; events come later, never from within this call. */
  dial(events: LinkEvents): Link;
}
