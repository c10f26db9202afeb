import { afterEach, beforeEach, type Mock, vi } from "vitest";
import { type Client, type ClientOptions, createClient, type RssError, type StoreHandle } from "../src/index.js";
import {
  Board,
  type BoardEvents,
  type BoardKey,
  type BoardMethods,
  type BoardState,
  type BoardStateInit,
  writeBoardState,
} from "./board.js";
import { opened, ops, Server, settle, snapshot, subscribed, welcome } from "./server.js";

/** The server of the running test, and what the clients reported. */
export let server: Server;
export let errors: RssError[];

/** Gives each test of a file a server and a clock that only moves when told to. */
export function withServer(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    server = new Server();
    errors = [];
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
}

export function make(options: Partial<ClientOptions> = {}): Client {
  return createClient({ transport: server.transport, random: () => 0.5, onError: (e) => errors.push(e), ...options });
}

export interface Live {
  readonly client: Client;
  readonly board: StoreHandle<BoardKey, BoardState, BoardEvents> & BoardMethods;
  /** Told about each change from now on. */
  readonly heard: Mock<() => void>;
  readonly stop: () => void;
}

/** A board that is subscribed as channel 1, view 7, and has the value `init` at version 5. */
export async function live(
  init: BoardStateInit = { cells: [0, 0] },
  options: Partial<ClientOptions> = {},
): Promise<Live> {
  const client = make(options);
  const board = client.open(Board, { game: "a" });
  const heard = vi.fn<() => void>();
  const stop = board.subscribe(heard);
  await settle();
  await server.send(welcome(), opened(1), subscribed(1, 7, 5n), snapshot(7, 5n, writeBoardState, init));
  heard.mockClear();
  return { client, board, heard, stop };
}

/** Deltas: the turn becomes O, or X; a patch of a guest who is not there. */
export const turnO: Uint8Array = ops(9, { 2: [2, 0x05] });
export const turnX: Uint8Array = ops(9, { 2: [1] });
export const unfit: Uint8Array = ops(9, { 7: [3, 0x01] });
