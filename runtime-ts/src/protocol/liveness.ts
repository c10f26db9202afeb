/** Milliseconds of silence before a probe while somebody waits for the server. Source: docs/protocol.md, "Life". */
const ALERT_MS = 5_000;
/** Milliseconds of silence before a probe otherwise; also the longest that the client itself says nothing. */
const QUIET_MS = 25_000;
/** Milliseconds a probe may stay unanswered. */
const GRACE_MS = 5_000;
/** Milliseconds of silence that a hidden page forgives, since browsers wake it once a minute only. */
const HIDDEN_MS = 75_000;
/** A timer that fires this late says that the machine slept: what was sent meanwhile has not been read yet. */
const LATE_MS = 2_000;

/** Whether the peer still lives, judged by times that are given from outside. */
export class Liveness {
  #heardAt = 0;
  #sentAt = 0;
  #probedAt: number | undefined;
  #alert = false;
  #hidden = false;
  #forgiven = false;

  /** A connection begins. */
  start(now: number): void {
    this.#sentAt = now;
    this.heard(now);
  }

  /** Something came from the peer. */
  heard(now: number): void {
    this.#heardAt = now;
    this.#probedAt = undefined;
    this.#alert = false;
    this.#forgiven = false;
  }

  /** Something was sent to the peer. */
  sent(now: number): void {
    this.#sentAt = now;
  }

  /** The page was shown, focused or came online: look soon. Or it was hidden: be patient. */
  hint(hidden: boolean): void {
    this.#hidden = hidden;
    this.#alert = !hidden;
  }

  /** When `check` must be called next. */
  dueAt(waiting: boolean): number {
    if (this.#probedAt !== undefined) return this.#giveUpAt(this.#probedAt);
    const silent = waiting || this.#alert ? ALERT_MS : QUIET_MS;
    return Math.min(this.#heardAt + silent, this.#sentAt + QUIET_MS);
  }

  /** What to do now: nothing, send a ping, or give the connection up. */
  check(waiting: boolean, now: number): "ok" | "probe" | "dead" {
    const dueAt = this.dueAt(waiting);
    if (now < dueAt) return "ok";
    if (this.#probedAt !== undefined) {
      const late = now - dueAt > LATE_MS && !this.#forgiven;
      if (!late) return "dead";
      this.#forgiven = true;
    }
    this.#probedAt = now;
    return "probe";
  }

  #giveUpAt(probedAt: number): number {
    return this.#hidden ? Math.max(probedAt + GRACE_MS, this.#heardAt + HIDDEN_MS) : probedAt + GRACE_MS;
  }
}
