import { RssError } from "./errors.js";
import type { Channel } from "./protocol/channel.js";
import type { CallRequest, CallStream, Input, Outcome } from "./protocol/types.js";
import type { ConstraintError } from "./wire/check.js";
import type { CallError, CallErrorKind, CallOptions, Result, RpcDef } from "./wire/defs.js";
import { decode } from "./wire/reader.js";
import { writeUnit } from "./wire/rows.js";
import { writeString } from "./wire/text.js";
import { encode } from "./wire/writer.js";

/** Milliseconds until a call ends when its caller does not say. */
export const DEFAULT_DEADLINE_MS = 30_000;

/** How a call looks when its types are erased. */
export type ErasedResult = Result<unknown, unknown>;

/** The bytes of arguments, which keep their constraints. */
export function encodeArgs({ write, check }: Pick<RpcDef<unknown>, "write" | "check">, args: unknown): Uint8Array {
  check?.(args);
  return write === undefined ? encode(writeUnit, undefined) : encode(write, args);
}

/** Makes calls for handles and hands out their outcomes. */
export class Calls {
  readonly #settlers = new Map<CallRequest, (outcome: Outcome) => void>();
  readonly feed: (input: Input) => void;
  readonly #deadlineMs: number;

  constructor(feed: (input: Input) => void, deadlineMs: number) {
    this.feed = feed;
    this.#deadlineMs = deadlineMs;
  }

  /** Makes a call; the promise never rejects. */
  call(channel: Channel, def: RpcDef<unknown>, args: unknown, options: CallOptions = {}): Promise<ErasedResult> {
    return new Promise((resolve) => {
      this.begin(channel, def, args, options, undefined, (outcome) => resolve(toResult(def, outcome)));
    });
  }

  /** Begins a call; `done` is told its outcome, at once if it cannot begin. */
  begin(
    channel: Channel,
    def: Pick<RpcDef<unknown>, "id" | "write" | "check">,
    args: unknown,
    options: CallOptions,
    stream: CallStream | undefined,
    done: (outcome: Outcome) => void,
  ): CallRequest | undefined {
    const { signal, deadlineMs = this.#deadlineMs, idempotencyKey: key } = options;
    if (signal?.aborted === true) {
      done({ kind: "cancelled", message: "given up before it began" });
      return undefined;
    }
    let request: CallRequest;
    try {
      if (key !== undefined) encode(writeString, key);
      const deadline = Number.isNaN(deadlineMs) ? 0 : Math.max(0, deadlineMs);
      request = { channel, method: def.id, args: encodeArgs(def, args), deadlineMs: deadline, key, stream };
    } catch (thrown) {
      done(refused(RssError.from(thrown)));
      return undefined;
    }
    const abort = (): void => this.feed({ type: "cancel", request });
    this.#settlers.set(request, (outcome) => {
      signal?.removeEventListener("abort", abort);
      done(outcome);
    });
    signal?.addEventListener("abort", abort);
    this.feed({ type: "call", request });
    return request;
  }

  /** The core knows how a call ended. */
  settle(request: CallRequest, outcome: Outcome): void {
    this.#settlers.get(request)?.(outcome);
    this.#settlers.delete(request);
  }
}

function failed(kind: CallErrorKind, message: string): { readonly ok: false; readonly error: CallError } {
  return { ok: false, error: { kind, message } };
}

/** Only one class has this code; naming the class would put it into every bundle. */
function isConstraint(error: RssError): error is ConstraintError {
  return error.code === "constraint";
}

/** The outcome of a call whose arguments cannot be sent. */
function refused(error: RssError): CallError {
  if (!isConstraint(error)) return { kind: "invalid", message: error.message };
  const { message, rule, path } = error;
  return { kind: "constraint", message, rule, path };
}

/** What an outcome means to the caller. */
export function toResult(def: Pick<RpcDef<unknown>, "read" | "readError">, outcome: Outcome): ErasedResult {
  if (!("body" in outcome)) return { ok: false, error: outcome satisfies CallError };
  try {
    if (outcome.kind === "value") return { ok: true, value: decode(def.read, outcome.body) };
    const error = def.readError === undefined ? undefined : decode(def.readError, outcome.body);
    if (error !== undefined && !isUnknown(error)) return { ok: false, error };
    return failed("unrecognized", "the server gave an error that this program does not know");
  } catch (thrown) {
    return failed("unrecognized", `the answer cannot be decoded: ${RssError.from(thrown).message}`);
  }
}

function isUnknown(error: unknown): boolean {
  return typeof error === "object" && error !== null && "kind" in error && error.kind === "unrecognized";
}
