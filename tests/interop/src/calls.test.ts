import { createClient, type WebSocketConstructor } from "@restream/runtime";
import { beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { Calculator, Single, World } from "./generated/interop/v1.js";
import { InteropServer } from "./server.js";

let server: InteropServer;
const webSocket = WebSocket as unknown as WebSocketConstructor;

beforeAll(async () => {
  server = await InteropServer.start();
  return () => server.kill();
});

function connect(token = "ann") {
  const client = createClient({ url: server.url, token: () => token, webSocket });
  return { client, world: client.open(World, { name: "calls" }), [Symbol.dispose]: () => client.close() };
}

describe("calls", () => {
  test("every scalar arrives as it was sent", async () => {
    const { client, world } = connect();
    const r = await world.echo({
      text: "ü",
      data: new Uint8Array([1, 255]),
      when: new Date(1_763_799_000_123),
      lapse: -5,
      id: "00112233-4455-6677-8899-aabbccddeeff",
      big: -(2n ** 70n),
      price: "-12.50",
      maybe: 2n ** 64n - 1n,
    });
    const text = `ü|[1, 255]|1763799000123|-5|00112233-4455-6677-8899-aabbccddeeff|${-(2n ** 70n)}|-12.50|Some(18446744073709551615)`;
    expect(r).toEqual({ ok: true, value: text });
    client.close();
  });

  test("a declared error is a value with its payload", async () => {
    const { client, world } = connect();
    expect(await world.add({ n: 1001 })).toEqual({ ok: false, error: { kind: "TooMany", limit: 1000 } });
    const sums = client.open(Calculator);
    expect(await sums.add({ a: 40, b: 2 })).toEqual({ ok: true, value: 42 });
    expect(await sums.fail({ limit: 7 })).toEqual({ ok: false, error: { kind: "TooMany", limit: 7 } });
    client.close();
  });

  test("a reply is handed out after the state it changed (read your writes)", async () => {
    const { client, world } = connect();
    const stop = world.subscribe(() => {});
    for (let n = 0; n < 20; n++) {
      const r = await world.add({ n: 3 });
      if (!r.ok) throw new Error(r.error.kind);
      expect(world.get()?.counter).toBeGreaterThanOrEqual(r.value);
    }
    stop();
    client.close();
  });

  test("a panic fails that call only", async () => {
    const { client, world } = connect();
    const crash = world.crash();
    const add = world.add({ n: 0 });
    expect(await crash).toMatchObject({ ok: false, error: { kind: "internal" } });
    expect(await add).toMatchObject({ ok: true });
    client.close();
  });

  test("a deadline and an abort end a call that never answers", async () => {
    const { client, world } = connect();
    expect(await world.hang({ deadlineMs: 50 })).toMatchObject({ ok: false, error: { kind: "deadline" } });
    const abort = new AbortController();
    const call = world.hang({ signal: abort.signal });
    abort.abort();
    expect(await call).toMatchObject({ ok: false, error: { kind: "cancelled" } });
    client.close();
  });

  test("a call in flight when the server dies has an unknown outcome", async () => {
    const own = await InteropServer.start();
    const client = createClient({ url: own.url, webSocket });
    const world = client.open(World, { name: "calls" });
    await world.add({ n: 1 });
    const call = world.hang();
    // The server has the call once it answers a later one: calls start in the order sent.
    await world.add({ n: 1 });
    await own.kill();
    expect(await call).toMatchObject({ ok: false, error: { kind: "unknown_outcome" } });
    client.close();
  });

  test("access: a method above the caller's level is denied", async () => {
    const low = connect();
    const high = connect("admin");
    expect(await low.world.forbidden()).toMatchObject({ ok: false, error: { kind: "denied" } });
    expect(await high.world.forbidden()).toMatchObject({ ok: true });
    low.client.close();
    high.client.close();
  });

  test("a store without key, and an instance that its handler refuses to open", async () => {
    const { client } = connect();
    const single = client.open(Single);
    expect(await single.bump()).toMatchObject({ ok: true });
    const missing = client.open(World, { name: "missing" });
    expect(await missing.add({ n: 1 })).toMatchObject({ ok: false });
    expect(await single.bump()).toMatchObject({ ok: true });
    client.close();
  });
});

describe("events", () => {
  test("reach every listener of the instance in order, after the version they name", async () => {
    const [a, b] = [connect(), connect()];
    const seen: number[][] = [[], []];
    const done = [a, b].map(
      ({ world }, i) =>
        new Promise<void>((resolve) => {
          world.subscribe(() => {});
          world.on("poked", ({ n, version }) => {
            expect(world.version).toBeGreaterThanOrEqual(Number(version));
            seen[i]?.push(n);
            if (n === 10) resolve();
          });
        }),
    );
    // A reply proves that what was sent before it, the listening included, has been handled.
    await Promise.all([a.world.add({ n: 1 }), b.world.add({ n: 1 })]);
    for (let n = 1; n <= 10; n++) a.world.poke({ n });
    await Promise.all(done);
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect(seen).toEqual([numbers, numbers]);
    a.client.close();
    b.client.close();
  });
});

describe("keyed events", () => {
  test("reach who listens to exactly this key, as its level may see them, and tell the handler who listens", async () => {
    const [low, high] = [connect(), connect("admin")];
    const topics = async () => {
      const r = await low.world.topics();
      return r.ok ? r.value : undefined;
    };
    const seen: unknown[] = [];
    const got = (who: string) => (e: { readonly text: string; readonly item: { readonly note: string | undefined } }) =>
      seen.push([who, e.text, e.item.note]);
    const stop = low.world.on("noted", { topic: "a" }, got("low"));
    const stops = [
      high.world.on("noted", { topic: "a" }, got("high")),
      high.world.on("noted", { topic: "b" }, got("b")),
    ];
    await Promise.all([low.world.add({ n: 0 }), high.world.add({ n: 0 })]);
    while ((await topics())?.length !== 2);
    expect(await topics()).toEqual(["a", "b"]);
    for (const topic of ["a", "c", "b"]) {
      await low.world.note({ topic, text: topic, item: { note: "secret" } });
    }
    await high.world.add({ n: 0 });
    expect(seen.sort()).toEqual([
      ["b", "b", "secret"],
      ["high", "a", "secret"],
      ["low", "a", undefined],
    ]);
    stop();
    for (const end of stops) end();
    while ((await topics())?.length !== 0);
    low.client.close();
    high.client.close();
  });
});

describe("refusals", () => {
  test("a bad token stops the client, with a code", async () => {
    const { client, world } = connect("bad");
    const failed = new Promise<void>((resolve) => {
      const stop = world.subscribe(() => {
        if (world.status.kind !== "failed" && world.status.kind !== "closed") return;
        stop();
        resolve();
      });
    });
    await failed;
    expect(world.status).toMatchObject({ kind: "failed", code: "unauthenticated" });
    client.close();
  });
});
