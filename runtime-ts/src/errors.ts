/** Why bytes were refused (docs/wire-format.md). Both runtimes give the same code for the same input. */
export type DecodeCode =
  | "truncated"
  | "overlong"
  | "range"
  | "bool"
  | "nan"
  | "utf8"
  | "enum"
  | "duplicate_key"
  | "padding"
  | "length"
  | "slots"
  | "mode"
  | "trailing"
  | "case"
  | "op"
  | "mismatch"
  | "depth"
  | "elements"
  | "count";

/** Every code an `RssError` can carry; a closed list. */
export type ErrorCode =
  | DecodeCode
  | "protocol"
  | "too_large"
  | "call_failed"
  | "closed"
  | "no_websocket"
  | "unknown"
  | "constraint";

/** A fault of the library or of its use. The outcome of a call is a `Result` instead. */
export class RssError extends Error {
  /** One of a closed list, for programs. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RssError";
    this.code = code;
  }

  /** Turns whatever was thrown into an `RssError`; one that already is stays as it is. */
  static from(thrown: unknown): RssError {
    if (thrown instanceof RssError) return thrown;
    return new RssError("unknown", thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}

/** Bytes that were refused: `code`, and the byte offset at which the offending value begins. */
export class DecodeError extends RssError {
  declare readonly code: DecodeCode;
  /** Byte offset of the offending value, from the start of the decoded input. */
  readonly offset: number;

  constructor(code: DecodeCode, offset: number) {
    super(code, `refused (${code}) at byte ${offset}`);
    this.name = "DecodeError";
    this.offset = offset;
  }
}
