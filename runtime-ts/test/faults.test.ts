import { describe, expect, test, vi } from "vitest";
import { Kind } from "../src/frame.js";
import * as session from "../src/protocol/generated/session/v1.js";
import { encode } from "../src/wire.js";
import {
  Board,
  Lobby,
  Mark,
  writeBoardCountResult,
  writeBoardServerTime,
  writeBoardState,
  writePlayer,
} from "./board.js";
import {
  chunk,
  delta,
  event,
  listening,
  opened,
  result,
  settle,
  snapshot,
  subscribed,
  unsubscribed,
  welcome,
} from "./server.js";
import { errors, live, make, server, turnO, turnX, unfit, withServer } from "./subject.js";

withServer();

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
    await server.send(subscribed(1, 9, 1n), snapshot(9, 1n, writeBoardState, {}));
    expect([board.get(), board.version]).toEqual([before, 5n]);
    await server.send(unsubscribed(1), subscribed(1, 7, 9n));
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
