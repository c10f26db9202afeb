import type { Calls } from "../calls.js";
import type { Channel } from "../protocol/channel.js";
import type { Check } from "./check.js";
import type { Patch } from "./delta.js";
import type { Read } from "./reader.js";
import type { UnknownCase } from "./rows.js";
import type { Write } from "./writer.js";

/** A digest of a wire descriptor: 32 hex characters. */
export type Digest = string;

declare const brand: unique symbol;

/** A newtype: at run time a `T`; the type checker keeps it apart from other values that are. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** The outcome of a call. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** Why a call failed without an error of its own. */
export interface CallError {
  readonly kind: CallErrorKind;
  /** For people and logs; not for programs. */
  readonly message: string;
  /** Which constraint is broken, if `kind` is `constraint`. */
  readonly rule?: string | undefined;
  /** By which value: `players["a"].hp`, beginning with the name of a parameter or with `result` or `error`. */
  readonly path?: string | undefined;
}

/**
 * The kinds of `CallError`. `unavailable`: never sent, or refused before the handler ran. `unknown_outcome`: the connection was lost after
 * the call was sent, so it may have happened or not. `unrecognized`: a newer server gave a code or a declared error that this program does not know.
 */
export type CallErrorKind =
  | "unavailable"
  | "denied"
  | "deadline"
  | "cancelled"
  | "unknown_outcome"
  | "invalid"
  | "not_found"
  | "unimplemented"
  | "internal"
  | "busy"
  | "too_large"
  | "constraint"
  | "unrecognized";

/** What a caller may say about one call. */
export interface CallOptions {
  /** Gives the call up: it ends as `cancelled`, and the server drops it. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds until the call ends as `deadline`, or as `unavailable` if it was never sent. Default 30,000; a call with streams has no deadline
   * once it is sent.
   */
  readonly deadlineMs?: number | undefined;
  /** Handed to the handler. */
  readonly idempotencyKey?: string | undefined;
}

/** A method with parameters and an answer. */
export type Rpc<A, T, E> = (args: A, options?: CallOptions) => Promise<Result<T, E | CallError>>;
/** A method without parameters and with an answer. */
export type Rpc0<T, E> = (options?: CallOptions) => Promise<Result<T, E | CallError>>;
/** What a caller streams: an array, a generator, a `ReadableStream` where it can be iterated. */
export type Items<T> = Iterable<T> | AsyncIterable<T>;

/**
 * The items of an answer, once. The call begins when the first item, or the result, is asked for; leaving a `for await` loop gives it up. If it
 * fails, the loop throws an `RssError` with code `call_failed` and the error as its `cause`.
 */
export interface ItemStream<T, E> extends AsyncIterable<T> {
  /** How the call ended; never rejects. It does not end before all items are taken. */
  readonly result: Promise<Result<undefined, E | CallError>>;
}

/** A method that answers with a stream; `P` are its parameters: arguments, then what the caller streams. */
export type StreamRpc<P extends readonly unknown[], T, E> = (
  ...parameters: [...P, options?: CallOptions]
) => ItemStream<T, E>;
/** A method that takes a stream and answers once. */
export type UploadRpc<P extends readonly unknown[], T, E> = (
  ...parameters: [...P, options?: CallOptions]
) => Promise<Result<T, E | CallError>>;

/** A method with parameters and without answer; `false`: not connected, dropped. */
export type Send<A> = (args: A) => boolean;
/** A method without parameters and without answer; `false`: not connected, dropped. */
export type Send0 = () => boolean;

/** How a call travels. `write` is `undefined` for a method without parameters. */
export interface RpcDef<A = never, T = unknown, E = unknown> {
  readonly kind: "rpc";
  readonly id: number;
  readonly write: Write<A> | undefined;
  /** There if arguments have constraints. */
  readonly check?: Check<A> | undefined;
  readonly read: Read<T>;
  /** May give a case that this program does not know; the caller then gets a `CallError` of kind `unrecognized`. */
  readonly readError: Read<E | UnknownCase> | undefined;
}

/** How a send travels. */
export interface SendDef<A = never> {
  readonly kind: "send";
  readonly id: number;
  readonly write: Write<A> | undefined;
  /** There if arguments have constraints. */
  readonly check?: Check<A> | undefined;
}

/** How a call with streams travels. */
export interface StreamDef<A = never, I = never, T = unknown, E = unknown> {
  readonly kind: "stream";
  readonly id: number;
  readonly write: Write<A> | undefined;
  /** There if arguments have constraints. */
  readonly check?: Check<A> | undefined;
  /** What the caller streams; `undefined` if it does not. */
  readonly writeItem: Write<I> | undefined;
  /** The result, or an item of it. */
  readonly read: Read<T>;
  readonly readError: Read<E | UnknownCase> | undefined;
  /** Whether the answer is a stream. */
  readonly gives: boolean;
  /** `runStream`: a program without streams does not carry their code. */
  readonly run: RunStream;
}

/** Makes the method of a handle. */
export type RunStream = (calls: Calls, channel: Channel, def: StreamDef) => (...parameters: never[]) => unknown;

/** The definition behind the method type `F`. */
export type MethodDef<F> = F extends (...parameters: infer P) => infer R
  ? R extends ItemStream<infer T, infer E>
    ? StreamDef<ArgsOf<P>, ItemOf<P>, T, E>
    : R extends Promise<Result<infer T, infer E>>
      ? [ItemOf<P>] extends [never]
        ? RpcDef<ArgsOf<P>, T, E>
        : StreamDef<ArgsOf<P>, ItemOf<P>, T, E>
      : SendDef<ArgsOf<P>>
  : never;

/** What is streamed, if the first or second parameter is. */
type ItemOf<P extends readonly unknown[]> = P extends readonly [Items<infer I>, ...unknown[]]
  ? I
  : P extends readonly [unknown, Items<infer I>, ...unknown[]]
    ? I
    : never;

type ArgsOf<P extends readonly unknown[]> = P extends readonly [infer A, ...unknown[]] ? A : never;

/** The definitions behind all methods of `M`. */
export type MethodDefs<M> = { readonly [P in keyof M]: MethodDef<M[P]> };

/** How an event travels. */
export interface EventDef<T, K = undefined> {
  readonly id: number;
  readonly read: Read<T>;
  /** Of a keyed event. */
  readonly writeKey?: Write<K>;
}

/** For types only: an event that is listened to by key. */
export interface Keyed<K, T> {
  readonly "~key": K;
  readonly "~event": T;
}

/** The definition behind an event of `E`. */
export type EventDefOf<X> = X extends Keyed<infer K, infer T> ? EventDef<T, K> : EventDef<X>;

/** What `on` takes behind the name of an event: its key, if it is keyed, and who listens. */
export type ListenArgs<X> =
  X extends Keyed<infer K, infer T> ? [key: NoInfer<K>, listener: (event: T) => void] : [listener: (event: X) => void];

/** What a store and a service have in common. */
export interface UnitDef<M> {
  /** Full name, with the package. */
  readonly name: string;
  readonly digest: Digest;
  /** Digests of the released generations that this program can stand in for, newest first. */
  readonly ancestors: readonly Digest[];
  readonly methods: MethodDefs<M>;
}

/** A store; `K` is `undefined` for one without key. */
export interface StoreDef<K, S, M, E> extends UnitDef<M> {
  readonly writeKey: Write<K> | undefined;
  /** There if the key has constraints. */
  readonly checkKey?: Check<K> | undefined;
  readonly read: Read<S>;
  readonly patch: Patch<S>;
  readonly events: { readonly [P in keyof E]: EventDefOf<E[P]> };
}

/** A view of a store: a part of its state, with nothing to call or listen to. `K` is the key of the store. */
export type ViewDef<K, S> = StoreDef<K, S, Nothing, Nothing>;

type Nothing = { readonly [key in never]: never };

/** A service: methods without state. */
export interface ServiceDef<M> extends UnitDef<M> {
  /** Tells a service from a store. */
  readonly read?: undefined;
}
