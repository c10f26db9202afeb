// node measure.js CODEC SHAPE: one process per codec and shape, so that nobody's types spoil another's machine code.

import { measure } from "mitata";
import { load, plain } from "./data.js";

const [, , codec, shape] = process.argv;
const { form, names, make } = await import(`./${codec}.mjs`);
const { encode, decode } = make(shape, load(shape, form));
const bytes = new Uint8Array(encode());

const differs = JSON.stringify(plain(decode(bytes), names)) !== JSON.stringify(plain(load(shape)));
if (differs) throw new Error(`${codec} does not give back shape ${shape}`);

/** Nanoseconds of the fastest sample. */
async function fastest(run) {
  const { min } = await measure(run, { min_cpu_time: 400e6, min_samples: 20, inner_gc: false });
  return min;
}

let sink;
const encodeNs = await fastest(() => {
  sink = encode();
});
const decodeNs = await fastest(() => {
  sink = decode(bytes);
});
console.log(
  JSON.stringify({ shape, codec, encode: encodeNs, decode: decodeNs, bytes: bytes.length, kept: sink !== undefined }),
);
