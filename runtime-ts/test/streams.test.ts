import { describe, expect, test, vi } from "vitest";
import { encodeFrame, Kind } from "../src/frame.js";
import { type Client, createClient } from "../src/index.js";
import * as session from "../src/protocol/generated/session/v1.js";
import * as rs from "../src/wire.js";
import { readBoardCountResult, readMoveError, writeBoardCountResult, writeMoveError } from "./board.js";
import { failure, opened, refused, result, settle, welcome } from "./server.js";
import { errors, make, server, withServer } from "./subject.js";

withServer();

type MoveError = { readonly kind: "CellTaken"; readonly by: number };

interface FlowMethods {
  readonly count: rs.StreamRpc<[], number, MoveError>;
  readonly sum: rs.UploadRpc<[number: rs.Items<number>], number, never>;
  readonly echo: rs.StreamRpc<[number: rs.Items<number>], number, never>;
  readonly plain: rs.Rpc0<number, never>;
}

const shared = { kind: "stream", write: undefined, run: rs.runStream } as const;
const numbers = { read: readBoardCountResult, readError: undefined } as const;

const Flow = {
  name: "test.v1.Flow",
  digest: "000102030405060708090a0b0c0d0e0f",
  ancestors: ["aa0102030405060708090a0b0c0d0e0f"],
  methods: {
    count: { ...shared, id: 1, writeItem: undefined, ...numbers, readError: readMoveError, gives: true },
    sum: { ...shared, id: 2, writeItem: writeBoardCountResult, ...numbers, gives: false },
    echo: { ...shared, id: 3, writeItem: writeBoardCountResult, ...numbers, gives: true },
    plain: { kind: "rpc", id: 4, write: undefined, ...numbers },
  },
} as unknown as rs.ServiceDef<FlowMethods>;

const one = (n: number): Uint8Array => rs.encode(writeBoardCountResult, n);
const item = (id: number, n: number): Uint8Array => encodeFrame(Kind.Item, session.writeItem, { id, body: one(n) });
const credit = (id: number, items: number, bytes = 1000): Uint8Array =>
  encodeFrame(Kind.Credit, session.writeCredit, { id, items, bytes });
const sent = (): number[] =>
  server.all(Kind.Item, session.readItem).map(({ body }) => rs.decode(readBoardCountResult, body));

async function open(): Promise<{ client: Client; flow: FlowMethods }> {
  const client = make();
  const flow = client.open(Flow);
  client.connect();
  await settle();
  return { client, flow };
}

/** Longer than `settle`: each item of a generator takes a few turns. */
async function quiet(): Promise<void> {
  for (let n = 0; n < 100; n++) await settle();
}

/** Opened by the first call. */
async function greet(): Promise<void> {
  await settle();
  await server.send(welcome(), opened(1));
}

/** Takes everything a stream gives. */
function collect(stream: AsyncIterable<number>): { items: number[]; end: Promise<unknown> } {
  const items: number[] = [];
  const end = (async () => {
    for await (const n of stream) items.push(n);
    return "done";
  })().catch((error: unknown) => error);
  return { items, end };
}

describe("a stream to the caller", () => {
  test("begins when it is asked for, with credit, and ends with the answer", async () => {
    const { flow } = await open();
    const stream = flow.count();
    await greet();
    expect(server.calls).toEqual([]);
    const { items, end } = collect(stream);
    await settle();
    expect(server.calls).toMatchObject([{ method: 1, streams: true, items: 256, bytes: 262_144, deadlineMs: 0 }]);
    await server.send(item(1, 5), item(1, 0));
    expect(items).toEqual([5, 0]);
    await server.send(item(1, 7), result(1, new Uint8Array()));
    expect(await end).toBe("done");
    expect(items).toEqual([5, 0, 7]);
    expect(await stream.result).toEqual({ ok: true, value: undefined });
  });

  test("gives credit back in large pieces", async () => {
    const { flow } = await open();
    const { items } = collect(flow.count());
    await greet();
    await server.send(...Array.from({ length: 127 }, (_, n) => item(1, n)));
    expect(server.heard).not.toContain("Credit");
    await server.send(item(1, 127));
    await quiet();
    expect(server.all(Kind.Credit, session.readCredit)).toMatchObject([{ id: 1, items: 128 }]);
    await server.send(...Array.from({ length: 256 }, (_, n) => item(1, n)));
    await quiet();
    expect(items.length).toBe(384);
    expect(errors).toEqual([]);
  });

  test("throws its error behind the items, once, and has it as a value", async () => {
    const { flow } = await open();
    const stream = flow.count();
    const { items, end } = collect(stream);
    await greet();
    const body = rs.encode(writeMoveError, { kind: "CellTaken", by: 1 });
    await server.send(item(1, 1), failure({ id: 1, code: 1, body }));
    expect(await end).toMatchObject({ code: "call_failed", cause: { kind: "CellTaken", by: 1 } });
    expect(items).toEqual([1]);
    expect(await stream.result).toEqual({ ok: false, error: { kind: "CellTaken", by: 1 } });
    expect(await stream[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  });

  test("is given up by leaving the loop; what comes late is dropped", async () => {
    const { flow, client } = await open();
    const stream = flow.count();
    const loop = (async () => {
      for await (const n of stream) return n;
      return undefined;
    })();
    await greet();
    await server.send(item(1, 3));
    expect(await loop).toBe(3);
    await settle();
    expect(server.heard).toContain("Cancel");
    await server.send(item(1, 4), credit(1, 1), failure({ id: 1, code: 9 }));
    expect(await stream.result).toMatchObject({ ok: false, error: { kind: "cancelled" } });
    expect([client.status.kind, errors]).toEqual(["ready", []]);
  });

  test("ends with an abort, before and after it has begun", async () => {
    const { flow } = await open();
    const early = collect(flow.count({ signal: AbortSignal.abort() }));
    expect(await early.end).toMatchObject({ cause: { kind: "cancelled" } });
    const abort = new AbortController();
    const late = collect(flow.count({ signal: abort.signal }));
    await greet();
    abort.abort();
    expect(await late.end).toMatchObject({ cause: { kind: "cancelled" } });
    await settle();
    expect(server.heard).toContain("Cancel");
  });

  test("has an unknown outcome when the link is lost, and is unavailable if it never began", async () => {
    const { flow } = await open();
    const { end } = collect(flow.count());
    await greet();
    await server.drop();
    expect(await end).toMatchObject({ cause: { kind: "unknown_outcome" } });
    const silent = { dial: () => ({ send: () => {}, close: () => {} }) };
    const never = collect(make({ transport: silent }).open(Flow).count());
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await never.end).toMatchObject({ cause: { kind: "unavailable" } });
  });

  test("has no deadline unless it is given one", async () => {
    const { flow } = await open();
    const endless = vi.fn();
    void flow.count().result.then(endless);
    const short = flow.count({ deadlineMs: 100 });
    const end = short.result;
    await greet();
    expect(server.calls).toMatchObject([{ deadlineMs: 0 }, { deadlineMs: 100 }]);
    await vi.advanceTimersByTimeAsync(100);
    expect(await end).toMatchObject({ error: { kind: "deadline" } });
    for (let n = 0; n < 100; n++) {
      await server.send(encodeFrame(Kind.Pong, session.writePong, { n }));
      await vi.advanceTimersByTimeAsync(4_000);
    }
    expect(endless).not.toHaveBeenCalled();
  });

  test("an item that cannot be decoded ends the loop and the call", async () => {
    const { flow } = await open();
    const { end } = collect(flow.count());
    await greet();
    await server.send(encodeFrame(Kind.Item, session.writeItem, { id: 1, body: Uint8Array.of(0xff) }));
    expect(await end).toMatchObject({ name: "DecodeError" });
    await settle();
    expect(server.heard).toContain("Cancel");
  });
});

describe("a stream of the caller", () => {
  test("waits for credit, and ends", async () => {
    const { flow } = await open();
    const answer = flow.sum([1, 2, 3]);
    await greet();
    expect(server.calls).toMatchObject([{ streams: true, items: 0, bytes: 0 }]);
    expect(sent()).toEqual([]);
    await server.send(credit(1, 2));
    expect(sent()).toEqual([1, 2]);
    await server.send(credit(1, 2));
    expect(sent()).toEqual([1, 2, 3]);
    expect(server.heard.at(-1)).toBe("End");
    await server.send(result(1, one(6)));
    expect(await answer).toEqual({ ok: true, value: 6 });
  });

  test("counts bytes too, of which the last item may have more than are left", async () => {
    const { flow } = await open();
    void flow.sum(Array.from({ length: 9 }, () => 1000));
    await greet();
    const size = one(1000).length;
    await server.send(credit(1, 9, size + 1));
    expect(sent().length).toBe(2);
    await server.send(credit(1, 0, size));
    expect(sent().length).toBe(3);
  });

  test("is told when the answer comes first", async () => {
    const { flow } = await open();
    const closed = vi.fn();
    async function* forever(): AsyncGenerator<number> {
      try {
        for (;;) yield 1;
      } finally {
        closed();
      }
    }
    const answer = flow.sum(forever());
    await greet();
    await server.send(credit(1, 3));
    expect(sent()).toEqual([1, 1, 1]);
    await server.send(result(1, one(3)));
    expect(await answer).toEqual({ ok: true, value: 3 });
    await settle();
    expect(closed).toHaveBeenCalledOnce();
  });

  test("that fails gives the call up", async () => {
    const { flow } = await open();
    const answer = flow.sum([1, -1]);
    await greet();
    await server.send(credit(1, 9));
    expect(await answer).toMatchObject({ ok: false, error: { kind: "cancelled" } });
    expect(server.heard).toContain("Cancel");
  });

  test("goes both ways", async () => {
    const { flow } = await open();
    const { items, end } = collect(flow.echo([4, 5]));
    await greet();
    await server.send(credit(1, 1), item(1, 4));
    expect([sent(), items]).toEqual([[4], [4]]);
    await server.send(credit(1, 1), item(1, 5), result(1, new Uint8Array()));
    expect(await end).toBe("done");
    expect(items).toEqual([4, 5]);
  });

  test("begins anew with a server that is older", async () => {
    const { flow } = await open();
    const answer = flow.sum([9]);
    await settle();
    const digest = Uint8Array.from({ length: 8 }, (_, i) => (i === 0 ? 0xaa : i));
    await server.send(welcome(), refused({ ch: 1, code: 1, digest }));
    await server.send(opened(2, digest), failure({ id: 1, code: 6 }), credit(2, 1));
    expect(sent()).toEqual([9]);
    await server.send(result(2, one(9)));
    expect(await answer).toEqual({ ok: true, value: 9 });
  });
});

describe("a server that breaks the rules is left", () => {
  test.each([
    ["an item without credit", () => server.send(...Array.from({ length: 257 }, () => item(1, 1)))],
    ["credit for a plain call", () => server.send(credit(2, 1))],
    ["an item for a plain call", () => server.send(item(2, 1))],
    [
      "an item behind the answer",
      () => server.send(result(1, new Uint8Array(), [{ view: 1, version: 9n }]), item(1, 1), item(2, 1)),
    ],
  ])("%s", async (_, misbehave) => {
    const { flow, client } = await open();
    void flow.count().result;
    void flow.plain();
    await greet();
    await misbehave();
    expect(errors).toMatchObject([{ code: "protocol" }]);
    expect(client.status.kind).toBe("reconnecting");
  });
});

test("random schedules lose, double and reorder nothing", async () => {
  let complete = 0;
  for (let seed = 1; seed <= 40; seed++) complete += await schedule(seed);
  expect(complete).toBeGreaterThan(20);
});

/** An echo whose server gives credit and items at random times, with a link that may be cut. */
async function schedule(seed: number): Promise<number> {
  let state = seed;
  const below = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const client = createClient({ transport: server.transport, random: () => 0.5, onError: (e) => errors.push(e) });
  const flow = client.open(Flow);
  const total = below(60);
  const stream = flow.echo(Array.from({ length: total }, (_, n) => n));
  const { items, end } = collect(stream);
  await greet();
  const id = server.calls[0]?.id ?? 0;
  let echoed = 0;
  let complete = 0;
  const cut = below(4) === 0 ? below(60) : Infinity;
  for (let step = 0; step < 1_000; step++) {
    if (step === cut) {
      await server.drop();
      expect(await end, `seed ${seed}`).toMatchObject({ cause: { kind: "unknown_outcome" } });
      break;
    }
    const got = sent();
    expect(got).toEqual(got.map((_, n) => n));
    const done = server.heard.includes("End");
    if (done && echoed === total) break;
    if (below(2) === 0 && !done) await server.send(credit(id, below(20), below(90)));
    const n = Math.min(below(20), got.length - echoed);
    const frames = got.slice(echoed, echoed + n).map((value) => item(id, value));
    echoed += n;
    if (frames.length > 0) await server.send(...frames);
  }
  if (server.closed === undefined && server.heard.includes("End") && echoed === total) {
    await server.send(result(id, new Uint8Array()));
    expect(await end, `seed ${seed}`).toBe("done");
    expect(items.length).toBe(total);
    complete = 1;
  }
  expect(items).toEqual(items.map((_, n) => n));
  expect(errors).toEqual([]);
  client.close();
  return complete;
}
