/** The client of a ReStream server. */
export type { Backoff } from "./backoff.js";
export { type Client, type ClientOptions, createClient, type HandleOf, type KeyOf } from "./client.js";
export type { TokenSource } from "./connection.js";
export { type DecodeCode, DecodeError, type ErrorCode, RssError } from "./errors.js";
export { type MemoryPeer, memoryTransport } from "./memory.js";
export { type Path, type PathTo, pathOf, pathText, valueAt, type Watchable, watch } from "./path.js";
export type { Status } from "./protocol/types.js";
export { orThrow } from "./result.js";
export type { StoreHandle, UnitHandle } from "./store.js";
export type { Link, LinkEvents, Transport } from "./transport.js";
export { type WebSocketConstructor, type WebSocketLike, webSocketTransport } from "./websocket.js";
export { ConstraintError, type Rule } from "./wire/check.js";
export type {
  CallError,
  CallErrorKind,
  CallOptions,
  ItemStream,
  Items,
  Result,
  ServiceDef,
  StoreDef,
} from "./wire/defs.js";
