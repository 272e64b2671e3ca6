// node scripts/tally.mjs REPORT …: `N passed, N failed, N skipped`, counted from vitest's JSON
// reports; the first must be there.
import { existsSync } from "node:fs";
import { tally, testsOf } from "./lib/report.mjs";

const [first, ...others] = process.argv.slice(2);
console.log(tally([first, ...others.filter(existsSync)].flatMap(testsOf)));
