import { RssError } from "../errors.js";
import { Kind } from "../frame.js";
import { decode } from "../wire/reader.js";
import * as session from "./generated/session/v1.js";
import type { StreamFrame } from "./types.js";

/** A control frame of the server. */
export type ServerFrame =
  | { readonly type: "welcome"; readonly body: session.Welcome }
  | { readonly type: "opened"; readonly body: session.Opened }
  | { readonly type: "refused"; readonly body: session.OpenRefused }
  | { readonly type: "subscribed"; readonly body: session.Subscribed }
  | { readonly type: "snapshot"; readonly body: session.SnapshotChunk }
  | { readonly type: "advance"; readonly body: session.Advance }
  | { readonly type: "unsubscribed"; readonly body: session.Unsubscribed }
  | { readonly type: "result"; readonly body: session.CallResult }
  | { readonly type: "failure"; readonly body: session.CallFailure }
  | { readonly type: "listening"; readonly body: session.Listening }
  | { readonly type: "event"; readonly body: session.EventFrame }
  | { readonly type: "stream"; readonly body: StreamFrame }
  | { readonly type: "ping"; readonly body: session.Ping }
  | { readonly type: "pong"; readonly body: session.Pong }
  | { readonly type: "goodbye"; readonly body: session.Goodbye };

/** Decodes the body of a control frame, those of `streams` by it; throws for a kind that servers do not send. */
export function decodeServerFrame(
  n: number,
  body: Uint8Array,
  streams: ((n: number, body: Uint8Array) => StreamFrame) | undefined,
): ServerFrame {
  switch (n) {
    case Kind.Welcome:
      return { type: "welcome", body: decode(session.readWelcome, body) };
    case Kind.Opened:
      return { type: "opened", body: decode(session.readOpened, body) };
    case Kind.Refused:
      return { type: "refused", body: decode(session.readOpenRefused, body) };
    case Kind.Subscribed:
      return { type: "subscribed", body: decode(session.readSubscribed, body) };
    case Kind.Snapshot:
      return { type: "snapshot", body: decode(session.readSnapshotChunk, body) };
    case Kind.Advance:
      return { type: "advance", body: decode(session.readAdvance, body) };
    case Kind.Unsubscribed:
      return { type: "unsubscribed", body: decode(session.readUnsubscribed, body) };
    case Kind.Result:
      return { type: "result", body: decode(session.readCallResult, body) };
    case Kind.Failure:
      return { type: "failure", body: decode(session.readCallFailure, body) };
    case Kind.Listening:
      return { type: "listening", body: decode(session.readListening, body) };
    case Kind.Event:
      return { type: "event", body: decode(session.readEventFrame, body) };
    case Kind.Ping:
      return { type: "ping", body: decode(session.readPing, body) };
    case Kind.Pong:
      return { type: "pong", body: decode(session.readPong, body) };
    case Kind.Goodbye:
      return { type: "goodbye", body: decode(session.readGoodbye, body) };
    default:
      if (streams !== undefined) return { type: "stream", body: streams(n, body) };
      throw new RssError("protocol", `frame kind ${n} is not a server's`);
  }
}
