// What the compiler makes of the package game.board.v1 (see docs/wire-format.md), by hand: the subject of these tests.
import * as rs from "../src/wire.js";

/** What stands on a cell. */
export type Mark = 0 | 1 | 2 | (number & {});
export const Mark = { Empty: 0, X: 1, O: 2 } as const;
export function writeMark(w: rs.Writer, v: Mark): void {
  rs.writeU8(w, v);
}
export function readMark(r: rs.Reader): Mark {
  return rs.readU8(r);
}

export type Side = 0 | 4;
export const Side = { Left: 0, Right: 4 } as const;
const sideMembers: readonly Side[] = [0, 4];
export function writeSide(w: rs.Writer, v: Side): void {
  rs.writeU16(w, v);
}
export function readSide(r: rs.Reader): Side {
  return rs.closed(r, rs.readU16, sideMembers);
}

/** One move. */
export interface Move {
  readonly cell: number;
  readonly by: Mark;
}
export interface MoveInit {
  readonly cell?: number;
  readonly by?: Mark;
}
export function move(init: MoveInit = {}): Move {
  return { cell: init.cell ?? 0, by: init.by ?? 1 };
}
export function writeMove(w: rs.Writer, v: MoveInit): void {
  const row = rs.beginRow(w, 3);
  let mask = 0;
  if (v.cell !== undefined && v.cell !== 0) {
    mask |= 0x1;
    rs.writeU8(w, v.cell);
  }
  if (v.by !== undefined && v.by !== 1) {
    mask |= 0x2;
    writeMark(w, v.by);
  }
  rs.writeMask(w, row, 3, mask);
}
export function readMove(r: rs.Reader): Move {
  const row = r.pos;
  const mask = rs.readRow(r);
  const cell = (mask & 0x1) !== 0 ? rs.readU8(r) : 0;
  const by = (mask & 0x2) !== 0 ? readMark(r) : 1;
  rs.endRow(r, row, 3);
  return { cell, by };
}
export function writeMoveValue(w: rs.Writer, v: MoveInit): void {
  rs.writeNested(w, v, writeMove);
}
export function readMoveValue(r: rs.Reader): Move {
  return rs.readNested(r, readMove);
}
export function writeMoveColumn(w: rs.Writer, v: readonly MoveInit[], absent?: MoveInit | null, weight = 0): void {
  rs.writeStructColumn(w, v, absent, weight, writeMoveFields);
}
function writeMoveFields(w: rs.Writer, v: readonly MoveInit[]): void {
  rs.writeVarint(w, 3);
  rs.writeU8Column(
    w,
    v.map((v) => v.cell ?? 0),
  );
  rs.writeU8Column(
    w,
    v.map((v) => v.by ?? 1),
    1,
  );
  rs.writeByte(w, 0);
}
export function readMoveColumn(r: rs.Reader, n: number, absent?: Move | null, weight = 0): Move[] {
  return rs.readStructColumn(r, n, absent, weight, move, readMoveValue, readMoveFields);
}
function readMoveFields(r: rs.Reader, k: number): Move[] {
  const ids = rs.readSlots(r);
  const cell = rs.readField(r, ids, 1, k, rs.readU8Column, 0);
  const by = rs.readField<Mark>(r, ids, 2, k, rs.readU8Column, 1);
  rs.skipColumn(r, ids, 3, k, rs.VARINT);
  if (ids > 3) rs.skipRest(r);
  return cell.map((cell, at) => ({ cell, by: by[at] ?? 0 }));
}

/** A `serializers` struct. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly label: string | undefined;
  readonly on: boolean;
}
export function writePoint(w: rs.Writer, v: Point): void {
  rs.writeF32(w, v.x);
  rs.writeF32(w, v.y);
  rs.writeOption(w, v.label, rs.writeString);
  rs.writeBool(w, v.on);
}
export function readPoint(r: rs.Reader): Point {
  const x = rs.readF32(r);
  const y = rs.readF32(r);
  const label = rs.readOption(r, rs.readString);
  const on = rs.readBool(r);
  return { x, y, label, on };
}

export type Shape =
  | { readonly kind: "Circle"; readonly radius: number }
  | { readonly kind: "Nothing" }
  | rs.UnknownCase;
export function writeShape(w: rs.Writer, v: Shape): void {
  if (v.kind === "Circle") {
    rs.writeCase(w, 1);
    const row = rs.beginRow(w, 1);
    let mask = 0;
    if (!Object.is(v.radius, 0)) {
      mask |= 0x1;
      rs.writeF64(w, v.radius);
    }
    rs.writeMask(w, row, 1, mask);
  } else if (v.kind === "Nothing") rs.writeCase(w, 2);
  else rs.writeUnknown(w, v);
}
export function readShape(r: rs.Reader): Shape {
  const id = rs.readCase(r);
  if (id === 1) {
    const row = r.pos;
    const mask = rs.readPayload(r);
    const radius = (mask & 0x1) !== 0 ? rs.readF64(r) : 0;
    rs.endRow(r, row, 1);
    return { kind: "Circle", radius };
  }
  if (id === 2) {
    rs.skipRest(r);
    return { kind: "Nothing" };
  }
  return rs.readUnknown(r, id);
}
export function readShapeValue(r: rs.Reader): Shape {
  return rs.readNested(r, readShape);
}

export interface Player {
  readonly name: string;
  readonly hp: number;
  readonly online: boolean;
}
export interface PlayerInit {
  readonly name?: string;
  readonly hp?: number;
  readonly online?: boolean;
}
export function player(init: PlayerInit = {}): Player {
  return { name: init.name ?? "", hp: init.hp ?? 100, online: init.online ?? true };
}
export function isDefaultPlayer(v: PlayerInit): boolean {
  return (v.name ?? "") === "" && (v.hp ?? 100) === 100 && (v.online ?? true);
}
export function writePlayer(w: rs.Writer, v: PlayerInit): void {
  const row = rs.beginRow(w, 3);
  let mask = 0;
  if (v.name !== undefined && v.name !== "") {
    mask |= 0x1;
    rs.writeString(w, v.name);
  }
  if (v.hp !== undefined && v.hp !== 100) {
    mask |= 0x2;
    rs.writeU16(w, v.hp);
  }
  if (v.online === false) mask |= 0x4;
  rs.writeMask(w, row, 3, mask);
}
export function readPlayer(r: rs.Reader): Player {
  const row = r.pos;
  const mask = rs.readRow(r);
  const name = (mask & 0x1) !== 0 ? rs.readString(r) : "";
  const hp = (mask & 0x2) !== 0 ? rs.readU16(r) : 100;
  const online = (mask & 0x4) === 0;
  rs.endRow(r, row, 3);
  return { name, hp, online };
}
export function writePlayerValue(w: rs.Writer, v: PlayerInit): void {
  rs.writeNested(w, v, writePlayer);
}
export function readPlayerValue(r: rs.Reader): Player {
  return rs.readNested(r, readPlayer);
}
export function writePlayerColumn(
  w: rs.Writer,
  v: readonly PlayerInit[],
  absent?: PlayerInit | null,
  weight = 0,
): void {
  rs.writeStructColumn(w, v, absent, weight, writePlayerFields);
}
function writePlayerFields(w: rs.Writer, v: readonly PlayerInit[]): void {
  rs.writeVarint(w, 3);
  rs.writeStringColumn(
    w,
    v.map((v) => v.name ?? ""),
  );
  rs.writeU16Column(
    w,
    v.map((v) => v.hp ?? 100),
    100,
  );
  rs.writeBoolColumn(
    w,
    v.map((v) => v.online ?? true),
    true,
  );
}
export function readPlayerColumn(r: rs.Reader, n: number, absent?: Player | null, weight = 0): Player[] {
  return rs.readStructColumn(r, n, absent, weight, player, readPlayerValue, readPlayerFields);
}
function readPlayerFields(r: rs.Reader, k: number): Player[] {
  const ids = rs.readSlots(r);
  const name = rs.readField(r, ids, 1, k, rs.readStringColumn, "");
  const hp = rs.readField(r, ids, 2, k, rs.readU16Column, 100);
  const online = rs.readField(r, ids, 3, k, rs.readBoolColumn, true);
  if (ids > 3) rs.skipRest(r);
  return name.map((name, at) => ({ name, hp: hp[at] ?? 0, online: online[at] ?? false }));
}
export function patchPlayer(v: Player, r: rs.Reader): Player {
  const ops = rs.readOps(r);
  const name = rs.field(r, ops, 1, v.name, "", rs.readString);
  const hp = rs.field(r, ops, 2, v.hp, 100, rs.readU16);
  const online = rs.boolField(r, ops, 3, v.online, true);
  rs.endOps(r, ops, 3);
  return { name, hp, online };
}

/** The state of a board. */
export interface BoardState {
  readonly cells: readonly Mark[];
  readonly turn: Mark;
  readonly moves: readonly Move[];
  readonly secret: string | undefined;
  readonly players: ReadonlyMap<string, Player>;
  readonly home: Player;
  readonly guest: Player | undefined;
  readonly shape: Shape | undefined;
  readonly open: boolean;
}
export interface BoardStateInit {
  readonly cells?: readonly Mark[];
  readonly turn?: Mark;
  readonly moves?: readonly MoveInit[];
  readonly secret?: string | undefined;
  readonly players?: ReadonlyMap<string, PlayerInit>;
  readonly home?: PlayerInit;
  readonly guest?: PlayerInit | undefined;
  readonly shape?: Shape | undefined;
  readonly open?: boolean;
}
export function boardState(init: BoardStateInit = {}): BoardState {
  return {
    cells: init.cells ?? [],
    turn: init.turn ?? 1,
    moves: init.moves?.map((e) => move(e)) ?? [],
    secret: init.secret,
    players: new Map(Array.from(init.players ?? [], ([k, e]) => [k, player(e)])),
    home: player(init.home),
    guest: init.guest === undefined ? undefined : player(init.guest),
    shape: init.shape,
    open: init.open ?? false,
  };
}
export function writeBoardState(w: rs.Writer, v: BoardStateInit): void {
  const row = rs.beginRow(w, 9);
  let mask = 0;
  if (v.cells !== undefined && v.cells.length > 0) {
    mask |= 0x1;
    rs.writeList(w, v.cells, writeMark, 8, rs.writeU8Column, rs.SMALLER);
  }
  if (v.turn !== undefined && v.turn !== 1) {
    mask |= 0x2;
    writeMark(w, v.turn);
  }
  if (v.moves !== undefined && v.moves.length > 0) {
    mask |= 0x4;
    rs.writeList(w, v.moves, writeMoveValue, 40, writeMoveColumn);
  }
  if (v.secret !== undefined) {
    mask |= 0x8;
    rs.writeString(w, v.secret);
  }
  if (v.players !== undefined && v.players.size > 0) {
    mask |= 0x10;
    rs.writeMap(w, v.players, rs.writeString, writePlayerValue, 96, rs.writeStringColumn, writePlayerColumn);
  }
  if (v.home !== undefined && !isDefaultPlayer(v.home)) {
    mask |= 0x20;
    writePlayerValue(w, v.home);
  }
  if (v.guest !== undefined) {
    mask |= 0x40;
    writePlayerValue(w, v.guest);
  }
  if (v.shape !== undefined) {
    mask |= 0x80;
    rs.writeNested(w, v.shape, writeShape);
  }
  if (v.open === true) mask |= 0x100;
  rs.writeMask(w, row, 9, mask);
}
export function readBoardState(r: rs.Reader): BoardState {
  const row = r.pos;
  const mask = rs.readRow(r);
  const cells = (mask & 0x1) !== 0 ? rs.readList(r, readMark, rs.readU8Column, 8) : [];
  const turn = (mask & 0x2) !== 0 ? readMark(r) : 1;
  const moves = (mask & 0x4) !== 0 ? rs.readList(r, readMoveValue, readMoveColumn, 40) : [];
  const secret = (mask & 0x8) !== 0 ? rs.readString(r) : undefined;
  const players =
    (mask & 0x10) !== 0
      ? rs.readMap(r, rs.readString, readPlayerValue, rs.readStringColumn, readPlayerColumn, 96)
      : new Map<string, Player>();
  const home = (mask & 0x20) !== 0 ? readPlayerValue(r) : player();
  const guest = (mask & 0x40) !== 0 ? readPlayerValue(r) : undefined;
  const shape = (mask & 0x80) !== 0 ? readShapeValue(r) : undefined;
  const open = (mask & 0x100) !== 0;
  rs.endRow(r, row, 9);
  return { cells, turn, moves, secret, players, home, guest, shape, open };
}
export function patchBoardState(v: BoardState, r: rs.Reader): BoardState {
  const ops = rs.readOps(r);
  const cells = rs.patchField(
    r,
    ops,
    1,
    v.cells,
    [],
    (r) => rs.readList(r, readMark, rs.readU8Column, 8),
    (old, r) => rs.patchList(r, old, readMark, rs.readU8Column, 8),
  );
  const turn = rs.field(r, ops, 2, v.turn, 1, readMark);
  const moves = rs.patchField(
    r,
    ops,
    3,
    v.moves,
    [],
    (r) => rs.readList(r, readMoveValue, readMoveColumn, 40),
    (old, r) => rs.patchList(r, old, readMoveValue, readMoveColumn, 40),
  );
  const secret = rs.field(r, ops, 4, v.secret, undefined, rs.readString);
  const players = rs.patchField(
    r,
    ops,
    5,
    v.players,
    new Map(),
    (r) => rs.readMap(r, rs.readString, readPlayerValue, rs.readStringColumn, readPlayerColumn, 96),
    (old, r) => rs.patchMap(r, old, rs.readString, readPlayerValue, patchPlayer),
  );
  const home = rs.patchField(r, ops, 6, v.home, player(), readPlayerValue, patchPlayer);
  const guest = rs.patchField(r, ops, 7, v.guest, undefined, readPlayerValue, patchPlayer);
  const shape = rs.field(r, ops, 8, v.shape, undefined, readShapeValue);
  const open = rs.boolField(r, ops, 9, v.open, false);
  rs.endOps(r, ops, 9);
  return { cells, turn, moves, secret, players, home, guest, shape, open };
}

export type MoveError = { readonly kind: "CellTaken"; readonly by: Mark } | { readonly kind: "NotYourTurn" };
export function writeMoveError(w: rs.Writer, v: MoveError): void {
  if (v.kind === "CellTaken") {
    rs.writeCase(w, 1);
    const row = rs.beginRow(w, 1);
    let mask = 0;
    if (v.by !== 0) {
      mask |= 0x1;
      writeMark(w, v.by);
    }
    rs.writeMask(w, row, 1, mask);
  } else rs.writeCase(w, 2);
}
export function readMoveError(r: rs.Reader): MoveError | rs.UnknownCase {
  const id = rs.readCase(r);
  if (id === 1) {
    const row = r.pos;
    const mask = rs.readPayload(r);
    const by = (mask & 0x1) !== 0 ? readMark(r) : 0;
    rs.endRow(r, row, 1);
    return { kind: "CellTaken", by };
  }
  if (id === 2) {
    rs.skipRest(r);
    return { kind: "NotYourTurn" };
  }
  return rs.readUnknown(r, id);
}

export interface BoardKey {
  readonly game: string;
}
export function writeBoardKey(w: rs.Writer, v: BoardKey): void {
  const row = rs.beginRow(w, 1);
  let mask = 0;
  if (v.game !== "") {
    mask |= 0x1;
    rs.writeString(w, v.game);
  }
  rs.writeMask(w, row, 1, mask);
}
export interface BoardPlaceTokenArgs {
  readonly cell: number;
}
export function writeBoardPlaceTokenArgs(w: rs.Writer, v: BoardPlaceTokenArgs): void {
  const row = rs.beginRow(w, 1);
  let mask = 0;
  if (v.cell !== 0) {
    mask |= 0x1;
    rs.writeU8(w, v.cell);
  }
  rs.writeMask(w, row, 1, mask);
}
export function writeBoardCountResult(w: rs.Writer, v: number): void {
  const row = rs.beginRow(w, 1);
  let mask = 0;
  if (v !== 0) {
    mask |= 0x1;
    rs.writeU32(w, v);
  }
  rs.writeMask(w, row, 1, mask);
}
export function readBoardCountResult(r: rs.Reader): number {
  const row = r.pos;
  const mask = rs.readPayload(r);
  const value = (mask & 0x1) !== 0 ? rs.readU32(r) : 0;
  rs.endRow(r, row, 1);
  return value;
}
export interface BoardHoverArgs {
  readonly x: number;
  readonly y: number;
}
export function writeBoardHoverArgs(w: rs.Writer, v: BoardHoverArgs): void {
  const row = rs.beginRow(w, 2);
  let mask = 0;
  if (v.x !== 0) {
    mask |= 0x1;
    rs.writeU8(w, v.x);
  }
  if (v.y !== 0) {
    mask |= 0x2;
    rs.writeU8(w, v.y);
  }
  rs.writeMask(w, row, 2, mask);
}
export interface BoardServerTime {
  readonly currentTime: Date;
}
export function writeBoardServerTime(w: rs.Writer, v: BoardServerTime): void {
  const row = rs.beginRow(w, 1);
  let mask = 0;
  if (v.currentTime.getTime() !== 0) {
    mask |= 0x1;
    rs.writeTimestamp(w, v.currentTime);
  }
  rs.writeMask(w, row, 1, mask);
}
export function readBoardServerTime(r: rs.Reader): BoardServerTime {
  const row = r.pos;
  const mask = rs.readPayload(r);
  const currentTime = (mask & 0x1) !== 0 ? rs.readTimestamp(r) : new Date(0);
  rs.endRow(r, row, 1);
  return { currentTime };
}

export interface BoardMethods {
  readonly placeToken: rs.Rpc<BoardPlaceTokenArgs, Move, MoveError>;
  readonly count: rs.Rpc0<number, never>;
  readonly restart: rs.Rpc0<undefined, never>;
  readonly hover: rs.Send<BoardHoverArgs>;
}
export interface BoardEvents {
  readonly serverTime: BoardServerTime;
  readonly audio: rs.Keyed<BoardKey, BoardServerTime>;
}
/** The store `Board`. */
export const Board: rs.StoreDef<BoardKey, BoardState, BoardMethods, BoardEvents> = {
  name: "game.board.v1.Board",
  digest: "8f0102030405060708090a0b0c0d0e0f",
  ancestors: ["aa0102030405060708090a0b0c0d0e0f"],
  writeKey: writeBoardKey,
  read: readBoardState,
  patch: patchBoardState,
  methods: {
    placeToken: { kind: "rpc", id: 1, write: writeBoardPlaceTokenArgs, read: readMove, readError: readMoveError },
    count: { kind: "rpc", id: 2, write: undefined, read: readBoardCountResult, readError: undefined },
    restart: { kind: "rpc", id: 3, write: undefined, read: rs.readUnit, readError: undefined },
    hover: { kind: "send", id: 4, write: writeBoardHoverArgs },
  },
  events: {
    serverTime: { id: 9, read: readBoardServerTime },
    audio: { id: 10, read: readBoardServerTime, writeKey: writeBoardKey },
  },
};

export interface AuthMethods {
  readonly logIn: rs.Rpc<{ readonly name: string }, undefined, never>;
}
export const Auth: rs.ServiceDef<AuthMethods> = {
  name: "game.board.v1.Auth",
  digest: "000102030405060708090a0b0c0d0e0f",
  ancestors: [],
  methods: {
    logIn: {
      kind: "rpc",
      id: 5,
      write: (w: rs.Writer, v: { readonly name: string }) => {
        const row = rs.beginRow(w, 1);
        let mask = 0;
        mask |= 0x1;
        rs.writeString(w, v.name);
        rs.writeMask(w, row, 1, mask);
      },
      read: rs.readUnit,
      readError: undefined,
    },
  },
};
/** A store without key. */
export const Lobby: rs.StoreDef<undefined, Player, object, object> = {
  name: "game.board.v1.Lobby",
  digest: "110102030405060708090a0b0c0d0e0f",
  ancestors: [],
  writeKey: undefined,
  read: readPlayer,
  patch: patchPlayer,
  methods: {},
  events: {},
};
