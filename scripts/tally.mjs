// node scripts/tally.mjs REPORT: `N passed, N failed, N skipped`, counted from vitest's JSON
// report.
import { tally, testsOf } from "./lib/report.mjs";

console.log(tally(testsOf(process.argv[2])));
