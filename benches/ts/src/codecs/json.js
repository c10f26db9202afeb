const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Floats in their short form, as Rust's JSON has them too. */
export const form = { short: true };
export const make = (_shape, data) => ({
  encode: () => encoder.encode(JSON.stringify(data)),
  decode: (bytes) => JSON.parse(decoder.decode(bytes)),
});
