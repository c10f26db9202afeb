/** The grammar in Shiki, as documentation and web pages use it. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHighlighterCore, type HighlighterCore, type LanguageRegistration } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import githubDark from "shiki/themes/github-dark.mjs";
import { beforeAll, expect, test } from "vitest";
import { picture } from "./picture.js";

const ROOT = new URL("../../../", import.meta.url);
const GRAMMAR = new URL("../syntaxes/rss.tmLanguage.json", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");

let highlighter: HighlighterCore;

beforeAll(async () => {
  const grammar = JSON.parse(readFileSync(GRAMMAR, "utf8")) as LanguageRegistration;
  highlighter = await createHighlighterCore({
    // A pattern that JavaScript cannot run is an error here, not a colour that is missing.
    engine: createJavaScriptRegexEngine({ forgiving: false }),
    langs: [{ ...grammar, name: "rss" }],
    themes: [githubDark],
  });
});

/** Tokens that no rule of the grammar names. */
function nameless(code: string): string[] {
  const lines = highlighter.codeToTokensBase(code, { lang: "rss", theme: "github-dark", includeExplanation: true });
  const pieces = lines.flat().flatMap((token) => token.explanation ?? []);
  return pieces.filter((p) => p.content.trim() !== "" && p.scopes.length < 2).map((p) => p.content.trim());
}

/** The first sample of the README. */
function sample(): string {
  const code = /```rss\n([\s\S]*?)```/.exec(read("README.md"))?.[1];
  if (code === undefined) throw new Error("README.md has no schema");
  return code.trimEnd();
}

test("every token of the README's sample has a name", () => {
  expect(nameless(sample())).toEqual([]);
});

test("every token of every schema has a name", () => {
  const folder = new URL("schemas/", ROOT);
  const schemas = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".rss"));
  expect(schemas.length).toBeGreaterThan(3);
  for (const name of schemas) expect(nameless(read(`schemas/${name}`)), name).toEqual([]);
});

test("what is no schema has tokens without a name", () => {
  expect(nameless("fields struct A { ! }\nwhat is this")).toEqual(["!", "what is this"]);
});

test("the picture of the README's sample is fresh (RSS_BLESS=1 draws it)", () => {
  const { tokens, bg, fg } = highlighter.codeToTokens(sample(), { lang: "rss", theme: "github-dark" });
  const drawn = picture(tokens, bg ?? "#000", fg ?? "#fff");
  const file = new URL("editors/vscode/sample.svg", ROOT);
  if (process.env.RSS_BLESS === "1") writeFileSync(file, drawn);
  expect(readFileSync(file, "utf8")).toBe(drawn);
});
