// npm test [-- arguments of vitest]: every test there is. The report is left in .cache/tests.json.
import { setup } from "./lib/setup.mjs";
import { vitest } from "./lib/vitest.mjs";

await setup();
const { code } = await vitest("tests", process.argv.slice(2));
process.exitCode = code;
