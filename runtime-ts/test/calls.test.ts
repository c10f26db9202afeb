import { describe, expect, test, vi } from "vitest";
import { Kind } from "../src/frame.js";
import * as session from "../src/protocol/generated/session/v1.js";
import { encode } from "../src/wire.js";
import { Auth, Board, writeBoardCountResult, writeBoardState, writeMove, writeMoveError } from "./board.js";
import { advance, delta, failure, opened, ops, result, settle, snapshot, subscribed, welcome } from "./server.js";
import { errors, live, make, server, turnO, withServer } from "./subject.js";

withServer();

describe("calls", () => {
  test("give the value or the declared error", async () => {
    const { board } = await live();
    const good = board.placeToken({ cell: 4 });
    const bad = board.placeToken({ cell: 4 });
    await settle();
    expect(server.calls).toMatchObject([{ ch: 1, id: 1, method: 1, deadlineMs: 30_000, key: undefined }, { id: 2 }]);
    await server.send(
      result(1, encode(writeMove, { cell: 4, by: 2 })),
      failure({ id: 2, code: 1, body: encode(writeMoveError, { kind: "CellTaken", by: 1 }) }),
    );
    expect(await good).toEqual({ ok: true, value: { cell: 4, by: 2 } });
    expect(await bad).toEqual({ ok: false, error: { kind: "CellTaken", by: 1 } });
  });

  test.each([
    [0, "internal"],
    [2, "denied"],
    [3, "invalid"],
    [4, "not_found"],
    [5, "unimplemented"],
    [6, "unavailable"],
    [7, "busy"],
    [8, "deadline"],
    [9, "cancelled"],
    [10, "too_large"],
    [99, "unrecognized"],
  ])("failure code %i is %s", async (code, kind) => {
    const { board } = await live();
    const call = board.count();
    await settle();
    await server.send(failure({ id: 1, code, message: "why" }));
    expect(await call).toEqual({ ok: false, error: { kind, message: "why" } });
  });

  test("an answer that cannot be decoded is unrecognized", async () => {
    const { board } = await live();
    const calls = [board.count(), board.placeToken({ cell: 1 }), board.count()];
    await settle();
    await server.send(
      result(1, Uint8Array.of(0xff)),
      failure({ id: 2, code: 1, body: Uint8Array.of(0x09) }),
      failure({ id: 3, code: 1 }),
    );
    for (const call of calls) expect(await call).toMatchObject({ ok: false, error: { kind: "unrecognized" } });
    expect(errors).toEqual([]);
  });

  test("wait for the versions the server had seen when it answered", async () => {
    const { board } = await live();
    const seen: unknown[] = [];
    void board.placeToken({ cell: 0 }).then(() => seen.push(board.get()?.turn));
    await settle();
    await server.send(
      result(1, encode(writeMove, {}), [
        { view: 7, version: 7n },
        { view: 99, version: 3n },
      ]),
    );
    await server.send(delta(7, 5n, 6n, ops(9, {})));
    expect(seen).toEqual([]);
    await server.send(delta(7, 6n, 7n, turnO));
    expect(seen).toEqual([2]);
  });

  test.each([
    ["an advance", () => server.send(advance(7, 2n))],
    [
      "the value after a reset",
      () => server.send(subscribed(1, 8, 1n, { reset: 3 }), snapshot(8, 1n, writeBoardState, {})),
    ],
    ["the loss of the connection", () => server.drop()],
    ["the deadline", () => vi.advanceTimersByTimeAsync(30_000)],
  ])("that wait are let go by %s, with their answer", async (_, release) => {
    const { board } = await live();
    const done = vi.fn();
    void board.count().then(done);
    await settle();
    await server.send(result(1, encode(writeBoardCountResult, 3), [{ view: 7, version: 7n }]));
    expect(done).not.toHaveBeenCalled();
    await release();
    await settle();
    expect(done).toHaveBeenCalledWith({ ok: true, value: 3 });
  });

  test("sent before the connection was lost end as unknown_outcome and are never sent again", async () => {
    const { board } = await live();
    const call = board.placeToken({ cell: 0 });
    await settle();
    await server.drop();
    expect(await call).toMatchObject({ ok: false, error: { kind: "unknown_outcome" } });
    await vi.advanceTimersByTimeAsync(250);
    expect(server.heard).not.toContain("Call");
  });

  test("made while away wait, go with the hello, and end as unavailable at their deadline", async () => {
    const { board } = await live();
    await server.drop();
    const soon = board.count({ deadlineMs: 100 });
    const late = board.count({ idempotencyKey: "k" });
    await vi.advanceTimersByTimeAsync(250);
    expect(await soon).toMatchObject({ error: { kind: "unavailable" } });
    expect(server.heard).toEqual(["Hello", "Open", "Subscribe", "Call"]);
    expect(server.calls).toMatchObject([{ deadlineMs: 29_750, key: "k" }]);
    await server.send(welcome(), opened(1), result(server.calls[0]?.id ?? 0, encode(writeBoardCountResult, 1)));
    expect(await late).toEqual({ ok: true, value: 1 });
  });

  test("end as deadline by the client's own timer; a late answer is dropped", async () => {
    const { board, client } = await live();
    const call = board.count({ deadlineMs: 2_000 });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await call).toMatchObject({ error: { kind: "deadline" } });
    await server.send(result(1, encode(writeBoardCountResult, 1)));
    expect([errors, client.status.kind]).toEqual([[], "ready"]);
  });

  test("are given up by a signal: before they begin, in the queue, and under way", async () => {
    const { board } = await live();
    expect(await board.count({ signal: AbortSignal.abort() })).toMatchObject({ error: { kind: "cancelled" } });
    const under = new AbortController();
    const call = board.count({ signal: under.signal });
    await settle();
    under.abort();
    expect(await call).toMatchObject({ error: { kind: "cancelled" } });
    await settle();
    expect(server.all(Kind.Cancel, session.readCancel)).toEqual([{ id: 1 }]);
    await server.send(failure({ id: 1, code: 9 }));
    await server.drop();
    const queued = new AbortController();
    const waiting = board.count({ signal: queued.signal });
    queued.abort();
    expect(await waiting).toMatchObject({ error: { kind: "cancelled" } });
    await vi.advanceTimersByTimeAsync(250);
    expect(server.heard).not.toContain("Call");
  });

  test("above the server's limit wait their turn, in order", async () => {
    const board = make().open(Board, { game: "a" });
    const calls = Array.from({ length: 5 }, (_, cell) => board.placeToken({ cell }));
    board.subscribe(() => {});
    await settle();
    expect(server.calls.length).toBe(5);
    await server.drop();
    for (const call of calls) expect(await call).toMatchObject({ error: { kind: "unknown_outcome" } });
    await vi.advanceTimersByTimeAsync(250);
    await server.send(welcome({ maxCalls: 2 }));
    for (let cell = 0; cell < 5; cell++) void board.placeToken({ cell });
    await settle();
    expect(server.calls.map((c) => c.id)).toEqual([6, 7]);
    await server.send(result(6, encode(writeMove, {})));
    expect(server.calls.map((c) => c.id)).toEqual([6, 7, 8]);
  });

  test("with arguments that cannot be encoded are invalid, with too many too large", async () => {
    const { client, board } = await live();
    expect(await board.placeToken({ cell: 300 })).toMatchObject({ error: { kind: "invalid" } });
    expect(await client.open(Auth).logIn({ name: "\ud800" })).toMatchObject({ error: { kind: "invalid" } });
    expect(await client.open(Auth).logIn({ name: "x".repeat(70_000) })).toMatchObject({ error: { kind: "too_large" } });
    expect(await board.count({ idempotencyKey: "\ud800" })).toMatchObject({ error: { kind: "invalid" } });
    expect(await board.count({ idempotencyKey: "x".repeat(70_000) })).toMatchObject({ error: { kind: "too_large" } });
    expect(server.heard).not.toContain("Call");
  });

  test("that the server never answers make room at their deadline", async () => {
    const board = make().open(Board, { game: "a" });
    const calls = Array.from({ length: 3 }, () => board.count({ deadlineMs: 1_000 }));
    await settle();
    await server.send(welcome({ maxCalls: 3 }), opened(1));
    const last = board.count();
    const odd = board.count({ deadlineMs: Number.NaN });
    await vi.advanceTimersByTimeAsync(1_001);
    for (const call of calls) expect(await call).toMatchObject({ error: { kind: "deadline" } });
    expect(await odd).toMatchObject({ error: { kind: "unavailable" } });
    expect(server.calls.at(-1)?.id).toBe(4);
    await server.send(result(4, encode(writeBoardCountResult, 9)));
    expect(await last).toEqual({ ok: true, value: 9 });
  });

  test("above 1,024 or 1 MiB in the queue are refused as busy", async () => {
    const { client, board } = await live();
    await server.drop();
    const calls = Array.from({ length: 1025 }, () => board.count({ deadlineMs: 100 }));
    expect(await calls.at(-1)).toMatchObject({ error: { kind: "busy" } });
    await vi.advanceTimersByTimeAsync(100);
    expect(await calls[0]).toMatchObject({ error: { kind: "unavailable" } });
    const auth = client.open(Auth);
    const big = Array.from({ length: 18 }, () => auth.logIn({ name: "x".repeat(60_000) }, { deadlineMs: 10 }));
    expect(await big.at(-1)).toMatchObject({ error: { kind: "busy" } });
    await vi.advanceTimersByTimeAsync(10);
    expect(await big[0]).toMatchObject({ error: { kind: "unavailable" } });
  });

  test("send has no answer and says whether it went", async () => {
    const { board } = await live();
    expect(board.hover({ x: 1, y: 2 })).toBe(true);
    await settle();
    expect(server.all(Kind.Send, session.readSend)).toEqual([
      { ch: 1, method: 4, args: Uint8Array.of(0x05, 0x03, 0x03, 0x05) },
    ]);
    await server.drop();
    expect(board.hover({ x: 1, y: 2 })).toBe(false);
  });
});
