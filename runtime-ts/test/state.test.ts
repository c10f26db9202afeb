import { describe, expect, test, vi } from "vitest";
import { Kind } from "../src/frame.js";
import * as session from "../src/protocol/generated/session/v1.js";
import { encode } from "../src/wire.js";
import { Auth, Board, boardState, Lobby, writeBoardState } from "./board.js";
import {
  advance,
  chunk,
  delta,
  EPOCH,
  OTHER_EPOCH,
  opened,
  ops,
  result,
  settle,
  snapshot,
  subscribed,
  welcome,
} from "./server.js";
import { errors, live, make, server, turnO, withServer } from "./subject.js";

withServer();

describe("connecting", () => {
  test("says hello, opens, subscribes, listens and calls in one message, before the welcome", async () => {
    const client = make({ token: async () => "secret" });
    const board = client.open(Board, { game: "a" });
    expect(client.status).toEqual({ kind: "connecting", retryAt: undefined });
    board.subscribe(() => {});
    board.on("serverTime", () => {});
    void board.count();
    await settle();
    expect(server.messages.length).toBe(1);
    expect(server.heard).toEqual(["Hello", "Open", "Subscribe", "Listen", "Call"]);
    expect(server.all(Kind.Hello, session.readHello)).toEqual([
      { protocol: 1, token: "secret", client: "restream-ts/0.1.0" },
    ]);
    expect(server.opens[0]).toMatchObject({
      ch: 1,
      name: "game.board.v1.Board",
      digest: Uint8Array.of(0x8f, 1, 2, 3, 4, 5, 6, 7),
    });
    expect(server.subscribes).toEqual([{ ch: 1, epoch: undefined, version: 0n, level: 0 }]);
    expect(client.status.kind).toBe("connecting");
    await server.send(welcome());
    expect(client.status).toEqual({ kind: "ready" });
  });

  test("opening a handle does nothing until it is used, and gives the same one for the same key", async () => {
    const client = make();
    const board = client.open(Board, { game: "a" });
    expect(client.open(Board, { game: "a" })).toBe(board);
    expect(client.open(Board, { game: "b" })).not.toBe(board);
    expect(client.open(Lobby)).toBe(client.open(Lobby));
    await settle();
    expect(server.peers.length).toBe(0);
    expect(board.key).toEqual({ game: "a" });
  });

  test("everything above 8 KiB goes in messages behind the hello", async () => {
    const client = make();
    for (let i = 0; i < 200; i++)
      client.open(Board, { game: `a long name of a board ${i}`.repeat(4) }).subscribe(() => {});
    await settle();
    expect(server.messages.length).toBeGreaterThan(1);
    expect(server.messages[0]?.length).toBeLessThanOrEqual(8 * 1024);
    expect(server.opens.length).toBe(200);
  });

  test("a service is ready when it is open", async () => {
    const auth = make().open(Auth);
    const call = auth.logIn({ name: "ann" });
    auth.subscribe(() => {});
    await settle();
    expect(server.heard).toEqual(["Hello", "Open", "Call"]);
    expect(auth.status.kind).toBe("connecting");
    await server.send(welcome(), opened(1), result(1, Uint8Array.of(0x01)));
    expect(auth.status.kind).toBe("ready");
    expect(await call).toEqual({ ok: true, value: undefined });
  });

  test("a transport that throws and a token that cannot be had are lost connections", async () => {
    const tokens = [() => Promise.reject(new Error("no token")), async () => "\ud800", async () => "ok"];
    const client = make({ token: () => tokens.shift()?.() ?? Promise.resolve(undefined) });
    client.connect();
    await settle();
    expect(client.status.kind).toBe("connecting");
    expect(server.peers.length).toBe(0);
    await vi.advanceTimersByTimeAsync(250);
    expect(server.peers.length).toBe(0);
    await vi.advanceTimersByTimeAsync(500);
    expect(server.heard).toEqual(["Hello"]);
  });
});

describe("state", () => {
  test("comes with the last chunk of the snapshot, in one step", async () => {
    const board = make().open(Board, { game: "a" });
    const heard = vi.fn();
    board.subscribe(heard);
    await settle();
    const bytes = encode(writeBoardState, { cells: [1, 2, 0], players: new Map([["ann", { name: "Ann" }]]) });
    await server.send(welcome(), opened(1), subscribed(1, 7, 5n), chunk(7, 5n, bytes.subarray(0, 3), false));
    expect([board.get(), board.status.kind, board.version]).toEqual([undefined, "connecting", undefined]);
    heard.mockClear();
    await server.send(chunk(7, 5n, bytes.subarray(3)));
    expect(heard).toHaveBeenCalledTimes(1);
    expect(board.get()).toEqual(boardState({ cells: [1, 2, 0], players: new Map([["ann", { name: "Ann" }]]) }));
    expect([board.status.kind, board.version, board.epoch]).toEqual(["ready", 5n, EPOCH]);
  });

  test("a delta replaces only what is on its path; one message is one notification", async () => {
    const { board, heard } = await live({
      cells: [0, 0],
      players: new Map([
        ["ann", {}],
        ["bob", {}],
      ]),
      home: { name: "H" },
    });
    const before = board.get();
    // players: patched {"bob": hp = 7}; cells: splice at 1, remove 1, insert [X]
    const bob = [0x0b, 0x07, 0x62, 0x6f, 0x62].slice(1);
    const hp = [0x07, 0x08, 0x0f];
    const players = [0x01, 0x01, 0x03, ...bob, hp.length * 2 + 1, ...hp];
    const cells = [0x03, 0x01, 0x03, 0x03, 0x05, 0x05, 0x03];
    await server.send(
      delta(7, 5n, 6n, ops(9, { 5: [3, players.length * 2 + 1, ...players] })),
      delta(7, 6n, 8n, ops(9, { 1: [3, cells.length * 2 + 1, ...cells] })),
    );
    expect(errors).toEqual([]);
    expect(heard).toHaveBeenCalledTimes(1);
    const after = board.get();
    expect(after?.cells).toEqual([0, 1]);
    expect(after?.players.get("bob")?.hp).toBe(7);
    expect(after?.players.get("ann")).toBe(before?.players.get("ann"));
    expect(after?.home).toBe(before?.home);
    expect(after?.moves).toBe(before?.moves);
    expect(before?.cells).toEqual([0, 0]);
    expect(before?.players.get("bob")?.hp).toBe(100);
    expect(board.get()).toBe(after);
    expect(board.version).toBe(8n);
  });

  test("advance moves the version and disturbs nobody", async () => {
    const { board, heard } = await live();
    const before = board.get();
    await server.send(advance(7, 3n));
    expect([board.version, heard.mock.calls.length]).toEqual([8n, 0]);
    expect(board.get()).toBe(before);
  });

  test("a delta for a view that is not held is dropped", async () => {
    const { board } = await live();
    await server.send(delta(99, 5n, 6n, turnO));
    expect([board.version, errors]).toEqual([5n, []]);
  });

  test("the server may begin anew at any time; the old value stays until the new one is there", async () => {
    const { board } = await live();
    await server.send(subscribed(1, 8, 2n, { epoch: OTHER_EPOCH, reset: 2 }));
    expect([board.version, board.status.kind]).toEqual([5n, "ready"]);
    await server.send(delta(7, 5n, 6n, turnO), snapshot(8, 2n, writeBoardState, { turn: 2 }));
    expect([board.version, board.epoch, board.get()?.turn]).toEqual([2n, OTHER_EPOCH, 2]);
  });

  test("a listener that throws is reported and disturbs nobody", async () => {
    const { board, heard } = await live();
    const reported = vi.spyOn(console, "error").mockImplementation(() => {});
    board.subscribe(() => {
      throw new Error("mine");
    });
    const later = vi.fn();
    board.subscribe(later);
    await server.send(delta(7, 5n, 6n, turnO));
    expect([heard.mock.calls.length, later.mock.calls.length]).toEqual([1, 1]);
    expect(reported).toHaveBeenCalledWith(new Error("mine"));
  });
});
