// npm run boundaries: every package imports only what it may, and docs/architecture.md says so.
// With --built, the JavaScript of the leaves too; with --write, the page's table is written.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { forbiddenImports, forbiddenInBuilt, withImportTable } from "./lib/boundaries.mjs";
import { root, workspace } from "./lib/root.mjs";

const packages = workspace();
const page = join(root, "docs", "architecture.md");
const before = readFileSync(page, "utf8");
const after = withImportTable(before, packages);
const write = process.argv.includes("--write");
if (write) writeFileSync(page, after);
const problems = [
  ...forbiddenImports(packages),
  ...(process.argv.includes("--built") ? forbiddenInBuilt(packages) : []),
  ...(before === after || write
    ? []
    : ["docs/architecture.md: its table is out of date; npm run boundaries -- --write"]),
];
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0
    ? `boundaries: ${packages.length} packages, nothing forbidden`
    : `boundaries: ${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
