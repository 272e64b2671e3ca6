// npm run docs [-- flags of VitePress]: serves the documentation site while one works on it. With
// --build it makes static files in apps/docs/dist, and fails where a link leads nowhere; with
// --preview it serves what was built.
import { delimiter, join } from "node:path";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

await setup({ docs: true });
const cwd = join(root, "apps", "docs");
const env = { PATH: join(cwd, "node_modules", ".bin") + delimiter + process.env.PATH };
const [first, ...flags] = process.argv.slice(2);
const steps = {
  "--build": [
    ["node", "build/write.mjs"],
    ["vitepress", "build", ...flags],
    ["node", "build/check.mjs"],
  ],
  "--preview": [["vitepress", "preview", ...flags]],
}[first] ?? [["node", "build/serve.mjs", ...process.argv.slice(2)]];
for (const [command, ...args] of steps) {
  process.exitCode = await run(command, args, { cwd, env });
  if (process.exitCode !== 0) break;
}
