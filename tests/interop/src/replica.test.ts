import { createClient, type WebSocketConstructor } from "@restream/runtime";
import { encode } from "@restream/runtime/wire";
import { beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import {
  Door,
  Glance,
  Inspection,
  Vault,
  World,
  type WorldState,
  writeGlance,
  writeWorldState,
} from "./generated/interop/v1.js";
import { InteropServer } from "./server.js";

let server: InteropServer;

beforeAll(async () => {
  server = await InteropServer.start();
  return () => server.kill();
});

/** A client whose sockets can be cut like a cable, and that records every value it reports. */
class Replica {
  readonly seen = new Map<bigint, Uint8Array>();
  private readonly sockets: WebSocket[] = [];
  readonly client;
  readonly world;

  constructor(name: string, token: string) {
    const sockets = this.sockets;
    class Cuttable extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    }
    this.client = createClient({
      url: server.url,
      token: () => token,
      backoff: { minMs: 10, maxMs: 50 },
      webSocket: Cuttable as unknown as WebSocketConstructor,
    });
    this.world = this.client.open(World, { name });
    this.world.subscribe(() => this.record());
  }

  private record(): void {
    const state: WorldState | undefined = this.world.get();
    const version = this.world.version;
    if (state === undefined || version === undefined) return;
    const bytes = encode(writeWorldState, state);
    const before = this.seen.get(version);
    if (before !== undefined) expect(bytes, `two values at version ${version}`).toEqual(before);
    this.seen.set(version, bytes);
  }

  /** Ends every open socket without a close frame. */
  cut(): void {
    for (const socket of this.sockets.splice(0)) socket.terminate();
  }

  /** Resolves when the version held is at least `version`. */
  async reaches(version: bigint): Promise<void> {
    if ((this.world.version ?? -1n) >= version) return;
    await new Promise<void>((resolve) => {
      const stop = this.world.subscribe(() => {
        if ((this.world.version ?? -1n) < version) return;
        stop();
        resolve();
      });
    });
  }

  async shake(seed: number, count: number): Promise<bigint> {
    const r = await this.world.shake({ seed: BigInt(seed), count });
    if (!r.ok) throw new Error(`shake: ${r.error.kind}`);
    return r.value;
  }

  /** Every recorded value must be what the server had at that version, byte for byte. */
  async check(): Promise<number> {
    for (const [version, bytes] of this.seen) {
      const r = await this.world.expected({ version });
      if (!r.ok) throw new Error(`expected: ${r.error.kind}`);
      expect(Buffer.from(bytes).toString("hex"), `version ${version}`).toBe(Buffer.from(r.value).toString("hex"));
    }
    return this.seen.size;
  }
}

describe("a TypeScript replica equals the Rust state at every version it reports", () => {
  test.each(["anonymous", "admin"])("under random changes, as %s", async (token) => {
    const replicas = [new Replica(`random-${token}`, token), new Replica(`random-${token}`, token)] as const;
    let last = 0n;
    for (let seed = 1; seed <= 20; seed++) last = await replicas[seed % 2 === 0 ? 0 : 1].shake(seed, 25);
    for (const replica of replicas) {
      await replica.reaches(last);
      expect(await replica.check()).toBeGreaterThan(0);
      replica.client.close();
    }
  });

  test("when the link is cut again and again", async () => {
    const writer = new Replica("cuts", "anonymous");
    const reader = new Replica("cuts", "anonymous");
    let last = 0n;
    for (let seed = 1; seed <= 8; seed++) {
      last = await writer.shake(100 + seed, 10);
      reader.cut();
      last = await writer.shake(200 + seed, 10);
      await reader.reaches(last);
    }
    // One value a round is what every reader must report; how many of those between depends on when the link was cut.
    expect(await reader.check()).toBeGreaterThanOrEqual(8);
    const versions = [...reader.seen.keys()];
    expect(versions, "versions only grow").toEqual([...versions].sort((a, b) => (a < b ? -1 : 1)));
    for (const replica of [writer, reader]) replica.client.close();
  });

  test("a level sees no byte of what is above it", async () => {
    const low = new Replica("secrets", "anonymous");
    const high = new Replica("secrets", "admin");
    const last = await high.shake(7, 200);
    await low.reaches(last);
    await high.reaches(last);
    const holds = (replica: Replica) => [...replica.seen.values()].some((b) => Buffer.from(b).includes("secret"));
    expect(holds(low)).toBe(false);
    expect(holds(high)).toBe(true);
    for (const replica of [low, high]) replica.client.close();
  });
});

describe("a view of a store", () => {
  const open = (token: string, name: string) => {
    const client = createClient({
      url: server.url,
      token: () => token,
      webSocket: WebSocket as unknown as WebSocketConstructor,
    });
    return { client, world: client.open(World, { name }), glance: client.open(Glance, { name }) };
  };

  /** Resolves when the handle holds at least `version`. */
  const reaches = (handle: { version: bigint | undefined; subscribe(f: () => void): () => void }, version: bigint) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if ((handle.version ?? -1n) < version) return;
        stop();
        resolve();
      };
      const stop = handle.subscribe(look);
      look();
    });

  test.each(["anonymous", "admin"])(
    "equals the projection of the Rust state at every version, as %s",
    async (token) => {
      const { client, world, glance } = open(token, `glance-${token}`);
      const seen = new Map<bigint, string>();
      glance.subscribe(() => {
        const [value, version] = [glance.get(), glance.version];
        if (value !== undefined && version !== undefined)
          seen.set(version, Buffer.from(encode(writeGlance, value)).toString("hex"));
      });
      let last = 0n;
      for (let seed = 1; seed <= 10; seed++) {
        const r = await world.shake({ seed: BigInt(300 + seed), count: 25 });
        if (!r.ok) throw new Error(r.error.kind);
        last = r.value;
        await reaches(glance, last);
      }
      expect(seen.size).toBeGreaterThan(10);
      for (const [version, bytes] of seen) {
        const r = await world.expectedGlance({ version });
        if (!r.ok) throw new Error(r.error.kind);
        expect(bytes, `version ${version}`).toBe(Buffer.from(r.value).toString("hex"));
      }
      expect(seen.has(last)).toBe(true);
      client.close();
    },
  );

  test("has a level of its own, higher or lower than that of its store", async () => {
    const { client, world } = open("anonymous", "levels");
    const handles = [
      client.open(Vault),
      client.open(Inspection, { name: "levels" }),
      client.open(Door),
      world,
    ] as const;
    const settled = (handle: (typeof handles)[number]) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (handle.status.kind !== "failed" && handle.status.kind !== "ready") return;
          stop();
          resolve();
        };
        const stop = handle.subscribe(look);
        look();
      });
    await Promise.all(handles.map(settled));
    expect(handles.map((handle) => handle.status.kind)).toEqual(["failed", "failed", "ready", "ready"]);
    expect(client.open(Door).get()).toEqual({ open: false });
    client.close();
  });

  test("keeps its value when something changes that it does not show", async () => {
    const { client, world, glance } = open("anonymous", "silent");
    const stop = glance.subscribe(() => undefined);
    await reaches(glance, 0n);
    await world.add({ n: 5 });
    const value = glance.get();
    expect(value?.counter).toBe(5n);
    // The reply waits for the version that it names, on the view too.
    expect((await world.rename({ title: "unseen" })).ok).toBe(true);
    expect(glance.version).toBe(2n);
    expect(glance.get()).toBe(value);
    stop();
    client.close();
  });
});

describe("kill and restart", () => {
  test("the client says so, comes back under a new epoch and goes on", async () => {
    const own = await InteropServer.start();
    const client = createClient({ url: own.url, webSocket: WebSocket as unknown as WebSocketConstructor });
    const world = client.open(World, { name: "restart" });
    const until = (condition: () => boolean) =>
      new Promise<void>((resolve) => {
        if (condition()) return resolve();
        const stop = world.subscribe(() => {
          if (!condition()) return;
          stop();
          resolve();
        });
      });
    await until(() => world.status.kind === "ready");
    await world.add({ n: 5 });
    await until(() => world.get()?.counter === 5n);
    const epoch = world.epoch;
    await own.kill();
    await until(() => world.status.kind === "reconnecting");
    expect(world.get()?.counter, "the last value stays readable").toBe(5n);
    const again = await InteropServer.start(own.port);
    await until(() => world.status.kind === "ready" && world.epoch !== epoch);
    expect(world.get()?.counter).toBe(0n);
    const r = await world.add({ n: 1 });
    expect(r).toEqual({ ok: true, value: 1n });
    client.close();
    await again.kill();
  });
});
