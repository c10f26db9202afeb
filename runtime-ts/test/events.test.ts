import { describe, expect, test, vi } from "vitest";
import { Kind } from "../src/frame.js";
import * as session from "../src/protocol/generated/session/v1.js";
import { encode } from "../src/wire.js";
import { Auth, Board, type BoardState, writeBoardKey, writeBoardServerTime, writeBoardState } from "./board.js";
import {
  delta,
  EPOCH,
  event,
  goodbye,
  listening,
  OTHER_EPOCH,
  opened,
  result,
  settle,
  snapshot,
  subscribed,
  unsubscribed,
  welcome,
} from "./server.js";
import { errors, live, make, server, turnO, withServer } from "./subject.js";

withServer();

describe("events", () => {
  const at = (ms: number) => encode(writeBoardServerTime, { currentTime: new Date(ms) });

  test("are handed out once, in order, when the version they name is held", async () => {
    const { board } = await live();
    const heard: unknown[] = [];
    board.on("serverTime", (e) => heard.push([e.currentTime.getTime(), board.version]));
    await settle();
    expect(server.all(Kind.Listen, session.readListen)).toEqual([{ ch: 1, event: 9, key: new Uint8Array() }]);
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

  test("with a key reach who listens to exactly this key", async () => {
    const { board } = await live();
    const heard: unknown[] = [];
    const keys = [encode(writeBoardKey, { game: "x" }), encode(writeBoardKey, { game: "y" })];
    const stops = ["x", "y", "x"].map((game, n) =>
      board.on("audio", { game }, (e) => heard.push([n, e.currentTime.getTime()])),
    );
    await settle();
    expect(server.all(Kind.Listen, session.readListen)).toEqual(keys.map((key) => ({ ch: 1, event: 10, key })));
    await server.send(
      ...keys.map((key, n) => listening({ ch: 1, event: 10, stream: 3 + n, key })),
      event(3, 5n, at(1)),
      event(4, 5n, at(2)),
    );
    expect(heard).toEqual([
      [0, 1],
      [2, 1],
      [1, 2],
    ]);
    stops[0]?.();
    await settle();
    expect(server.heard).not.toContain("Unlisten");
    stops[2]?.();
    await settle();
    expect(server.all(Kind.Unlisten, session.readUnlisten)).toEqual([{ ch: 1, event: 10, key: keys[0] }]);
    await server.send(event(3, 5n, at(3)), event(4, 5n, at(4)));
    expect(heard.slice(3)).toEqual([[1, 4]]);
  });

  test("with a key are listened to again after a lost link", async () => {
    const { board } = await live();
    board.on("audio", { game: "x" }, () => {});
    await settle();
    await server.drop();
    await vi.advanceTimersByTimeAsync(250);
    expect(server.all(Kind.Listen, session.readListen)).toMatchObject([{ ch: 1, event: 10 }]);
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

  test("that wait when the connection goes are handed out when the next one has brought their version", async () => {
    const { board } = await live();
    const heard: unknown[] = [];
    board.on("serverTime", (e) => heard.push([e.currentTime.getTime(), board.version]));
    await settle();
    await server.send(listening({ ch: 1, event: 9, stream: 3 }), event(3, 6n, at(1)), goodbye({ code: 8 }));
    await vi.advanceTimersByTimeAsync(250);
    await server.send(welcome(), opened(1), subscribed(1, 30, 5n, { reset: 0 }));
    expect(heard).toEqual([]);
    await server.send(delta(30, 5n, 6n, turnO));
    expect(heard).toEqual([[1, 6n]]);
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
    await vi.advanceTimersByTimeAsync(1_900);
    expect(server.heard.at(-1)).toBe("Listen");
    await vi.advanceTimersByTimeAsync(200);
    expect(server.heard.slice(-2)).toEqual(["Listen", "Unsubscribe"]);
    await server.send(unsubscribed(1));
    const before: BoardState | undefined = board.get();
    await server.send(delta(7, 5n, 6n, turnO));
    expect(board.get()).toBe(before);
  });
});
