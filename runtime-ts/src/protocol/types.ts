import type { Backoff } from "../backoff.js";
import type { RssError } from "../errors.js";
import type { CallError, Digest } from "../wire/defs.js";
import type { Patch } from "../wire/delta.js";
import type { Read } from "../wire/reader.js";
import type { Channel } from "./channel.js";

/** What the core must know of a store or service; a service has no state. */
export interface CoreUnit {
  readonly name: string;
  readonly digest: Digest;
  readonly ancestors: readonly Digest[];
  readonly state: { readonly read: Read<unknown>; readonly patch: Patch<unknown> } | undefined;
}

/** A call as the application made it. The core gives the same object back when it is settled. */
export interface CallRequest {
  readonly channel: Channel;
  readonly method: number;
  readonly args: Uint8Array;
  readonly deadlineMs: number;
  readonly key: string | undefined;
  /** The items of a call with streams. */
  readonly stream?: CallStream | undefined;
}

/** A frame that the server sends for a stream, and what it does to it. */
export interface StreamFrame {
  readonly id: number;
  /** False: it was not asked for. */
  readonly take: (stream: CallStream) => boolean;
}

/** The items of one call, as far as the core has to do with them; a program without streams carries no more of their code. */
export interface CallStream {
  /** The number of the call once it is sent. */
  id: number;
  /** Decodes frames of kinds that the core does not know; throws for those that no server sends. */
  readonly decode: (n: number, body: Uint8Array) => StreamFrame;
  /** A frame was too large to be sent. */
  refuse(): void;
  /** The first credit for the answer. */
  readonly items: number;
  readonly bytes: number;
  /** Whether `deadlineMs` goes on once the call is sent. */
  readonly limited: boolean;
  /** An item came. False: it had no credit. */
  item(body: Uint8Array): boolean;
  /** The server takes more. */
  credit(items: number, bytes: number): boolean;
  /** Called last, when the core is done with what came. */
  wake(): void;
}

/** How a call ended: bytes of the result or of the declared error, or an error of the library. */
export type Outcome =
  | { readonly kind: "value"; readonly body: Uint8Array }
  | { readonly kind: "declared"; readonly body: Uint8Array }
  | CallError;

/** What happens to the core. */
export type Input =
  | { readonly type: "connect" }
  | { readonly type: "opened"; readonly token: string | undefined }
  | { readonly type: "message"; readonly data: Uint8Array | string }
  | { readonly type: "lost"; readonly code: number; readonly reason: string }
  | { readonly type: "tick" }
  | { readonly type: "hint"; readonly hidden: boolean }
  | { readonly type: "watch"; readonly channel: Channel }
  | { readonly type: "unwatch"; readonly channel: Channel }
  | { readonly type: "listen"; readonly channel: Channel; readonly event: number; readonly key: Uint8Array }
  | { readonly type: "unlisten"; readonly channel: Channel; readonly event: number; readonly key: Uint8Array }
  | { readonly type: "call"; readonly request: CallRequest }
  | { readonly type: "cancel"; readonly request: CallRequest }
  | { readonly type: "stream"; readonly stream: CallStream; readonly frame: Uint8Array }
  | { readonly type: "send"; readonly channel: Channel; readonly method: number; readonly args: Uint8Array }
  | { readonly type: "close" };

/** What the core wants done. */
export type Action =
  | { readonly type: "dial" }
  | { readonly type: "transmit"; readonly message: Uint8Array }
  | { readonly type: "hangup"; readonly code: number; readonly reason: string }
  | { readonly type: "linkChanged" }
  | { readonly type: "changed"; readonly channel: Channel }
  | { readonly type: "wake"; readonly stream: CallStream }
  | { readonly type: "settle"; readonly request: CallRequest; readonly outcome: Outcome }
  | { readonly type: "event"; readonly channel: Channel; readonly topic: string; readonly body: Uint8Array }
  | { readonly type: "report"; readonly error: RssError };

/** What a core is made with. */
export interface CoreOptions {
  readonly backoff: Backoff;
  /** A number in 0..1, for the jitter of the back-off. */
  readonly random: () => number;
  /** Milliseconds that something stays open after its last use, so that a page switch costs nothing. */
  readonly lingerMs: number;
  /** Name and version of the client, for the server's logs. */
  readonly client: string;
}

/** Where the link or a handle stands. */
export type Status =
  | { readonly kind: "connecting" | "reconnecting"; readonly retryAt: number | undefined }
  | { readonly kind: "ready" | "closed" }
  | { readonly kind: "failed"; readonly code: string; readonly message: string };
