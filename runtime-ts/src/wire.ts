/** What generated code imports: `import * as rs from "@restream/runtime/wire"`. */
export { type DecodeCode, DecodeError, type ErrorCode, RssError } from "./errors.js";
export { runStream } from "./streams.js";
export * from "./wire/arrays.js";
export * from "./wire/check.js";
export {
  noColumn,
  type ReadColumn,
  readField,
  skipColumn,
} from "./wire/columns.js";
export * from "./wire/container-columns.js";
export {
  mapValues,
  readList,
  readMap,
  readMembers,
  readNumbers,
  readOptList,
  readOptMap,
  readSet,
} from "./wire/containers.js";
export * from "./wire/defs.js";
export * from "./wire/delta.js";
export {
  readBoolColumn,
  readClosedColumn,
  readDurationColumn,
  readI8Column,
  readI16Column,
  readI32Column,
  readI53Column,
  readI64Column,
  readMillisColumn,
  readTimestampColumn,
  readU8Column,
  readU16Column,
  readU32Column,
  readU53Column,
  readU64Column,
} from "./wire/int-columns.js";
export { applyDelta, decode, type Read, Reader, readVarint, skipRest } from "./wire/reader.js";
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
  readSlots,
  readUnit,
  readUnknown,
  refuseCase,
  refuseIds,
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
export {
  readBigIntColumn,
  readBytesColumn,
  readDecimalColumn,
  readF32Column,
  readF64Column,
  readStringColumn,
  readUuidColumn,
} from "./wire/value-columns.js";
export { some, type WriteColumn, writeRowsColumn, writeStructColumn } from "./wire/write-columns.js";
export * from "./wire/write-containers.js";
export {
  writeBoolColumn,
  writeDurationColumn,
  writeI8Column,
  writeI16Column,
  writeI32Column,
  writeI53Column,
  writeI64Column,
  writeMillisColumn,
  writeTimestampColumn,
  writeU8Column,
  writeU16Column,
  writeU32Column,
  writeU53Column,
  writeU64Column,
} from "./wire/write-int-columns.js";
export {
  writeBigIntColumn,
  writeBytesColumn,
  writeDecimalColumn,
  writeF32Column,
  writeF64Column,
  writeStringColumn,
  writeUuidColumn,
} from "./wire/write-value-columns.js";
export { encode, encodeInto, type Write, Writer, writeByte, writeVarint } from "./wire/writer.js";
