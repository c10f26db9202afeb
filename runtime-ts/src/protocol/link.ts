import type { Channel } from "./channel.js";
import { GoodbyeCode } from "./generated/session/v1.js";
import type { Status } from "./types.js";

/** Where the link stands. Source: docs/protocol.md, "States". */
export type Link =
  | { readonly kind: "idle" | "closed" }
  | { readonly kind: "connecting" | "greeting" | "waiting"; readonly dueAt: number }
  | { readonly kind: "live"; readonly since: number }
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

/** Whether trying again would be of no use. A greeting that is too large (a token, that is) will not be smaller the next time. */
export function isFinal(code: number, link: Link): boolean {
  return GOODBYE_NAMES[code] !== undefined && (code !== GoodbyeCode.TooLarge || link.kind === "greeting");
}

/** The name of a final goodbye. */
export function goodbyeName(code: number): string {
  return GOODBYE_NAMES[code] ?? "internal";
}

const GOODBYE_NAMES: Readonly<Record<number, string>> = {
  [GoodbyeCode.Version]: "version",
  [GoodbyeCode.Unauthenticated]: "unauthenticated",
  [GoodbyeCode.TooLarge]: "too_large",
};

/** What the application is told about the link; `wasLive` says whether there ever was a connection. */
export function linkStatus(link: Link, wasLive: boolean): Status {
  if (link.kind === "live") return { kind: "ready" };
  if (link.kind === "closed") return { kind: "closed" };
  if (link.kind === "failed") return { kind: "failed", code: link.code, message: link.message };
  return away(link, wasLive);
}

function away(link: Link, before: boolean): Status {
  const retryAt = link.kind === "waiting" ? link.dueAt : undefined;
  return { kind: before ? "reconnecting" : "connecting", retryAt };
}

/** What the application is told about a handle: `ready` when its value is the server's, or, for a service, when it is open. */
export function channelStatus(channel: Channel, link: Link, wasLive: boolean): Status {
  if (link.kind === "closed" || link.kind === "failed") return linkStatus(link, wasLive);
  const failure = channel.refusal ?? channel.failure;
  if (failure !== undefined) return { kind: "failed", code: failure.code, message: failure.message };
  if (channel.unit.state !== undefined)
    return channel.synced ? { kind: "ready" } : away(link, channel.held !== undefined);
  return channel.phase === "open" ? { kind: "ready" } : away(link, wasLive);
}
