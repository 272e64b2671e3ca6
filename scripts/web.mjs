// npm run web [-- flags of vite]: serves the page while one works on it. With --preview: builds it
// and serves what was built.
import { delimiter, join } from "node:path";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

await setup();
const cwd = join(root, "apps", "web");
const env = { PATH: join(cwd, "node_modules", ".bin") + delimiter + process.env.PATH };
const [first, ...flags] = process.argv.slice(2);
if (first !== "--preview")
  process.exitCode = await run("vite", process.argv.slice(2), { cwd, env });
else if ((await run("vite", ["build"], { cwd, env })) !== 0) process.exitCode = 1;
else process.exitCode = await run("vite", ["preview", ...flags], { cwd, env });
