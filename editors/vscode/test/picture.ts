import type { ThemedToken } from "shiki";

const CHARACTER = 8.4;
const LINE = 20;
const MARGIN = 16;

/** Coloured code as an SVG picture: what an editor shows. */
export function picture(lines: ThemedToken[][], background: string, foreground: string): string {
  const longest = Math.max(...lines.map((line) => line.reduce((n, token) => n + token.content.length, 0)));
  const width = Math.ceil(longest * CHARACTER + 2 * MARGIN);
  const height = lines.length * LINE + 2 * MARGIN;
  const texts = lines.map((line, i) => {
    const spans = line.map((token) => `<tspan fill="${token.color ?? foreground}">${escapeXml(token.content)}</tspan>`);
    return `<text x="${MARGIN}" y="${MARGIN + i * LINE + 14}">${spans.join("")}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" rx="8" fill="${background}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14">`,
    ...texts,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function escapeXml(text: string): string {
  // Viewers differ in what they do with white space; these spaces stay.
  return text.replaceAll(" ", "\u00a0").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
