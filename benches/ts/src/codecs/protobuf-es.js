import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { GameStateSchema, LogBatchSchema, TelemetrySchema } from "../peers/shapes_pb.js";

const schemas = { a: TelemetrySchema, b: GameStateSchema, c: LogBatchSchema };

export const form = { big: true };
export const make = (shape, data) => {
  const message = create(schemas[shape], data);
  return { encode: () => toBinary(schemas[shape], message), decode: (bytes) => fromBinary(schemas[shape], bytes) };
};
