import { decode, encodeInto, Writer } from "@restream/runtime/wire";
import * as s from "../generated/benches/v1.js";

const write = { a: s.writeTelemetry, b: s.writeGameState, c: s.writeLogBatch };
const read = { a: s.readTelemetry, b: s.readGameState, c: s.readLogBatch };
const writer = new Writer();

export const form = { big: true, map: true };
export const make = (shape, data) => ({
  encode: () => encodeInto(writer, write[shape], data),
  decode: (bytes) => decode(read[shape], bytes),
});
