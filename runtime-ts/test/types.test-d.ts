// Checked by tsc only: what must not compile is marked.
import { WebSocket } from "ws";
import {
  type CallError,
  createClient,
  type HandleOf,
  type KeyOf,
  pathOf,
  type Result,
  type StoreHandle,
  valueAt,
  watch,
} from "../src/index.js";
import { useEvent, useStatus, useStore } from "../src/react/index.js";
import {
  Auth,
  Board,
  type BoardEvents,
  type BoardKey,
  type BoardState,
  Lobby,
  type Mark,
  type Move,
  type MoveError,
} from "./board.js";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

export const client: ReturnType<typeof createClient> = createClient({ url: "/socket", webSocket: WebSocket });
export const board: StoreHandle<BoardKey, BoardState, BoardEvents> & {
  readonly placeToken: (args: { readonly cell: number }) => Promise<Result<Move, MoveError | CallError>>;
} = client.open(Board, { game: "a" });

export async function calls(): Promise<string> {
  const board = client.open(Board, { game: "a" });
  same<ReturnType<typeof board.get>, BoardState | undefined>(true);
  const result = await board.placeToken({ cell: 1 });
  if (result.ok) {
    same<typeof result.value, Move>(true);
    return "";
  }
  const { error } = result;
  same<typeof error, MoveError | CallError>(true);
  switch (error.kind) {
    case "CellTaken":
      same<typeof error.by, Mark>(true);
      return `taken by ${error.by}`;
    case "NotYourTurn":
      return "not your turn";
    case "unavailable":
    case "denied":
    case "deadline":
    case "cancelled":
    case "unknown_outcome":
    case "invalid":
    case "not_found":
    case "unimplemented":
    case "internal":
    case "busy":
    case "too_large":
    case "constraint":
    case "unrecognized":
      return error.message;
    default:
      // Every kind stands above, so nothing is left.
      same<typeof error, never>(true);
      return error;
  }
}

export async function kinds(): Promise<void> {
  const board = client.open(Board, { game: "a" });
  const count = await board.count({ deadlineMs: 5, signal: AbortSignal.abort() });
  if (count.ok) same<typeof count.value, number>(true);
  else same<typeof count.error, CallError>(true);
  const done = await board.restart();
  if (done.ok) same<typeof done.value, undefined>(true);
  same<ReturnType<typeof board.hover>, boolean>(true);
  board.on("serverTime", (e) => same<typeof e.currentTime, Date>(true));
  board.on("audio", { game: "x" }, (e) => same<typeof e.currentTime, Date>(true));
  // @ts-expect-error a keyed event needs its key
  board.on("audio", () => {});
  // @ts-expect-error and the right one
  board.on("audio", { room: "x" }, () => {});
  // @ts-expect-error an event without key has none
  board.on("serverTime", { game: "x" }, () => {});
  same<typeof board.key, BoardKey>(true);
  await client.open(Auth).logIn({ name: "ann" });
  client.open(Lobby).get()?.hp;
}

export function refused(): void {
  const board = client.open(Board, { game: "a" });
  // @ts-expect-error a family needs its key
  client.open(Board);
  // @ts-expect-error the key has another type
  client.open(Board, { game: 1 });
  // @ts-expect-error a store without key takes none
  client.open(Lobby, { game: "a" });
  // @ts-expect-error a required argument is missing
  void board.placeToken({});
  // @ts-expect-error an argument of the wrong type
  void board.placeToken({ cell: "4" });
  // @ts-expect-error no such argument
  void board.placeToken({ cell: 4, row: 1 });
  // @ts-expect-error no such event
  board.on("nothing", () => {});
  // @ts-expect-error state is read only
  board.get()?.cells.push(1);
  // @ts-expect-error a service has no state
  client.open(Auth).get();
  // @ts-expect-error no such method
  client.open(Auth).logOut();
}

export function useEverything(): string {
  const board = client.open(Board, { game: "a" });
  const cells = useStore(board, (s) => s.cells, []);
  same<typeof cells, readonly Mark[]>(true);
  const turn = useStore(board, (s) => s.turn);
  same<typeof turn, Mark | undefined>(true);
  const other = useStore(board, (s) => s.turn, null);
  same<typeof other, Mark | null>(true);
  useEvent(board, "serverTime", (e) => same<typeof e.currentTime, Date>(true));
  // @ts-expect-error no such event
  useEvent(board, "nothing", () => {});
  return useStatus(board) satisfies "connecting" | "ready" | "reconnecting" | "failed" | "closed";
}

export function paths(): void {
  const path = pathOf<BoardState>();
  const turn: Mark | undefined = valueAt(path.turn, board.get());
  const cell: Mark | undefined = valueAt(path.cells.at(0), board.get());
  watch(board, path.turn, (now, before) => same<typeof now, typeof before>(true));
  // @ts-expect-error: there is no such field.
  path.nothing;
  // @ts-expect-error: a list has no keys.
  path.cells.key(0);
  // @ts-expect-error: a path of another state.
  watch(board, pathOf<{ readonly other: number }>().other, () => {});
  void [turn, cell];
}

export function keys(): void {
  // One signature, so that tsc says "Expected 2 arguments, but got 1" and not that a store is no service.
  same<Parameters<typeof client.open<typeof Board>>, [def: typeof Board, key: BoardKey]>(true);
  same<KeyOf<typeof Lobby>, [key?: undefined]>(true);
  same<HandleOf<typeof Board>, ReturnType<typeof client.open<typeof Board>>>(true);
}
