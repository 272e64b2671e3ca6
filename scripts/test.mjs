// npm test [-- arguments of vitest]: every test there is. The report is left in .cache/tests.json.
// A run of all of them is compared with docs/parity.md, too.
import { parityProblems } from "./lib/parity.mjs";
import { testsOf } from "./lib/report.mjs";
import { setup } from "./lib/setup.mjs";
import { vitest } from "./lib/vitest.mjs";

await setup();
const { code, report } = await vitest("tests", process.argv.slice(2));
const isAll = process.argv.length === 2 && !process.env.TENON_GOLDEN;
const golden = code === 0 && isAll ? testsOf(report).filter(isGolden) : [];
const problems = golden.length > 0 ? await parityProblems(golden, false) : [];
for (const problem of problems) console.error(problem);
process.exitCode = code || Number(problems.length > 0);

function isGolden({ file }) {
  return file.endsWith(".golden.test.ts");
}
