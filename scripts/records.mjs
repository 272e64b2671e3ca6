// npm run records: docs/records.md says what internal/bench/results/records.json says; with
// --write, it is written. `-- --measure 1-30` trains with each of these seeds, stores what is new,
// and ends with an error where a seed gives other weights than before. `-- --time 30` times the
// recipe (or several: --recipe record,accurate,best) and `--recipe fast` in turns. Both take
// --recipe NAME, --threads N, --turbo and --node PATH.
import { parseArgs } from "node:util";
import { generated } from "./lib/pages.mjs";
import { measure, read, resultsFile, time } from "./lib/records.mjs";
import { recordsPage } from "./lib/recordsPage.mjs";
import { fail } from "./lib/stage.mjs";

const { values } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    measure: { type: "string" },
    time: { type: "string" },
    recipe: { type: "string", default: "record" },
    threads: { type: "string" },
    turbo: { type: "boolean", default: false },
    node: { type: "string", default: process.execPath },
  },
});
const range = /^(\d+)(?:-(\d+))?$/.exec(values.measure ?? "1");
if (!range) fail(`--measure expects seeds such as 1-30, got ${values.measure}`, 2);
if (values.time !== undefined && !(Number(values.time) >= 1))
  fail(`--time expects a number of runs, got ${values.time}`, 2);

if (values.measure) {
  const [, from, to = from] = range;
  const seeds = Array.from({ length: to - from + 1 }, (_, i) => Number(from) + i);
  const different = await measure(seeds, values);
  if (different.length > 0)
    fail(`seeds ${different.join(", ")} gave other weights than ${resultsFile} says`);
}
if (values.time) await time(Number(values.time), values);
const problems = await generated("docs/records.md", recordsPage(read()), {
  write: values.write,
  command: "npm run records -- --write",
});
for (const problem of problems) console.error(problem);
process.exitCode = Number(problems.length > 0);
