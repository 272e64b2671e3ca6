// node scripts/tool.mjs COMMAND …: sets up what is missing, then runs a command that may use the
// libraries' programs.
import { run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

await setup();
const [command, ...args] = process.argv.slice(2);
process.exitCode = await run(command, args);
