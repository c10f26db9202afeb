import { RssError } from "./errors.js";
import type { Link, LinkEvents, Transport } from "./transport.js";

/** The subprotocol of version 1. Source: docs/protocol.md. */
const SUBPROTOCOL = "restream.v1";
/** Most bytes of a close reason. Source: RFC 6455, section 5.5. */
const MAX_REASON_BYTES = 123;

/** What this library uses of a websocket; the browser's and that of the package `ws` have it. */
export interface WebSocketLike {
  binaryType: string;
  send(data: Uint8Array): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}

/** A constructor such as `globalThis.WebSocket` or the default export of `ws`. */
export type WebSocketConstructor = new (url: string, protocol: string) => WebSocketLike;

/**
 * A transport over a websocket. `url` may be relative where the page has an address; http becomes ws.
 * `webSocket` is needed where there is no global one (Node before 22).
 */
export function webSocketTransport(url: string | URL, webSocket?: WebSocketConstructor): Transport {
  return { dial: (events) => dial(resolveUrl(url), webSocket ?? globalConstructor(), events) };
}

function globalConstructor(): WebSocketConstructor {
  const found: { readonly WebSocket?: unknown } = globalThis;
  if (typeof found.WebSocket !== "function") {
    throw new RssError("no_websocket", "this platform has no WebSocket: give createClient the option webSocket");
  }
  // The platform's own class; its type says more than is used here and differs between platforms.
  return found.WebSocket as WebSocketConstructor;
}

function resolveUrl(url: string | URL): string {
  const page: { readonly location?: { readonly href: string } } = globalThis;
  const resolved = new URL(url, page.location?.href);
  resolved.protocol = resolved.protocol.replace(/^http/, "ws");
  return resolved.href;
}

function dial(url: string, webSocket: WebSocketConstructor, events: LinkEvents): Link {
  const socket = new webSocket(url, SUBPROTOCOL);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => events.opened());
  socket.addEventListener("message", ({ data }) => events.message(bytesOf(data)));
  socket.addEventListener("close", ({ code, reason }) => events.closed(code, reason));
  // A close event follows; without a listener the package `ws` would throw.
  socket.addEventListener("error", () => {});
  return {
    send: (message) => socket.send(message),
    close: (code, reason) => socket.close(code, shorten(reason)),
  };
}

function bytesOf(data: unknown): Uint8Array | string {
  return data instanceof ArrayBuffer ? new Uint8Array(data) : String(data);
}

function shorten(reason: string): string {
  // A UTF-16 unit takes at most three bytes.
  return reason.slice(0, MAX_REASON_BYTES / 3);
}
