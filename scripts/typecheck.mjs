// npm run typecheck: the types of all sources as one program, so that what packages share is read
// and checked once.
import { run } from "./lib/run.mjs";

// Without tests, these two are compiled where the names of Node do not exist, too.
const alone = ["packages/contracts", "internal/emit"];
for (const project of [".", ...alone])
  process.exitCode ||= await run("tsc", ["--noEmit", "-p", project]);
