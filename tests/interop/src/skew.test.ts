import { createClient, type WebSocketConstructor } from "@restream/runtime";
import { describe, expect, test } from "vitest";
import WebSocket from "ws";
import { Note as NewNote } from "./generated-new/skew/v1.js";
import { Note as OldNote } from "./generated-old/skew/v1.js";
import { InteropServer } from "./server.js";

const webSocket = WebSocket as unknown as WebSocketConstructor;

/** Runs `check` with a client of a server of one generation. */
async function against(generation: "old" | "new", check: (client: ReturnType<typeof createClient>) => Promise<void>) {
  const server = await InteropServer.start(0, generation);
  const client = createClient({ url: server.url, webSocket });
  await check(client);
  client.close();
  await server.stop();
}

interface Watched {
  readonly get: () => unknown;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Resolves at the first notification (or at once) that satisfies `condition`. */
function until(handle: Watched, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = handle.subscribe(() => check());
    const check = () => {
      if (!condition()) return;
      queueMicrotask(() => stop());
      resolve();
    };
    check();
  });
}

describe("programs of two released generations", () => {
  test("an old client keeps working with a new server", () =>
    against("new", async (client) => {
      const note = client.open(OldNote, { id: 1 });
      await until(note, () => note.get() !== undefined);
      expect(note.get()).toEqual({ title: "new", count: 0, tags: [], kind: 2 });
      const heard = new Promise((resolve) => note.on("renamed", resolve));
      expect(await note.rename({ title: "a" })).toEqual({ ok: true, value: 1 });
      expect(note.get()).toEqual({ title: "a", count: 1, tags: [], kind: 2 });
      await note.rename({ title: "b" });
      expect(note.get()).toMatchObject({ title: "b", count: 2 });
      expect(await heard).toMatchObject({ title: expect.any(String) });
    }));

  test("a new client keeps working with an old server", () =>
    against("old", async (client) => {
      const note = client.open(NewNote, { id: 1 });
      await until(note, () => note.get() !== undefined);
      const base = { count: 0n, kind: 1, author: { name: "" }, likes: new Map(), shown: true };
      expect(note.get()).toEqual({ ...base, title: "old" });
      expect(await note.rename({ title: "a", by: "ann" })).toEqual({ ok: true, value: 1 });
      expect(note.get()).toEqual({ ...base, title: "a", count: 1n });
      expect(await note.like({ who: "ann" })).toMatchObject({ ok: false, error: { kind: "unimplemented" } });
    }));

  test("both generations, same side", async () => {
    await against("new", async (client) => {
      const note = client.open(NewNote, { id: 2 });
      await until(note, () => note.get() !== undefined);
      expect(note.get()).toMatchObject({ title: "new", shown: false });
      await note.rename({ title: "a", by: "ann" });
      expect(note.get()).toMatchObject({ title: "a", author: { name: "ann" }, likes: new Map([["ann", 1]]) });
    });
    await against("old", async (client) => {
      const note = client.open(OldNote, { id: 2 });
      await until(note, () => note.get() !== undefined);
      await note.rename({ title: "a" });
      expect(note.get()).toEqual({ title: "a", count: 1, tags: ["a", "a"], kind: 1 });
    });
  });
});
