import { Packr } from "msgpackr";

export const form = { map: true };
export const make = (_shape, data) => {
  // Shared record structures and 4-byte floats: its fastest and smallest way.
  const packr = new Packr({ structures: [], useFloat32: 4, mapsAsObjects: false });
  return { encode: () => packr.pack(data), decode: (bytes) => packr.unpack(bytes) };
};
