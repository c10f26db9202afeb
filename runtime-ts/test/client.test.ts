import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Kind } from "../src/frame.js";
import { type ClientOptions, createClient, type RssError } from "../src/index.js";
import * as session from "../src/protocol/generated/session/v1.js";
import { encode } from "../src/wire.js";
import {
  Auth,
  Board,
  type BoardState,
  boardState,
  Lobby,
  Mark,
  writeBoardCountResult,
  writeBoardServerTime,
  writeBoardState,
  writeMove,
  writeMoveError,
  writePlayer,
} from "./board.js";
import {
  advance,
  chunk,
  delta,
  EPOCH,
  event,
  failure,
  goodbye,
  listening,
  OTHER_EPOCH,
  opened,
  ops,
  ping,
  pong,
  refused,
  result,
  Server,
  settle,
  snapshot,
  subscribed,
  unsubscribed,
  welcome,
} from "./server.js";

let server: Server;
let errors: RssError[];

function make(options: Partial<ClientOptions> = {}) {
  return createClient({ transport: server.transport, random: () => 0.5, onError: (e) => errors.push(e), ...options });
}

/** A board that is subscribed and has the value `init` at version 5. */
async function live(init: Parameters<typeof boardState>[0] = { cells: [0, 0] }, options: Partial<ClientOptions> = {}) {
  const client = make(options);
  const board = client.open(Board, { game: "a" });
  const heard = vi.fn();
  const stop = board.subscribe(heard);
  await settle();
  await server.send(welcome(), opened(1), subscribed(1, 7, 5n), snapshot(7, 5n, writeBoardState, init));
  heard.mockClear();
  return { client, board, heard, stop };
}

const turnO = ops(9, { 2: [2, 0x05] });
const turnX = ops(9, { 2: [1] });
const unfit = ops(9, { 7: [3, 0x01] });

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  errors = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

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
    const tokens = [() => Promise.reject(new Error("no token")), () => Promise.resolve("ok")];
    const client = make({ token: () => tokens.shift()?.() ?? Promise.resolve(undefined) });
    client.connect();
    await settle();
    expect(client.status.kind).toBe("connecting");
    expect(server.peers.length).toBe(0);
    await vi.advanceTimersByTimeAsync(250);
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
    const cells = [0x03, 0x01, 0x03, 0x03, 0x05, 0x03, 0x03];
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

describe("what cannot be applied", () => {
  test.each([
    ["does not start at the version held", delta(7, 6n, 7n, turnO)],
    ["does not fit the value", delta(7, 5n, 6n, unfit)],
    ["does not decode", delta(7, 5n, 6n, Uint8Array.of(0x13, 0x08))],
    ["goes nowhere", delta(7, 5n, 5n, turnO)],
  ])("a delta that %s is one resync; the value stays", async (_, frame) => {
    const { board, heard } = await live();
    const before = board.get();
    await server.send(frame, delta(7, 5n, 6n, turnO));
    expect(server.heard.slice(-2)).toEqual(["Unsubscribe", "Subscribe"]);
    expect(server.subscribes.at(-1)).toEqual({ ch: 1, epoch: undefined, version: 0n, level: 0 });
    expect(board.get()).toBe(before);
    expect(board.status.kind).toBe("ready");
    // What belongs to the subscription before is dropped.
    await server.send(subscribed(1, 9, 1n), unsubscribed(1), subscribed(1, 7, 9n));
    await server.send(snapshot(7, 9n, writeBoardState, { turn: 2 }), delta(7, 9n, 10n, turnX));
    expect([board.get()?.turn, board.version, errors, heard.mock.calls.length]).toEqual([Mark.X, 10n, [], 1]);
  });

  test("a snapshot that does not decode either fails this store only, until the server's digest changes", async () => {
    const { client, board } = await live();
    const other = client.open(Lobby);
    other.subscribe(() => {});
    await settle();
    await server.send(opened(2), subscribed(2, 8, 1n), snapshot(8, 1n, writePlayer, { hp: 3 }));
    await server.send(delta(7, 5n, 6n, unfit));
    await server.send(unsubscribed(1), subscribed(1, 7, 9n), chunk(7, 9n, Uint8Array.of(0x13, 0xff)));
    expect(board.status).toEqual({
      kind: "failed",
      code: "truncated",
      message: "game.board.v1.Board cannot be decoded: truncated at byte 0",
    });
    expect(errors.map((e) => e.code)).toEqual(["truncated"]);
    expect([other.status.kind, other.get()?.hp, client.status.kind]).toEqual(["ready", 3, "ready"]);

    await server.drop();
    await vi.advanceTimersByTimeAsync(250);
    expect(server.subscribes.map((s) => s.ch)).toEqual([2]);
    await server.send(welcome(), opened(1), opened(2));
    expect(server.subscribes.map((s) => s.ch)).toEqual([2]);
    await server.drop();
    await vi.advanceTimersByTimeAsync(500);
    await server.send(welcome(), opened(1, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)));
    expect(server.subscribes.map((s) => s.ch)).toEqual([2, 1]);
    await server.send(subscribed(1, 3, 1n), snapshot(3, 1n, writeBoardState, { turn: 2 }));
    expect(board.status.kind).toBe("ready");
  });

  test("calls and events of a failed store go on", async () => {
    const { board } = await live();
    const times: Date[] = [];
    board.on("serverTime", (e) => times.push(e.currentTime));
    await settle();
    await server.send(delta(7, 5n, 6n, unfit), listening({ ch: 1, event: 9, stream: 4 }));
    await server.send(unsubscribed(1), subscribed(1, 7, 9n), chunk(7, 9n, Uint8Array.of(0x13, 0xff)));
    expect(board.status.kind).toBe("failed");
    const call = board.count();
    await settle();
    await server.send(
      result(1, encode(writeBoardCountResult, 3)),
      event(4, 70n, encode(writeBoardServerTime, { currentTime: new Date(1) })),
    );
    expect(await call).toEqual({ ok: true, value: 3 });
    expect(times).toEqual([new Date(1)]);
  });

  test.each([
    ["an unknown kind", Uint8Array.of(0xc9)],
    ["a kind of the wrong side", Uint8Array.of(0x0d, 0x01)],
    ["an empty batch", Uint8Array.of(0x01)],
    ["nothing", new Uint8Array(0)],
    ["a body that does not decode", Uint8Array.of(0x09, 0xff)],
    ["text", "hello"],
    ["a second welcome", welcome()],
    ["a resume that was not asked for", subscribed(1, 7, 5n, { reset: 0 })],
  ])("%s is a protocol error: goodbye, close, back off, tell no caller", async (_, message) => {
    const client = make();
    const board = client.open(Board, { game: "a" });
    board.subscribe(() => {});
    await settle();
    await server.send(welcome());
    server.peer.send(message);
    await settle();
    expect(server.all(Kind.Goodbye, session.readGoodbye).map((g) => g.code)).toEqual([session.GoodbyeCode.Protocol]);
    expect(server.closed?.code).toBe(4001);
    expect(errors.map((e) => e.code)).toEqual(["protocol"]);
    expect(client.status.kind).toBe("reconnecting");
  });

  test("a server that breaks the protocol after each welcome is tried less and less often", async () => {
    const client = make();
    client.connect();
    await settle();
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      await server.send(welcome(), Uint8Array.of(0xc9));
      const status = client.status;
      const wait =
        status.kind === "reconnecting" ? (status.retryAt ?? 0) - performance.timeOrigin - performance.now() : 0;
      waits.push(Math.round(wait));
      await vi.advanceTimersByTimeAsync(wait);
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 7500, 7500, 7500]);
  });
});

describe("a lost connection", () => {
  test("keeps the value readable, says so, comes back and resumes at the version held", async () => {
    const { client, board, heard } = await live();
    const before = board.get();
    await server.drop();
    expect(heard).toHaveBeenCalled();
    expect(board.status.kind).toBe("reconnecting");
    expect(client.status.kind).toBe("reconnecting");
    expect(board.get()).toBe(before);
    await vi.advanceTimersByTimeAsync(250);
    expect(server.peers.length).toBe(2);
    expect(server.heard).toEqual(["Hello", "Open", "Subscribe"]);
    expect(server.subscribes).toEqual([{ ch: 1, epoch: EPOCH, version: 5n, level: 0 }]);
    await server.send(welcome(), opened(1));
    expect(board.status.kind).toBe("reconnecting");
    await server.send(subscribed(1, 30, 5n, { reset: 0 }));
    expect(board.status.kind).toBe("ready");
    expect(board.get()).toBe(before);
    await server.send(delta(30, 5n, 9n, turnO));
    expect([board.get()?.turn, board.version]).toEqual([2, 9n]);
  });

  test("tells the level of the value it offers, so that it is not resumed at another one", async () => {
    const { board } = await live();
    await server.send(
      subscribed(1, 8, 6n, { reset: 4, level: 100 }),
      snapshot(8, 6n, writeBoardState, { secret: "s" }),
    );
    expect(board.get()?.secret).toBe("s");
    await server.drop();
    await vi.advanceTimersByTimeAsync(250);
    expect(server.subscribes).toEqual([{ ch: 1, epoch: EPOCH, version: 6n, level: 100 }]);
  });

  test("a new epoch is a snapshot that replaces the value in one step", async () => {
    const { board } = await live();
    await server.drop();
    await vi.advanceTimersByTimeAsync(250);
    await server.send(welcome(), opened(1), subscribed(1, 1, 0n, { epoch: OTHER_EPOCH, reset: 2 }));
    expect([board.get()?.cells.length, board.version, board.status.kind]).toEqual([2, 5n, "reconnecting"]);
    await server.send(snapshot(1, 0n, writeBoardState, {}));
    expect([board.get()?.cells.length, board.version, board.epoch, board.status.kind]).toEqual([
      0,
      0n,
      OTHER_EPOCH,
      "ready",
    ]);
  });

  test("waits longer each time, with jitter, up to 15 s, and starts anew after a connection that held", async () => {
    const random = vi.fn(() => 1);
    const client = make({ random });
    server.refuses = true;
    client.connect();
    await settle();
    const ceilings = [500, 1000, 2000, 4000, 8000, 15_000, 15_000];
    for (const [i, ceiling] of ceilings.entries()) {
      expect(server.peers.length).toBe(i + 1);
      await vi.advanceTimersByTimeAsync(ceiling - 50);
      expect(server.peers.length).toBe(i + 1);
      server.refuses = i < ceilings.length - 1;
      await vi.advanceTimersByTimeAsync(51);
    }
    await server.send(welcome());
    await vi.advanceTimersByTimeAsync(5_000);
    random.mockReturnValue(0);
    await server.drop();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.peers.length).toBe(ceilings.length + 2);
  });

  test("a goodbye says when to come back", async () => {
    const { client } = await live();
    await server.send(goodbye({ code: 8, message: "back soon", retryAfterMs: 1234 }));
    expect(client.status).toMatchObject({ kind: "reconnecting" });
    await vi.advanceTimersByTimeAsync(1233);
    expect(server.peers.length).toBe(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(server.peers.length).toBe(2);
  });

  test.each([
    ["a goodbye", () => server.send(goodbye({ code: 3, message: "who are you" }))],
    ["a close code", () => server.drop(4003, "who are you")],
  ])("a refused token, told by %s, is final until the application connects again", async (_, refuse) => {
    const { client, board } = await live();
    const call = board.count();
    await settle();
    await refuse();
    expect(client.status).toEqual({ kind: "failed", code: "unauthenticated", message: "who are you" });
    expect(board.status.kind).toBe("failed");
    expect(await call).toMatchObject({ ok: false, error: { kind: "unknown_outcome" } });
    expect(await board.count()).toMatchObject({ ok: false, error: { kind: "unavailable", message: "who are you" } });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.peers.length).toBe(1);
    client.connect();
    await settle();
    expect(server.heard).toEqual(["Hello", "Open", "Subscribe"]);
  });

  test("close says goodbye, ends calls and stays closed", async () => {
    const { client, board } = await live();
    const call = board.count();
    await settle();
    client.close();
    await settle();
    expect(server.heard.at(-1)).toBe("Goodbye");
    expect(server.closed?.code).toBe(1000);
    expect([client.status.kind, board.status.kind, board.get()?.cells.length]).toEqual(["closed", "closed", 2]);
    expect(await call).toMatchObject({ error: { kind: "unknown_outcome" } });
    expect(await board.count()).toMatchObject({ error: { kind: "unavailable" } });
    client.connect();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.peers.length).toBe(1);
  });
});

describe("a dead peer", () => {
  test("is probed after 25 s of silence and given up 5 s later", async () => {
    const { client } = await live();
    await vi.advanceTimersByTimeAsync(24_900);
    expect(server.heard).not.toContain("Ping");
    await vi.advanceTimersByTimeAsync(200);
    expect(server.heard.at(-1)).toBe("Ping");
    await server.send(pong(1));
    await vi.advanceTimersByTimeAsync(24_900);
    expect(client.status.kind).toBe("ready");
    await vi.advanceTimersByTimeAsync(5_200);
    expect(client.status.kind).toBe("reconnecting");
    expect(server.closed?.code).toBe(4004);
  });

  test("is noticed in 10 s while a call is pending", async () => {
    const { client, board } = await live();
    const call = board.count({ deadlineMs: 60_000 });
    await vi.advanceTimersByTimeAsync(5_010);
    expect(server.heard.at(-1)).toBe("Ping");
    expect(client.status.kind).toBe("ready");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(client.status.kind).toBe("reconnecting");
    expect(await call).toMatchObject({ error: { kind: "unknown_outcome" } });
  });

  test("the client says something every 25 s even if the server never stops talking", async () => {
    await live();
    for (let i = 0; i < 30; i++) {
      await vi.advanceTimersByTimeAsync(1_000);
      await server.send(ping(i));
      server.messages = server.heard.includes("Ping") ? server.messages : [];
    }
    // Pongs are something said, so nothing else was needed; deltas alone need a ping.
    for (let i = 0n; i < 30n; i++) {
      await vi.advanceTimersByTimeAsync(1_000);
      await server.send(advance(7, 1n));
    }
    expect(server.heard).toContain("Ping");
  });

  test("a connection attempt that hangs is given up", async () => {
    const client = make({ transport: { dial: () => ({ send: () => {}, close: () => {} }) } });
    client.connect();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(client.status).toMatchObject({ kind: "connecting", retryAt: expect.any(Number) });
  });

  test("pings are answered", async () => {
    await live();
    await server.send(ping(77));
    expect(server.all(Kind.Pong, session.readPong)).toEqual([{ n: 77 }]);
  });
});

describe("refusals", () => {
  const theirs = Uint8Array.of(0xaa, 1, 2, 3, 4, 5, 6, 7);

  test("a server that knows an ancestor only is spoken to with that digest, calls included", async () => {
    const board = make().open(Board, { game: "a" });
    board.subscribe(() => {});
    board.on("serverTime", () => {});
    const call = board.count();
    await settle();
    await server.send(welcome(), refused({ ch: 1, code: 1, digest: theirs }));
    // What the server says of the number before is late.
    await server.send(listening({ ch: 1, event: 9, denied: true }), failure({ id: 1, code: 6 }));
    expect(server.heard.slice(-4)).toEqual(["Open", "Subscribe", "Listen", "Call"]);
    expect(server.opens.at(-1)?.digest).toEqual(theirs);
    expect(server.calls.map((c) => c.id)).toEqual([1, 2]);
    await server.send(
      opened(2),
      subscribed(2, 7, 5n),
      snapshot(7, 5n, writeBoardState, {}),
      result(2, encode(writeBoardCountResult, 4)),
    );
    expect([board.status.kind, errors]).toEqual(["ready", []]);
    expect(await call).toEqual({ ok: true, value: 4 });
  });

  test("two that do not know each other have diverged: told with both digests, tried again with the next connection only", async () => {
    const board = make().open(Board, { game: "a" });
    const heard = vi.fn();
    board.subscribe(heard);
    const call = board.count();
    await settle();
    await server.send(welcome(), refused({ ch: 1, code: 1, digest: Uint8Array.of(0xbb, 0, 0, 0, 0, 0, 0, 1) }));
    expect(board.status).toMatchObject({ kind: "failed", code: "diverged" });
    expect(board.status).toMatchObject({ message: expect.stringContaining("8f0102030405060708090a0b0c0d0e0f") });
    expect(board.status).toMatchObject({ message: expect.stringContaining("bb00000000000001") });
    expect(await call).toMatchObject({ error: { kind: "unavailable" } });
    expect(await board.count()).toMatchObject({ error: { kind: "unavailable" } });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.opens.length).toBe(1);
    await server.drop();
    const { status } = board;
    await vi.advanceTimersByTimeAsync(250);
    expect(server.opens.length).toBe(1);
    expect(board.status).toBe(status);
    await server.send(welcome(), opened(1), subscribed(1, 7, 5n), snapshot(7, 5n, writeBoardState, {}));
    expect(board.status.kind).toBe("ready");
  });

  test.each([
    [3, "denied", "denied"],
    [4, "not_found", "not_found"],
    [2, "unknown_unit", "unavailable"],
    [7, "unavailable", "unavailable"],
  ])("open code %i fails the handle with %s and its calls with %s", async (code, status, kind) => {
    const board = make().open(Board, { game: "a" });
    board.subscribe(() => {});
    const call = board.count();
    await settle();
    await server.send(welcome(), refused({ ch: 1, code, message: "why" }));
    expect(board.status).toEqual({ kind: "failed", code: status, message: "why" });
    expect(await call).toEqual({ ok: false, error: { kind, message: "why" } });
    // The next use asks again.
    void board.count();
    await settle();
    expect(server.heard.slice(-3)).toEqual(["Open", "Subscribe", "Call"]);
  });
});

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
    ["a reset since", () => server.send(subscribed(1, 8, 1n, { reset: 3 }))],
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
    expect(server.heard).not.toContain("Call");
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

describe("events", () => {
  const at = (ms: number) => encode(writeBoardServerTime, { currentTime: new Date(ms) });

  test("are handed out once, in order, when the version they name is held", async () => {
    const { board } = await live();
    const heard: unknown[] = [];
    board.on("serverTime", (e) => heard.push([e.currentTime.getTime(), board.version]));
    await settle();
    expect(server.all(Kind.Listen, session.readListen)).toEqual([{ ch: 1, event: 9 }]);
    await server.send(
      listening({ ch: 1, event: 9, stream: 3 }),
      event(3, 5n, at(1)),
      event(3, 6n, at(2)),
      event(3, 5n, at(3)),
      event(4, 1n, at(9)),
    );
    expect(heard).toEqual([[1, 5n]]);
    await server.send(delta(7, 5n, 6n, turnO));
    expect(heard).toEqual([
      [1, 5n],
      [2, 6n],
      [3, 6n],
    ]);
  });

  test("wait for the first snapshot, and for no later one", async () => {
    const board = make().open(Board, { game: "a" });
    board.subscribe(() => {});
    const heard: unknown[] = [];
    board.on("serverTime", (e) => heard.push([e.currentTime.getTime(), board.version]));
    await settle();
    await server.send(
      welcome(),
      opened(1),
      listening({ ch: 1, event: 9, stream: 3 }),
      subscribed(1, 7, 5n),
      event(3, 5n, at(1)),
    );
    expect(heard).toEqual([]);
    await server.send(snapshot(7, 5n, writeBoardState, {}));
    await server.send(
      event(3, 900n, at(2)),
      subscribed(1, 8, 1n, { epoch: OTHER_EPOCH, reset: 2 }),
      snapshot(8, 1n, writeBoardState, {}),
    );
    expect(heard).toEqual([
      [1, 5n],
      [2, 1n],
    ]);
  });

  test("come at once without a subscription; the last listener ends the stream", async () => {
    const board = make().open(Board, { game: "a" });
    const heard: number[] = [];
    const stops = [board.on("serverTime", () => heard.push(1)), board.on("serverTime", () => heard.push(2))];
    await settle();
    expect(server.heard).toEqual(["Hello", "Open", "Listen"]);
    await server.send(welcome(), opened(1), listening({ ch: 1, event: 9, stream: 3 }), event(3, 70n, at(1)));
    expect(heard).toEqual([1, 2]);
    stops[0]?.();
    expect(server.heard).not.toContain("Unlisten");
    stops[1]?.();
    stops[1]?.();
    await settle();
    expect(server.heard.filter((name) => name === "Unlisten").length).toBe(1);
    await server.send(event(3, 71n, at(2)));
    expect(heard).toEqual([1, 2]);
  });

  test("a listener that throws, an event that does not decode and a denial are reported and disturb nobody", async () => {
    const { board } = await live();
    const reported = vi.spyOn(console, "error").mockImplementation(() => {});
    const heard = vi.fn();
    board.on("serverTime", () => {
      throw new Error("mine");
    });
    board.on("serverTime", heard);
    await server.send(
      listening({ ch: 1, event: 9, stream: 3 }),
      event(3, 1n, at(1)),
      event(3, 1n, Uint8Array.of(0xff)),
      event(3, 1n, at(2)),
    );
    expect(heard).toHaveBeenCalledTimes(2);
    expect(reported).toHaveBeenCalledTimes(3);
    await server.send(listening({ ch: 1, event: 9, denied: true }));
    expect(errors.map((e) => e.message)).toEqual(["an event of game.board.v1.Board was denied"]);
  });
});

describe("what is not used any more", () => {
  test("stays subscribed for a moment, so that a page switch costs nothing", async () => {
    const { board, stop } = await live();
    stop();
    stop();
    await vi.advanceTimersByTimeAsync(1_900);
    const again = board.subscribe(() => {});
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.heard).toEqual(["Hello", "Open", "Subscribe"]);
    expect(board.status.kind).toBe("ready");
    again();
    await vi.advanceTimersByTimeAsync(2_100);
    expect(server.heard.slice(3)).toEqual(["Close"]);
    board.subscribe(() => {});
    await settle();
    expect(server.heard.slice(4)).toEqual(["Open", "Subscribe"]);
    expect(server.subscribes.at(-1)).toMatchObject({ epoch: EPOCH, version: 5n });
  });

  test("is not opened again with the next connection", async () => {
    const { stop } = await live();
    stop();
    await server.drop();
    await vi.advanceTimersByTimeAsync(250);
    expect(server.heard).toEqual(["Hello"]);
  });

  test("a channel only calls were made on is closed too", async () => {
    const auth = make().open(Auth);
    const call = auth.logIn({ name: "a" });
    await settle();
    await server.send(welcome(), opened(1), result(1, Uint8Array.of(1)));
    await call;
    await vi.advanceTimersByTimeAsync(2_100);
    expect(server.heard.at(-1)).toBe("Close");
  });

  test("state without listeners but with events in use is unsubscribed", async () => {
    const { board, stop } = await live();
    board.on("serverTime", () => {});
    stop();
    await settle();
    expect(server.heard.slice(-2)).toEqual(["Listen", "Unsubscribe"]);
    await server.send(unsubscribed(1));
    const before: BoardState | undefined = board.get();
    await server.send(delta(7, 5n, 6n, turnO));
    expect(board.get()).toBe(before);
  });
});
