// npm run sizes (after a build): what it costs a user to import something, minified and gzipped
// with all that it needs, and what it may cost. With --attribute "a trainer of MLPs": what each
// module adds to that import.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { attribution, attributionLines } from "./lib/attribution.mjs";
import { costs } from "./lib/costs.mjs";

const list = JSON.parse(readFileSync(new URL("sizes.json", import.meta.url), "utf8"));
const { attribute } = parseArgs({ options: { attribute: { type: "string" } } }).values;
if (attribute === undefined) await table();
else {
  const entry = list.find(({ what }) => what === attribute);
  if (!entry) {
    console.error(`sizes: expected one of ${list.map(({ what }) => what).join("; ")}`);
    process.exit(1);
  }
  for (const line of attributionLines(await attribution(entry.take))) console.log(line);
}

async function table() {
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
}
