// npm run test:golden [-- packages/optimizers]: only the rows that other libraries computed.
// TENON_GOLDEN names another folder of them. A run of all own rows is compared with
// docs/parity.md; with --write, it writes that page.
import { existsSync } from "node:fs";
import { fail } from "./lib/stage.mjs";
import { filesUnder } from "./lib/root.mjs";
import { setup } from "./lib/setup.mjs";
import { parityProblems } from "./lib/parity.mjs";
import { tally, testsOf } from "./lib/report.mjs";
import { vitest } from "./lib/vitest.mjs";

await setup();
const write = process.argv.includes("--write");
const flags = process.argv.slice(2).filter((arg) => arg.startsWith("-") && arg !== "--write");
const parts = process.argv.slice(2).filter((arg) => !arg.startsWith("-"));
const files = filesUnder("src", ".golden.test.ts").filter(
  (file) => parts.length === 0 || parts.some((part) => file.includes(part)),
);
if (files.length === 0) fail(`no golden tests under ${parts.join(", ")}`, 2);
const { code, report } = await vitest("golden", [...files, ...flags]);
if (!existsSync(report)) fail("vitest ended without a report");
const tests = testsOf(report);

const skipped = new Map();
for (const { title, status, meta } of tests) {
  if (status === "passed" || status === "failed") continue;
  const what = `${title.split(" · ")[0]}: ${meta.notCovered ?? "no such thing here yet"}`;
  skipped.set(what, (skipped.get(what) ?? 0) + 1);
}
if (skipped.size > 0) console.log("\nnot covered:");
for (const [what, count] of [...skipped].sort())
  console.log(`  ${String(count).padStart(4)}  ${what}`);

console.log(tally(tests));
const isAll = parts.length === 0 && flags.length === 0 && !process.env.TENON_GOLDEN;
const problems = isAll && code === 0 ? await parityProblems(tests, write) : [];
for (const problem of problems) console.error(problem);
process.exitCode = code || Number(problems.length > 0);
