import { afterEach, beforeEach, expect, test } from "vitest";
import { type WebSocket as Socket, WebSocket, WebSocketServer } from "ws";
import { decodeMessage, encodeMessage } from "../src/frame.js";
import { type Client, createClient, memoryTransport, orThrow, RssError, webSocketTransport } from "../src/index.js";
import { encode } from "../src/wire.js";
import { Board, writeBoardCountResult, writeBoardState } from "./board.js";
import { opened, result, snapshot, subscribed, welcome } from "./server.js";

let server: WebSocketServer;
let client: Client;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  client = createClient({ url: `http://127.0.0.1:${address.port}/socket`, webSocket: WebSocket, random: () => 0 });
});
afterEach(() => {
  client.close();
  server.close();
});

function nextSocket(): Promise<Socket> {
  return new Promise((resolve) => server.once("connection", resolve));
}

function nextMessage(socket: Socket): Promise<Uint8Array> {
  return new Promise((resolve) => socket.once("message", (data: Buffer) => resolve(new Uint8Array(data))));
}

test("a client on a real socket: subprotocol, one message, state, reconnect, goodbye", async () => {
  const board = client.open(Board, { game: "a" });
  const changes: string[] = [];
  board.subscribe(() => changes.push(board.status.kind));
  const call = board.count();
  const socket = await nextSocket();
  expect(socket.protocol).toBe("restream.v1");
  const hello = decodeMessage(await nextMessage(socket));
  expect(hello.length).toBe(4);
  socket.send(
    encodeMessage([welcome(), opened(1), subscribed(1, 7, 5n), snapshot(7, 5n, writeBoardState, { turn: 2 })]),
  );
  socket.send(result(1, encode(writeBoardCountResult, 3), [{ view: 7, version: 5n }]));
  expect(orThrow(await call)).toBe(3);
  expect(board.get()?.turn).toBe(2);
  socket.terminate();
  const again = await nextSocket();
  expect(decodeMessage(await nextMessage(again)).length).toBe(3);
  expect([changes.includes("ready"), board.status.kind]).toEqual([true, "reconnecting"]);
  const closed = new Promise((resolve) => again.once("close", resolve));
  again.send(welcome());
  client.close();
  expect(await closed).toBe(1000);
});

test("a server that is not there is a lost connection", async () => {
  const { transport, lost } = dead();
  const away = createClient({ transport, random: () => 1 });
  away.connect();
  await lost;
  expect(away.status).toMatchObject({ kind: "connecting" });
  away.close();
});

function dead() {
  let told: () => void = () => {};
  const lost = new Promise<void>((resolve) => {
    told = resolve;
  });
  const inner = webSocketTransport("ws://127.0.0.1:9", WebSocket);
  const transport: typeof inner = {
    dial: (events) =>
      inner.dial({
        ...events,
        opened: () => events.opened(),
        message: (data) => events.message(data),
        closed: (code, reason) => {
          events.closed(code, reason);
          told();
        },
      }),
  };
  return { transport, lost };
}

test("a platform without WebSocket is told what to do", () => {
  const events = { opened: () => {}, message: () => {}, closed: () => {} };
  if ("WebSocket" in globalThis) return;
  expect(() => webSocketTransport("ws://127.0.0.1:9").dial(events)).toThrow(/webSocket/);
  expect(() => webSocketTransport("/socket", WebSocket).dial(events)).toThrow();
});

test("orThrow gives the value or throws with the error as cause", () => {
  expect(orThrow({ ok: true, value: 3 })).toBe(3);
  const error = { kind: "denied", message: "no" } as const;
  try {
    orThrow({ ok: false, error });
    expect.unreachable();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(RssError);
    expect(RssError.from(thrown)).toMatchObject({ code: "call_failed", cause: error });
  }
});

test("the memory transport delivers in order and nothing after the close", async () => {
  const heard: unknown[] = [];
  const transport = memoryTransport((peer) => {
    peer.onMessage = (message) => heard.push(message[0]);
    peer.onClose = (code) => heard.push(code);
  });
  const link = transport.dial({ opened: () => heard.push("open"), message: () => {}, closed: () => {} });
  link.send(Uint8Array.of(1));
  link.send(Uint8Array.of(2));
  link.close(1000, "");
  link.send(Uint8Array.of(3));
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual(["open", 1, 2, 1000]);
});
