import { RssError } from "./errors.js";
import type { Result } from "./wire/defs.js";

/** The value of a result; throws an `RssError` with code `call_failed` and the error as its `cause` if there is none. */
export function orThrow<T, E extends { readonly kind: string }>(result: Result<T, E>): T {
  if (result.ok) return result.value;
  throw new RssError("call_failed", `the call failed: ${result.error.kind}`, { cause: result.error });
}
