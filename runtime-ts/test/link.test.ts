import { describe, expect, test, vi } from "vitest";
import { Kind } from "../src/frame.js";
import * as session from "../src/protocol/generated/session/v1.js";
import { encode } from "../src/wire.js";
import { Board, writeBoardCountResult, writeBoardState } from "./board.js";
import {
  advance,
  delta,
  EPOCH,
  failure,
  goodbye,
  listening,
  OTHER_EPOCH,
  opened,
  ping,
  pong,
  refused,
  result,
  settle,
  snapshot,
  subscribed,
  welcome,
} from "./server.js";
import { errors, live, make, server, turnO, withServer } from "./subject.js";

withServer();

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

  test("that is cut soon after each welcome comes back within a second, every time", async () => {
    const client = make({ random: () => 1 });
    client.connect();
    await settle();
    for (let cuts = 1; cuts <= 8; cuts++) {
      await server.send(welcome());
      await server.drop();
      await vi.advanceTimersByTimeAsync(1_010);
      expect(server.peers.length).toBe(cuts + 1);
    }
  });

  test("a goodbye says how much later to come back", async () => {
    const { client } = await live();
    await server.send(goodbye({ code: 8, message: "back soon", retryAfterMs: 1234 }));
    expect(client.status).toMatchObject({ kind: "reconnecting" });
    await vi.advanceTimersByTimeAsync(1233);
    expect(server.peers.length).toBe(1);
    await vi.advanceTimersByTimeAsync(502);
    expect(server.peers.length).toBe(2);
  });

  test("a greeting that is too large is not tried again", async () => {
    const client = make({});
    client.connect();
    await settle();
    await server.send(goodbye({ code: 5, message: "the hello is too large" }));
    expect(client.status).toEqual({ kind: "failed", code: "too_large", message: "the hello is too large" });
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
    board.on("serverTime", () => {});
    const call = board.count();
    await settle();
    await server.send(welcome(), refused({ ch: 1, code, message: "why" }));
    expect(board.status).toEqual({ kind: "failed", code: status, message: "why" });
    expect(await call).toEqual({ ok: false, error: { kind, message: "why" } });
    // What was sent along with the open is denied too, which says nothing new.
    await server.send(listening({ ch: 1, event: 9, denied: true }));
    expect(errors).toEqual([]);
    // The next use asks again.
    void board.count();
    await settle();
    expect(server.heard.slice(-4)).toEqual(["Open", "Subscribe", "Listen", "Call"]);
  });
});
