// npm run examples (after a build): each folder of examples/ runs with the packages as they would
// be published, and prints what its README says. `-- NAME …`: some of them; `-- --write`: what they
// print is written into their READMEs.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exampleFolders, problemsOf, withOutput } from "./lib/exampleFolders.mjs";
import { laid, outputOf } from "./lib/exampleRuns.mjs";
import { packed } from "./lib/pack.mjs";
import { root } from "./lib/root.mjs";

const write = process.argv.includes("--write");
const only = process.argv.slice(2).filter((name) => !name.startsWith("-"));

const packages = await packed();
for (const example of exampleFolders()) {
  if (only.length > 0 && !only.includes(example.name)) continue;
  const start = performance.now();
  const problems = problemsOf(example);
  const folder = join(root, ".cache", "copied", example.name);
  const missing = laid(example, packages, folder);
  if (missing.length === 0) problems.push(...(await compared(example, folder)));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const word = problems.length > 0 ? "WRONG" : missing.length > 0 ? "skipped" : "right";
  const why = missing.length > 0 ? `: no ${missing.join(", ")} on this machine` : "";
  console.log(`${word.padEnd(7)} examples/${example.name} (${seconds} s)${why}`);
  for (const problem of problems) console.log(`        ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}

/** Runs an example, and compares what it prints with its README. */
async function compared(example, folder) {
  const readme = join(example.path, "README.md");
  try {
    const found = readFileSync(readme, "utf8");
    const wanted = withOutput(found, await outputOf(example, folder));
    if (write) writeFileSync(readme, wanted);
    return found === wanted || write ? [] : [`expected what README.md shows, got\n${wanted}`];
  } catch (error) {
    return [error.message];
  }
}
