// @vitest-environment happy-dom
import { act, type ReactNode, StrictMode, useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Client, createClient } from "../src/index.js";
import { useEvent, useStatus, useStore } from "../src/react/index.js";
import { encode } from "../src/wire.js";
import { Board, type BoardState, writeBoardKey, writeBoardServerTime, writeBoardState } from "./board.js";
import { delta, event, listening, opened, ops, Server, settle, snapshot, subscribed, welcome } from "./server.js";

let server: Server;
let client: Client;
let root: Root;
let page: HTMLElement;

beforeEach(() => {
  Reflect.set(globalThis, "IS_REACT_ACT_ENVIRONMENT", true);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  server = new Server();
  client = createClient({ transport: server.transport, random: () => 0.5 });
  page = document.createElement("div");
  root = createRoot(page);
});
afterEach(async () => {
  await act(() => root.unmount());
  client.close();
  vi.useRealTimers();
});

async function render(node: ReactNode): Promise<void> {
  await act(async () => {
    root.render(node);
    await settle();
  });
}

function send(...frames: Uint8Array[]): Promise<void> {
  return act(() => server.send(...frames));
}

const turnO = ops(9, { 2: [2, 0x05] });
const opens = ops(9, { 9: [2] });

/** Shows the turn and counts how often it is rendered. */
function Turn({
  counts,
  select = (s: BoardState) => s.turn,
}: {
  counts: number[];
  select?: (s: BoardState) => number;
}) {
  counts.push(counts.length);
  const board = client.open(Board, { game: "a" });
  return <p>{useStore(board, select, -1)}</p>;
}

let renders = 0;
function Cells() {
  renders++;
  const board = client.open(Board, { game: "a" });
  const cells = useStore(board, (s) => s.cells.map((c) => c), []);
  const none = useStore(board, (s) => s.guest);
  return <p>{`${cells.join("")}${none?.name ?? "-"}`}</p>;
}

let heard: string[] = [];
let rename: (name: string) => void = () => {};
function Clock() {
  const [name, setName] = useState("first");
  rename = setName;
  useEvent(client.open(Board, { game: "a" }), "serverTime", ({ currentTime }) => {
    heard.push(`${name} ${currentTime.getTime()}`);
  });
  return null;
}

function Radio({ station }: { station: string }) {
  useEvent(client.open(Board, { game: "a" }), "audio", { game: station }, ({ currentTime }) => {
    heard.push(`${station} ${currentTime.getTime()}`);
  });
  return null;
}

function Status() {
  return <p>{useStatus(client.open(Board, { game: "a" }))}</p>;
}

function Both() {
  const board = client.open(Board, { game: "a" });
  return <p>{`${useStatus(board)} ${useStore(board, (s) => s.turn, 9)}`}</p>;
}

test("useStore gives the fallback, then the value, and renders again only when it changes", async () => {
  const counts: number[] = [];
  await render(<Turn counts={counts} />);
  expect(page.textContent).toBe("-1");
  await send(welcome(), opened(1), subscribed(1, 7, 5n), snapshot(7, 5n, writeBoardState, { turn: 1 }));
  expect(page.textContent).toBe("1");
  const before = counts.length;
  await send(delta(7, 5n, 6n, opens));
  expect(counts.length).toBe(before);
  await send(delta(7, 6n, 7n, turnO));
  expect(page.textContent).toBe("2");
  expect(counts.length).toBe(before + 1);
});

test("a selector made anew with each render, giving new objects, neither loops nor tears", async () => {
  renders = 0;
  await render(<Cells />);
  await send(welcome(), opened(1), subscribed(1, 7, 5n), snapshot(7, 5n, writeBoardState, { cells: [1, 2] }));
  expect(page.textContent).toBe("12-");
  expect(renders).toBeLessThan(5);
});

test("under StrictMode there is one subscription, and none left behind", async () => {
  const counts: number[] = [];
  await render(
    <StrictMode>
      <Turn counts={counts} />
      <Turn counts={counts} />
    </StrictMode>,
  );
  await send(welcome(), opened(1), subscribed(1, 7, 5n), snapshot(7, 5n, writeBoardState, { turn: 2 }));
  expect(page.textContent).toBe("22");
  expect(server.heard).toEqual(["Hello", "Open", "Subscribe"]);
  await render(null);
  await act(() => vi.advanceTimersByTimeAsync(2_100));
  expect(server.heard.slice(3)).toEqual(["Close"]);
});

test("a page switch keeps the subscription and shows the value at once", async () => {
  await render(<Turn key="one" counts={[]} />);
  await send(welcome(), opened(1), subscribed(1, 7, 5n), snapshot(7, 5n, writeBoardState, { turn: 2 }));
  await render(<Turn key="two" counts={[]} />);
  expect(page.textContent).toBe("2");
  expect(server.heard).toEqual(["Hello", "Open", "Subscribe"]);
});

test("useEvent listens to one key, and to another when it changes", async () => {
  heard = [];
  const at = (ms: number) => encode(writeBoardServerTime, { currentTime: new Date(ms) });
  const key = (game: string) => encode(writeBoardKey, { game });
  await render(<Radio station="x" />);
  await render(<Radio station="x" />);
  await send(welcome(), opened(1), listening({ ch: 1, event: 10, stream: 3, key: key("x") }), event(3, 0n, at(1)));
  expect(server.heard.filter((name) => name === "Listen")).toHaveLength(1);
  await render(<Radio station="y" />);
  await send(listening({ ch: 1, event: 10, stream: 4, key: key("y") }), event(3, 0n, at(2)), event(4, 0n, at(3)));
  expect(heard).toEqual(["x 1", "y 3"]);
});

test("useEvent has one subscription and calls the newest function", async () => {
  heard = [];
  const at = (ms: number) => encode(writeBoardServerTime, { currentTime: new Date(ms) });
  await render(
    <StrictMode>
      <Clock />
    </StrictMode>,
  );
  // StrictMode mounts twice: the server sees the stream ended and begun again, the listener is there once.
  expect(
    server.heard.filter((name) => name === "Listen").length - server.heard.filter((name) => name === "Unlisten").length,
  ).toBe(1);
  await send(welcome(), opened(1), listening({ ch: 1, event: 9, stream: 3 }), event(3, 0n, at(1)));
  await act(async () => rename("second"));
  await send(event(3, 0n, at(2)));
  expect(heard).toEqual(["first 1", "second 2"]);
  expect(server.heard.filter((name) => name === "Listen").length).toBeLessThanOrEqual(2);
});

test("useStatus is a word that follows the connection", async () => {
  await render(<Status />);
  expect(page.textContent).toBe("connecting");
  await send(welcome(), opened(1), subscribed(1, 7, 5n), snapshot(7, 5n, writeBoardState, {}));
  expect(page.textContent).toBe("ready");
  await act(() => server.drop());
  expect(page.textContent).toBe("reconnecting");
  await act(() => vi.advanceTimersByTimeAsync(250));
  await send(welcome(), opened(1), subscribed(1, 7, 5n, { reset: 0 }));
  expect(page.textContent).toBe("ready");
});

test("on a server the fallback is rendered and nothing connects", async () => {
  expect(renderToString(<Both />)).toBe("<p>connecting 9</p>");
  await settle();
  expect(server.peers.length).toBe(0);
});

test("the page coming to the front or online is looked at: reconnect now, or probe", async () => {
  client.connect();
  await settle();
  await server.send(welcome());
  await vi.advanceTimersByTimeAsync(6_000);
  window.dispatchEvent(new Event("focus"));
  await settle();
  expect(server.heard.at(-1)).toBe("Ping");
  await server.drop();
  await server.drop();
  expect(server.peers.length).toBe(1);
  window.dispatchEvent(new Event("online"));
  await settle();
  expect(server.peers.length).toBe(2);
});
