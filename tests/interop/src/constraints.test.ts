import { readFileSync } from "node:fs";
import { ConstraintError, createClient, orThrow, type WebSocketConstructor } from "@restream/runtime";
import { type Check, decode, type Read } from "@restream/runtime/wire";
import { beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import * as v from "./generated/rules/v1.js";
import { InteropServer } from "./server.js";

interface Case {
  readonly type: string;
  readonly name: string;
  readonly hex: string;
  readonly violation: { readonly rule: string; readonly path: string; readonly message: string } | null;
}

const { cases }: { cases: Case[] } = JSON.parse(
  readFileSync(new URL("../../vectors/constraints.json", import.meta.url), "utf8"),
);

/** Reads bytes and checks what they are. */
function checker<T>(read: Read<T>, check: Check<T>): (bytes: Uint8Array) => void {
  return (bytes) => check(decode(read, bytes));
}

const checkers: Readonly<Record<string, (bytes: Uint8Array) => void>> = {
  Numbers: checker(v.readNumbers, v.checkNumbers),
  Texts: checker(v.readTexts, v.checkTexts),
  Tree: checker(v.readTree, v.checkTree),
};

function violationOf(run: () => void): Case["violation"] {
  try {
    run();
    return null;
  } catch (error) {
    if (!(error instanceof ConstraintError)) throw error;
    expect(error.code).toBe("constraint");
    return { rule: error.rule, path: error.path, message: error.message };
  }
}

describe("violations are those of Rust", () => {
  test.each(cases)("$type: $name", ({ type, hex, violation }) => {
    expect(violationOf(() => checkers[type]?.(new Uint8Array(Buffer.from(hex, "hex"))))).toEqual(violation);
  });

  test("of a value that stands alone", () => {
    expect(violationOf(() => v.checkRank(v.rank(6)))?.message).toBe("value: is 6; allowed are 1 to 5 (range)");
    expect(violationOf(() => v.checkName(v.name("ok")))).toBeNull();
  });

  test("what is left out has its default", () => {
    expect(violationOf(() => v.checkNumbers({ tight: v.rank(2) }))).toBeNull();
    expect(violationOf(() => v.checkTree({ branches: [{}, { numbers: { small: 999 } }] }))?.path).toBe(
      "branches[1].numbers.small",
    );
  });
});

describe("over a socket", () => {
  let server: InteropServer;
  beforeAll(async () => {
    server = await InteropServer.start();
    return () => server.kill();
  });

  /** The store as a program knows it whose schema has no constraints. */
  const { call, wave } = v.Guard.methods;
  const Loose: typeof v.Guard = {
    ...v.Guard,
    checkKey: undefined,
    methods: { ...v.Guard.methods, call: { ...call, check: undefined }, wave: { ...wave, check: undefined } },
  };

  function connect(token = "ann") {
    const webSocket = WebSocket as unknown as WebSocketConstructor;
    return createClient({ url: server.url, token: () => token, webSocket });
  }
  const key = { name: v.name("calls") };

  test("a commit that breaks one is refused and changes nothing", async () => {
    const client = connect();
    const guard = client.open(v.Guard, key);
    const stop = guard.subscribe(() => {});
    expect(orThrow(await guard.hit({ hp: 99 }))).toBe(99);
    const message = "hp: is 101; allowed are 1 to 100 (range)";
    const error = { kind: "constraint", rule: "range", path: "hp", message };
    expect(await guard.hit({ hp: 101 })).toEqual({ ok: false, error });
    expect(guard.get()?.hp).toBe(99);
    expect(guard.version).toBe(1n);
    stop();
    client.close();
  });

  test("arguments are checked at both ends, with the same outcome", async () => {
    const client = connect();
    const guard = client.open(v.Guard, key);
    const loose = client.open(Loose, { name: v.name("loose") });
    expect(await guard.call({ name: v.name("ann") })).toEqual({ ok: true, value: "ann" });
    const bad = { name: v.name("Ann"), rank: v.rank(2) };
    const early = await guard.call(bad);
    expect(early).toMatchObject({ ok: false, error: { kind: "constraint", rule: "pattern", path: "name" } });
    expect(await loose.call(bad)).toEqual(early);
    const empty = await loose.call({ name: v.name("") });
    expect(empty).toMatchObject({ ok: false, error: { rule: "len", path: "name" } });
    expect(() => guard.wave({ rank: v.rank(6) })).toThrow(ConstraintError);
    client.close();
  });

  test("results and declared errors are checked before they are sent", async () => {
    const client = connect();
    const guard = client.open(v.Guard, key);
    expect(await guard.lie({ rank: 3 })).toEqual({ ok: true, value: [1, 3] });
    expect(await guard.lie({ rank: 7 })).toMatchObject({ ok: false, error: { kind: "constraint", path: "result[1]" } });
    expect(await guard.fail({ name: "ann" })).toEqual({ ok: false, error: { kind: "Named", name: "ann" } });
    expect(await guard.fail({ name: "ANN" })).toMatchObject({
      ok: false,
      error: { kind: "constraint", rule: "pattern", path: "error.Named.name" },
    });
    client.close();
  });

  test("of a restricted field no more than its name is told", async () => {
    const client = connect();
    const guard = client.open(v.Guard, key);
    const message = "note: is not allowed (len)";
    const error = { kind: "constraint", rule: "len", path: "note", message };
    expect(await guard.note({ text: "secret" })).toEqual({ ok: false, error });
    client.close();
  });

  test("a key is checked at both ends", async () => {
    const client = connect();
    expect(() => client.open(v.Guard, { name: v.name("") })).toThrow(ConstraintError);
    const loose = client.open(Loose, { name: v.name("NO") });
    await new Promise<void>((resolve) => {
      const stop = loose.subscribe(() => {
        if (loose.status.kind !== "failed") return;
        stop();
        resolve();
      });
    });
    expect(loose.status).toMatchObject({ kind: "failed", code: "invalid_key" });
    client.close();
  });

  test("an event or send that breaks one reaches nobody", async () => {
    const client = connect();
    const loose = client.open(Loose, key);
    const ranks: number[] = [];
    const five = new Promise<void>((resolve) => {
      loose.on("waved", ({ rank }) => {
        ranks.push(rank);
        if (rank === 5) resolve();
      });
    });
    expect(await loose.lie({ rank: 1 })).toMatchObject({ ok: true });
    // The handler answers a wave of 2 with events 9 and 5; the wave of 7 never gets to it.
    loose.wave({ rank: v.rank(7) });
    loose.wave({ rank: v.rank(2) });
    await five;
    expect(ranks).toEqual([5]);
    client.close();
  });
});
