/** What generated code imports: `import * as rs from "@restream/runtime/wire"`. */
export { type DecodeCode, DecodeError, type ErrorCode, RssError } from "./errors.js";
export { runStream } from "./streams.js";
export * from "./wire/check.js";
export * from "./wire/containers.js";
export * from "./wire/defs.js";
export * from "./wire/delta.js";
export { applyDelta, decode, type Read, Reader, skipRest } from "./wire/reader.js";
export {
  BIT,
  beginRow,
  closed,
  endRow,
  FIXED4,
  FIXED8,
  FIXED16,
  LEN,
  nextMask,
  readCase,
  readNested,
  readOption,
  readPayload,
  readRow,
  readUnit,
  readUnknown,
  refuseCase,
  type Shape,
  skip,
  type UnknownCase,
  VARINT,
  writeCase,
  writeMask,
  writeNested,
  writeOption,
  writeUnit,
  writeUnknown,
} from "./wire/rows.js";
export * from "./wire/scalars.js";
export {
  parseDecimal,
  readBigInt,
  readBytes,
  readDecimal,
  readString,
  readUuid,
  writeBigInt,
  writeBytes,
  writeDecimal,
  writeString,
  writeUuid,
} from "./wire/text.js";
export { encode, encodeInto, type Write, Writer } from "./wire/writer.js";
