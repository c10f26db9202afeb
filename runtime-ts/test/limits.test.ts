import { describe, expect, test, vi } from "vitest";
import { Board, writeBoardState } from "./board.js";
import { advance, delta, goodbye, opened, settle, snapshot, subscribed, welcome } from "./server.js";
import { errors, live, make, server, turnO, withServer } from "./subject.js";

withServer();

const MAX_VERSION = 0xffff_ffff_ffff_ffffn;

describe("versions", () => {
  test.each([
    ["an advance", advance(7, 2n)],
    ["a delta", delta(7, MAX_VERSION - 1n, MAX_VERSION + 1n, turnO)],
  ])("%s past the largest one is one resync", async (_, frame) => {
    const version = MAX_VERSION - 1n;
    const { board } = await live();
    await server.send(subscribed(1, 7, version), snapshot(7, version, writeBoardState, {}), frame);
    expect(server.heard.slice(-2)).toEqual(["Unsubscribe", "Subscribe"]);
    expect([board.version, board.status.kind, errors]).toEqual([version, "ready", []]);
    // What is held can still be offered to the next connection.
    await server.drop();
    await vi.advanceTimersByTimeAsync(250);
    expect(server.subscribes).toMatchObject([{ version }]);
  });
});

describe("view numbers", () => {
  test("one that another store has is a broken protocol", async () => {
    const { client, board } = await live();
    client.open(Board, { game: "b" }).subscribe(() => {});
    await settle();
    await server.send(opened(2), subscribed(2, 7, 1n));
    expect(errors.map(({ code }) => code)).toEqual(["protocol"]);
    expect([board.version, board.status.kind]).toEqual([5n, "reconnecting"]);
  });

  test("one that another store gave back is as good as any", async () => {
    const { client, stop } = await live();
    stop();
    await vi.advanceTimersByTimeAsync(2_000);
    const other = client.open(Board, { game: "b" });
    other.subscribe(() => {});
    await settle();
    await server.send(opened(2), subscribed(2, 7, 1n), snapshot(7, 1n, writeBoardState, { turn: 1 }));
    expect([other.get()?.turn, other.status.kind, errors]).toEqual([1, "ready", []]);
  });
});

describe("what no message can carry", () => {
  test("a key that is too large fails its handle only", async () => {
    const { client, board } = await live();
    const large = client.open(Board, { game: "x".repeat(70_000) });
    large.subscribe(() => {});
    expect(await large.count()).toMatchObject({ ok: false, error: { kind: "unavailable" } });
    expect(large.status).toMatchObject({ kind: "failed", code: "invalid_key" });
    expect([server.opens.length, board.status.kind]).toEqual([1, "ready"]);
    // Nor is it tried by the next connection, which would be ended likewise.
    await server.drop();
    await vi.advanceTimersByTimeAsync(250);
    expect(server.opens.length).toBe(1);
  });

  test("a send that is too large is reported and not sent", async () => {
    const client = make();
    const board = client.open(Board, { game: "a" });
    board.subscribe(() => {});
    await settle();
    await server.send(welcome({ maxMessageBytes: 40 }), opened(1));
    board.hover({ x: 1, y: 2 });
    expect(errors.map(({ code }) => code)).toEqual(["too_large"]);
    expect(server.heard).not.toContain("Send");
    expect(client.status.kind).toBe("ready");
  });
});

describe("a server that allows less than the one before", () => {
  test("is not sent more than every server takes until it has said its limit", async () => {
    const client = make();
    const boards = Array.from({ length: 2_000 }, (_, n) => client.open(Board, { game: `board ${n}`.padEnd(60) }));
    client.connect();
    await settle();
    await server.send(welcome({ maxMessageBytes: 1 << 20 }));
    for (const board of boards) board.subscribe(() => {});
    await server.send(goodbye({ code: 8, retryAfterMs: 0 }));
    await vi.advanceTimersByTimeAsync(0);
    expect(server.opens.length).toBe(2_000);
    expect(Math.max(...server.messages.map(({ length }) => length))).toBeLessThanOrEqual(1 << 16);
  });

  test("fails a call that it does not allow, and those behind it go on", async () => {
    const client = make();
    const board = client.open(Board, { game: "a" });
    const key = "k".repeat(30_000);
    client.connect();
    await settle();
    await server.send(welcome({ maxMessageBytes: 1 << 20 }));
    await server.drop();
    const large = board.count({ idempotencyKey: key });
    const small = board.count();
    await vi.advanceTimersByTimeAsync(250);
    expect(server.calls).toEqual([]);
    await server.send(welcome({ maxMessageBytes: 1 << 16 }));
    expect(await large).toMatchObject({ ok: false, error: { kind: "too_large" } });
    expect(server.calls.length).toBe(1);
    client.close();
    expect(await small).toMatchObject({ ok: false, error: { kind: "unknown_outcome" } });
  });
});
