import { GameState, LogBatch, Telemetry } from "../peers/bebop.js";

const types = { a: Telemetry, b: GameState, c: LogBatch };

export const form = { big: true, map: true, rename: { message: "msg" } };
export const names = { msg: "message" };
export const make = (shape, data) => ({
  encode: () => types[shape].encode(data),
  decode: (bytes) => types[shape].decode(bytes),
});
