import { createClient, type ItemStream, RssError, type WebSocketConstructor } from "@restream/runtime";
import { beforeAll, expect, test } from "vitest";
import WebSocket from "ws";
import { Streams } from "./generated/interop/v1.js";
import { InteropServer } from "./server.js";

let server: InteropServer;
const webSocket = WebSocket as unknown as WebSocketConstructor;

beforeAll(async () => {
  server = await InteropServer.start();
  return () => server.kill();
});

function connect(url = server.url) {
  const client = createClient({ url, webSocket });
  return { client, streams: client.open(Streams) };
}

async function all<T, E>(stream: ItemStream<T, E>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

async function* numbers(to: number): AsyncGenerator<number> {
  for (let n = 0; n < to; n++) yield n;
}

test("items of an answer come in order, whatever their number", async () => {
  const { client, streams } = connect();
  const got = await all(streams.count({ to: 20_000, fail: false }));
  expect(got.length).toBe(20_000);
  expect(got.every((n, i) => n === BigInt(i))).toBe(true);
  expect(await all(streams.lines({ n: 2 }))).toEqual([
    { text: "line 0", n: 0 },
    { text: "line 1", n: 1 },
  ]);
  expect(await all(streams.lines({ n: 0 }))).toEqual([]);
  client.close();
});

test("a declared error ends a stream behind its items, thrown and as a value", async () => {
  const { client, streams } = connect();
  const stream = streams.count({ to: 3, fail: true });
  const got: bigint[] = [];
  const thrown = await (async () => {
    for await (const n of stream) got.push(n);
  })().catch((error: unknown) => error);
  expect(got).toEqual([0n, 1n, 2n]);
  expect(thrown).toBeInstanceOf(RssError);
  expect(thrown).toMatchObject({ code: "call_failed", cause: { kind: "TooMany", limit: 3 } });
  expect(await stream.result).toEqual({ ok: false, error: { kind: "TooMany", limit: 3 } });
  client.close();
});

test("a stream of the caller, from a generator, an array and nothing", async () => {
  const { client, streams } = connect();
  // More messages than a connection may send unasked.
  const sum = (5_000 * 4_999) / 2;
  expect(await streams.total({ factor: 2 }, numbers(1_000))).toEqual({ ok: true, value: 999_000n });
  expect(
    await streams.total(
      { factor: 0 },
      Array.from({ length: 5_000 }, () => 7),
    ),
  ).toEqual({ ok: true, value: 0n });
  expect(await streams.join([{ text: "a" }, { text: "b", n: 2 }])).toEqual({ ok: true, value: "a|b" });
  expect(await streams.join([])).toEqual({ ok: true, value: "" });
  expect(sum).toBeGreaterThan(1_000_000);
  client.close();
});

test("an answer before the end of the caller's stream ends it", async () => {
  const { client, streams } = connect();
  let closed: () => void = () => {};
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  async function* forever(): AsyncGenerator<number> {
    try {
      for (;;) yield 999_999;
    } finally {
      closed();
    }
  }
  const r = await streams.total({ factor: 1 }, forever());
  expect(r).toEqual({ ok: false, error: { kind: "TooMany", limit: 1_000_000 } });
  await isClosed;
  client.close();
});

test("both ways at once", async () => {
  const { client, streams } = connect();
  let answered: (text: string) => void = () => {};
  async function* talk(): AsyncGenerator<string> {
    let text = "hello";
    for (let n = 0; n < 50; n++) {
      const answer = new Promise<string>((resolve) => {
        answered = resolve;
      });
      yield text;
      text = await answer;
    }
  }
  let n = 0;
  for await (const line of streams.echo(talk())) {
    expect(line).toEqual({ text: n === 0 ? "hello" : `answer ${n - 1}`, n });
    answered(`answer ${n}`);
    n++;
  }
  expect(n).toBe(50);
  client.close();
});

test("leaving the loop, an abort and a lost link reach the handler", async () => {
  const { client, streams } = connect();
  const watcher = connect();
  const running = async () => {
    const r = await watcher.streams.running();
    return r.ok ? r.value : -1;
  };
  for await (const item of streams.endless()) {
    expect(new TextDecoder().decode(item)).toBe("one");
    expect(await running()).toBe(1);
    break;
  }
  const since = performance.now();
  while ((await running()) !== 0) expect(performance.now() - since).toBeLessThan(2_000);

  const abort = new AbortController();
  const stream = streams.endless({ signal: abort.signal });
  const end = stream.result;
  for await (const _ of stream) {
    abort.abort();
    break;
  }
  expect(await end).toMatchObject({ ok: false, error: { kind: "cancelled" } });

  for await (const _ of streams.endless()) {
    client.close();
    break;
  }
  while ((await running()) !== 0) expect(performance.now() - since).toBeLessThan(2_000);
  watcher.client.close();
});

test("a stream whose server dies has an unknown outcome", async () => {
  const own = await InteropServer.start();
  const { client, streams } = connect(own.url);
  const stream = streams.endless();
  const thrown = await (async () => {
    for await (const _ of stream) await own.kill();
  })().catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code: "call_failed", cause: { kind: "unknown_outcome" } });
  client.close();
});

test("a caller whose items fail gives the call up", async () => {
  const { client, streams } = connect();
  async function* broken(): AsyncGenerator<number> {
    yield 1;
    throw new Error("the disk is gone");
  }
  const r = await streams.total({ factor: 1 }, broken());
  expect(r).toMatchObject({ ok: false, error: { kind: "cancelled", message: expect.stringContaining("disk") } });
  const large = await streams.join([{ text: "x".repeat(70_000) }]);
  expect(large).toMatchObject({ ok: false, error: { kind: "too_large" } });
  expect(await streams.running()).toMatchObject({ ok: true });
  client.close();
});
