// npm run boundaries: no package imports what it may not. With --built, the leaves' JavaScript too.
import { forbiddenImports, forbiddenInBuilt } from "./lib/boundaries.mjs";
import { workspace } from "./lib/root.mjs";

const packages = workspace();
const problems = [
  ...forbiddenImports(packages),
  ...(process.argv.includes("--built") ? forbiddenInBuilt(packages) : []),
];
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0
    ? `boundaries: ${packages.length} packages, nothing forbidden`
    : `boundaries: ${problems.length} forbidden`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
