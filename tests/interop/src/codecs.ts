import { decode, encode, type Read, type Write } from "@restream/runtime/wire";
import * as v from "./generated/vectors/v1.js";

/** Reads a row, and reads and writes it again. */
export interface Codec {
  readonly read: Read<unknown>;
  readonly again: (bytes: Uint8Array) => Uint8Array;
}

function codec<T>(read: Read<T>, write: Write<T>): Codec {
  return { read, again: (bytes) => encode(write, decode(read, bytes)) };
}

const codecs: Readonly<Record<string, Codec>> = {
  Scalars: codec(v.readScalars, v.writeScalars),
  Options: codec(v.readOptions, v.writeOptions),
  Containers: codec(v.readContainers, v.writeContainers),
  Point: codec(v.readPoint, v.writePoint),
  Tree: codec(v.readTree, v.writeTree),
  Old: codec(v.readOld, v.writeOld),
  New: codec(v.readNew, v.writeNew),
  Earlies: codec(v.readEarlies, v.writeEarlies),
  Lates: codec(v.readLates, v.writeLates),
  Doc: codec(v.readDoc, v.writeDoc),
  Sets: codec(v.readSets, v.writeSets),
  Arrays: codec(v.readArrays, v.writeArrays),
  Newtypes: codec(v.readNewtypes, v.writeNewtypes),
  Bases: codec(v.readBases, v.writeBases),
  Cells: codec(v.readCells, v.writeCells),
  FlatCells: codec(v.readFlatCells, v.writeFlatCells),
};

/** The codec of a type that the vectors name. */
export function codecOf(type: string): Codec {
  const found = codecs[type];
  if (found === undefined) throw new Error(`the vectors name a type ${type} that this test does not know`);
  return found;
}
