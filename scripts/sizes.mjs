// npm run sizes (after a build): how large each package is, minified and gzipped, and how large it may become.
import { readFileSync } from "node:fs";
import { gzipped, minified } from "./lib/minified.mjs";
import { workspace } from "./lib/root.mjs";

const ceilings = JSON.parse(readFileSync(new URL("sizes.json", import.meta.url), "utf8"));
const rows = [["package", "minified", "gzipped", "ceiling", ""]];
for (const entry of workspace("packages")) {
  const code = await minified(entry), size = gzipped(code), ceiling = ceilings[entry.folder]?.ceiling;
  const verdict = ceiling === undefined ? "has no ceiling in scripts/sizes.json" : size > ceiling ? `too large by ${size - ceiling}` : "";
  rows.push([entry.folder, Buffer.byteLength(code), size, ceiling ?? "?", verdict].map(String));
  if (verdict) process.exitCode = 1;
}
const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of rows) console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(column === 4 ? 0 : widths[column]))).join("  ").trimEnd());
