import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

/** Bytes of a browser bundle of `code`, minified and compressed. */
async function size(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    platform: "browser",
    external: ["react"],
  });
  return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
}

test.each([
  ["client with websocket, stores, calls and events", `export { createClient } from "../src/index.js";`, 13_900],
  [
    "client and React hooks",
    `export { createClient } from "../src/index.js"; export * from "../src/react/index.js";`,
    14_200,
  ],
  [
    "client and the generated board",
    `export { createClient } from "../src/index.js"; export { Board } from "./board.js";`,
    17_350,
  ],
  [
    "a codec alone",
    `import * as rs from "../src/wire.js"; import * as b from "./board.js"; console.log(rs.decode(b.readMove, rs.encode(b.writeMove, {})));`,
    1_800,
  ],
])("%s stays small", async (what, code, ceiling) => {
  const bytes = await size(code);
  console.log(`${what}: ${bytes} bytes min+gzip, ceiling ${ceiling}`);
  expect(bytes).toBeLessThanOrEqual(ceiling);
});

test("what is not used is not in a bundle", async () => {
  const one = await size(`import * as b from "./board.js"; console.log(b.readMove);`);
  const unused = await size(
    `import * as b from "./board.js"; import * as c from "../src/index.js"; console.log(b.readMove);`,
  );
  expect(unused).toBe(one);
});
