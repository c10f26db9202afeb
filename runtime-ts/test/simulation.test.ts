// Random histories, links and faults: whatever the client says it holds is what the server's state was at that version.
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { decodeMessage, encodeMessage, Kind } from "../src/frame.js";
import { createClient, type MemoryPeer, memoryTransport } from "../src/index.js";
import * as session from "../src/protocol/generated/session/v1.js";
import { decode, encode } from "../src/wire.js";
import { Board, type BoardState, boardState, writeBoardCountResult, writeBoardState } from "./board.js";
import {
  advance,
  chunk,
  delta,
  opened,
  ops,
  pong,
  result,
  settle,
  subscribed,
  unsubscribed,
  welcome,
} from "./server.js";

interface Commit {
  readonly state: BoardState;
  /** The delta from the version before, or none if nothing visible changed. */
  readonly delta: Uint8Array | undefined;
}

/** A server with one board that keeps everything that ever was. */
class Model {
  epoch = 1;
  commits: Commit[] = [{ state: boardState({ cells: [0, 0, 0] }), delta: undefined }];
  readonly past = new Map<string, readonly Commit[]>();
  peer: MemoryPeer | undefined;
  ch = 0;
  view = 0;
  sent: number | undefined;
  outbox: Uint8Array[] = [];
  chunkBytes = 3;
  remembers = true;
  garble = false;
  garbled = 0;

  get epochId(): string {
    return `00000000-0000-0000-0000-${String(this.epoch).padStart(12, "0")}`;
  }

  get head(): number {
    return this.commits.length - 1;
  }

  get state(): BoardState {
    return this.at(this.epochId, this.head);
  }

  at(epoch: string, version: number): BoardState {
    const commits = epoch === this.epochId ? this.commits : this.past.get(epoch);
    const commit = commits?.[version];
    if (commit === undefined) throw new Error(`there never was a version ${version} of ${epoch}`);
    return commit.state;
  }

  accept(peer: MemoryPeer): void {
    this.peer = peer;
    this.sent = undefined;
    peer.onMessage = (message) => {
      for (const frame of decodeMessage(message)) if (frame.type === "control") this.hear(frame.n, frame.body);
      this.flush();
    };
  }

  hear(n: number, body: Uint8Array): void {
    if (n === Kind.Hello) this.outbox.push(welcome());
    if (n === Kind.Open) {
      this.ch = decode(session.readOpen, body).ch;
      this.outbox.push(opened(this.ch));
    }
    if (n === Kind.Unsubscribe) {
      this.sent = undefined;
      this.outbox.push(unsubscribed(this.ch));
    }
    if (n === Kind.Ping) this.outbox.push(pong(decode(session.readPing, body).n));
    if (n === Kind.Subscribe) this.subscribe(decode(session.readSubscribe, body));
    if (n === Kind.Call) {
      const { id } = decode(session.readCall, body);
      this.commit(2);
      const seen = this.sent === undefined ? [] : [{ view: this.view, version: BigInt(this.head) }];
      this.outbox.push(result(id, encode(writeBoardCountResult, this.head), seen));
    }
  }

  subscribe({ epoch, version }: session.Subscribe): void {
    if (epoch === this.epochId && this.remembers) {
      this.view++;
      this.outbox.push(subscribed(this.ch, this.view, version, { epoch, reset: session.Reset.Resumed }));
      this.sent = Number(version);
    } else this.reset();
  }

  /** A snapshot in pieces. */
  reset(): void {
    this.view++;
    const at = BigInt(this.head);
    this.outbox.push(subscribed(this.ch, this.view, at, { epoch: this.epochId, reset: session.Reset.Compacted }));
    const bytes = encode(writeBoardState, this.state);
    for (let from = 0; from < bytes.length; from += this.chunkBytes) {
      const to = from + this.chunkBytes;
      this.outbox.push(chunk(this.view, at, bytes.subarray(from, to), to >= bytes.length));
    }
    this.sent = this.head;
  }

  commit(kind: number): void {
    const { state } = this;
    const at = kind % state.cells.length;
    const turn = state.turn === 1 ? 2 : 1;
    // Splice at `at`: remove one, insert [kind % 3, 2].
    const splice = [0x03, 0x01, at * 2 + 1, 0x03, 0x07, 0x09, (kind % 3) * 2 + 1, 0x05];
    const changes: Commit[] = [
      { state, delta: undefined },
      { state: { ...state, open: !state.open }, delta: ops(9, { 9: [state.open ? 1 : 2] }) },
      { state: { ...state, turn }, delta: ops(9, { 2: turn === 1 ? [1] : [2, 0x05] }) },
      {
        state: { ...state, cells: state.cells.toSpliced(at, 1, kind % 3, 2) },
        delta: ops(9, { 1: [3, splice.length * 2 + 1, ...splice] }),
      },
    ];
    const change = changes[kind % changes.length];
    if (change !== undefined) this.commits.push(change);
  }

  /** Everything the reader lacks. */
  deltas(): void {
    if (this.sent === undefined) return;
    for (; this.sent < this.head; this.sent++) {
      const bytes = this.commits[this.sent + 1]?.delta;
      const from = BigInt(this.sent);
      if (bytes === undefined) this.outbox.push(advance(this.view, 1n));
      else this.outbox.push(delta(this.view, from, from + 1n, this.garble ? bytes.subarray(0, -1) : bytes));
      if (this.garble && bytes !== undefined) this.garbled++;
      this.garble = false;
    }
  }

  flush(): void {
    this.deltas();
    if (this.outbox.length > 0) this.peer?.send(encodeMessage(this.outbox));
    this.outbox = [];
  }

  drop(): void {
    this.outbox = [];
    this.sent = undefined;
    this.peer?.close();
  }

  restart(): void {
    this.past.set(this.epochId, this.commits);
    this.epoch++;
    this.commits = [{ state: boardState({ cells: [this.epoch % 3] }), delta: undefined }];
    this.drop();
  }
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: fc.constant("commit" as const), kind: fc.nat(30) }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constantFrom("flush", "call", "wait"), kind: fc.nat(10) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom("drop", "reset", "garble", "forget"), kind: fc.nat(10) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constantFrom("restart", "leave"), kind: fc.nat(10) }) },
);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("the value held is the server's at that version, versions only grow in an epoch, and all ends equal", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const model = new Model();
      const errors: unknown[] = [];
      const client = createClient({
        transport: memoryTransport((peer) => model.accept(peer)),
        random: () => 0.1,
        onError: (error) => errors.push(error),
      });
      const board = client.open(Board, { game: "a" });
      let last: { epoch: string | undefined; version: bigint } = { epoch: undefined, version: -1n };
      const look = (): void => {
        const { epoch, version } = board;
        if (epoch === undefined || version === undefined) return;
        expect(board.get()).toEqual(model.at(epoch, Number(version)));
        if (epoch === last.epoch) expect(version).toBeGreaterThanOrEqual(last.version);
        last = { epoch, version };
      };
      let stop = board.subscribe(look);
      for (const { act, kind } of steps) {
        if (act === "commit") model.commit(kind);
        if (act === "flush") model.flush();
        if (act === "call") {
          void board.count().then((outcome) => {
            // Read your writes: the version of the reply is held.
            if (!outcome.ok || board.epoch !== model.epochId || board.status.kind !== "ready") return;
            if (Number(board.version) < outcome.value) errors.push(`read ${board.version}, wrote ${outcome.value}`);
          });
        }
        if (act === "wait") await vi.advanceTimersByTimeAsync(kind * 1000);
        if (act === "drop") model.drop();
        if (act === "restart") model.restart();
        if (act === "reset" && model.sent !== undefined) model.reset();
        if (act === "garble") model.garble = true;
        if (act === "forget") {
          model.remembers = kind % 2 === 0;
          model.chunkBytes = kind + 1;
        }
        if (act === "leave") {
          stop();
          if (kind > 5) await vi.advanceTimersByTimeAsync(3_000);
          stop = board.subscribe(look);
        }
        await settle();
        look();
      }
      await vi.advanceTimersByTimeAsync(20_000);
      model.garble = false;
      model.commit(3);
      model.flush();
      await settle();
      // Two deltas that cannot be decoded, and none in between that could, are too many.
      if (board.status.kind === "failed") expect([model.garbled > 1, errors.length]).toEqual([true, 1]);
      if (board.status.kind === "failed") return;
      expect(board.status.kind).toBe("ready");
      expect(board.get()).toEqual(model.state);
      expect([board.epoch, board.version]).toEqual([model.epochId, BigInt(model.head)]);
      expect(errors).toEqual([]);
      client.close();
    }),
    { numRuns: 200 },
  );
});
