import { PbfReader, PbfWriter } from "pbf";
import * as peer from "../peers/pbf.js";

const write = { a: peer.writeTelemetry, b: peer.writeGameState, c: peer.writeLogBatch };
const read = { a: peer.readTelemetry, b: peer.readGameState, c: peer.readLogBatch };
const writer = new PbfWriter();

export const form = {};
export const make = (shape, data) => ({
  encode: () => {
    writer.pos = 0;
    write[shape](data, writer);
    return writer.buf.subarray(0, writer.pos);
  },
  decode: (bytes) => read[shape](new PbfReader(bytes)),
});
