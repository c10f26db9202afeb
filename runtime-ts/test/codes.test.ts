import { expect, test } from "vitest";
import { OPEN_CODES } from "../src/protocol/channel.js";
import { CallCode, OpenCode } from "../src/protocol/generated/session/v1.js";
import { CALL_CODES } from "../src/protocol/requests.js";

test.each([
  ["calls", CallCode, CALL_CODES],
  ["opening", OpenCode, OPEN_CODES],
] as const)("the words for the codes of %s are the names in the schema", (_, codes, words) => {
  const named: string[] = [];
  for (const [name, n] of Object.entries(codes)) named[n] = name.replace(/\B[A-Z]/g, "_$&").toLowerCase();
  expect(words).toEqual(named);
});
