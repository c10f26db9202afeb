import protobuf from "protobufjs/minimal.js";
import { shapes } from "../peers/pbjs.js";

protobuf.util.Long = null;
protobuf.configure();
const types = { a: shapes.Telemetry, b: shapes.GameState, c: shapes.LogBatch };

export const form = {};
export const make = (shape, data) => ({
  encode: () => types[shape].encode(data).finish(),
  decode: (bytes) => types[shape].decode(bytes),
});
