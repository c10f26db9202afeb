import type { LinkEvents, Transport } from "./transport.js";

/** The server's end of a connection in memory. */
export interface MemoryPeer {
  /** Called for each message of the client. */
  onMessage: (message: Uint8Array) => void;
  /** Called when the client closes. */
  onClose: (code: number, reason: string) => void;
  /** Sends a message to the client. */
  send(message: Uint8Array | string): void;
  /** Closes the connection, as a server or a broken network would. */
  close(code?: number, reason?: string): void;
}

/**
 * A transport without network, for tests: `accept` is given the server's end of each connection. Everything is delivered in
 * microtasks, in order.
 */
export function memoryTransport(accept: (peer: MemoryPeer) => void): Transport {
  return { dial: (events) => connect(events, accept) };
}

function connect(events: LinkEvents, accept: (peer: MemoryPeer) => void): ReturnType<Transport["dial"]> {
  let open = true;
  const later = (job: () => void): void => queueMicrotask(() => open && job());
  const peer: MemoryPeer = {
    onMessage: () => {},
    onClose: () => {},
    send: (message) => later(() => events.message(message)),
    close: (code = 1006, reason = "") =>
      later(() => {
        open = false;
        events.closed(code, reason);
      }),
  };
  later(() => {
    accept(peer);
    events.opened();
  });
  return {
    send: (message) => later(() => peer.onMessage(message)),
    close: (code, reason) =>
      later(() => {
        open = false;
        peer.onClose(code, reason);
      }),
  };
}
