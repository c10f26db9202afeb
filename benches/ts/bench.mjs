// node bench.mjs [CODEC ..]: bundles the codecs, runs one pass over all of them, writes target/bench-ts.json.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const at = (path) => new URL(path, import.meta.url).pathname;
const all = ["json", "protobuf-es", "protobufjs", "pbf", "msgpackr", "msgpackr-native", "bebop", "restream-bigint"];
const chosen = process.argv.slice(2);
const codecs = chosen.length > 0 ? chosen : all;

/** `msgpackr-native` is the same package with its addon, which a bundle cannot hold. */
const entry = (codec) => at(`src/codecs/${codec.replace("-native", "")}.js`);
const common = {
  bundle: true,
  format: "esm",
  target: "es2022",
  logLevel: "error",
  alias: { "@restream/runtime/wire": at("../../runtime-ts/src/wire.ts") },
};

async function bundle(codec) {
  const external = codec === "msgpackr-native" ? { external: ["msgpackr"] } : {};
  const banner = {
    js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  };
  await build({
    ...common,
    ...external,
    entryPoints: [entry(codec)],
    platform: "node",
    outfile: at(`build/${codec}.mjs`),
    banner,
  });
}

/** Bytes of adapter, generated code of the three shapes and runtime, as a browser gets them. */
async function size(codec) {
  const options = { ...common, entryPoints: [entry(codec)], platform: "browser", minify: true, write: false };
  const { outputFiles } = await build({ ...options, external: ["module", "node:module"] });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

for (const name of ["measure", "data"]) {
  await build({ entryPoints: [at(`src/${name}.js`)], outfile: at(`build/${name}.js`), logLevel: "error" });
}
const rows = [];
for (const codec of codecs) await bundle(codec);
for (const shape of ["a", "b", "c"]) {
  for (const codec of codecs) {
    const env = codec === "msgpackr" ? { ...process.env, MSGPACKR_NATIVE_ACCELERATION_DISABLED: "true" } : process.env;
    const row = JSON.parse(execFileSync("node", [at("build/measure.js"), codec, shape], { encoding: "utf8", env }));
    rows.push(row);
    console.log(
      shape,
      codec.padEnd(16),
      row.encode.toFixed(0).padStart(10),
      row.decode.toFixed(0).padStart(10),
      row.bytes,
    );
  }
}
const sizes = {};
for (const codec of codecs) if (!codec.endsWith("-native")) sizes[codec] = await size(codec);
console.log(sizes);
writeFileSync(at("../../target/bench-ts.json"), `${JSON.stringify({ rows, sizes }, null, 2)}\n`);
