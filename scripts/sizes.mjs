// npm run sizes (after a build): what it costs a user to import something, minified and gzipped
// with all that it needs, and what it may cost.
import { readFileSync } from "node:fs";
import { costs } from "./lib/costs.mjs";

const list = JSON.parse(readFileSync(new URL("sizes.json", import.meta.url), "utf8"));
const rows = [["import", "minified", "gzipped", "ceiling", ""]];
for (const { what, bytes, gzipped, ceiling, problem } of await costs(list)) {
  rows.push([what, bytes, gzipped, ceiling, problem].map(String));
  if (problem) process.exitCode = 1;
}
const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of rows)
  console.log(
    row
      .map((cell, column) =>
        column === 0
          ? cell.padEnd(widths[column])
          : cell.padStart(column === 4 ? 0 : widths[column]),
      )
      .join("  ")
      .trimEnd(),
  );
