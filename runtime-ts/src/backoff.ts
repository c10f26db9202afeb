/** When to try again after a lost connection. */
export interface Backoff {
  /** Ceiling of the first delay in milliseconds; it doubles with each attempt. Default 500. */
  readonly minMs: number;
  /** Ceiling of every later delay in milliseconds. Default 15,000. */
  readonly maxMs: number;
}

/** The defaults of `Backoff`. */
export const DEFAULT_BACKOFF: Backoff = { minMs: 500, maxMs: 15_000 };

/**
 * Milliseconds to wait before attempt number `attempt` (0 is the first try after a loss): anything from 0 up to the ceiling, so
 * that clients that lost the same server do not come back at the same moment. `random` is in 0..1.
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog, "full jitter".
 */
export function backoffDelay(attempt: number, random: number, { minMs, maxMs }: Backoff = DEFAULT_BACKOFF): number {
  return random * Math.min(maxMs, minMs * 2 ** attempt);
}
