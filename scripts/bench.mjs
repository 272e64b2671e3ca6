// npm run bench [-- --quick --only W1,W3 --json FILE]: how long a training step takes, with Tenon and with its peers.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./lib/root.mjs";
import { capture, run } from "./lib/run.mjs";
import { say, stage } from "./lib/stage.mjs";

const home = join(root, "internal", "bench"), contenders = join(home, "contenders"), out = join(root, ".cache", "bench");
const bundle = (entry, outfile) => build({
  entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", target: "node20", minify: true, logLevel: "warning",
  banner: { js: 'import { createRequire as tenonCreateRequire } from "node:module"; const require = tenonCreateRequire(import.meta.url);' },
});
const [main, tenon] = [join(out, "main.mjs"), join(out, "tenon.mjs")];
await Promise.all([bundle(join(home, "src", "main.ts"), main), bundle(join(contenders, "tenon.mjs"), tenon)]);

// The peers, once. They are of no workspace: whoever does not run the bench never downloads them.
const stamp = join(contenders, "node_modules", ".tenon"), wanted = readFileSync(join(contenders, "package.json"), "utf8");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) await stage("peers installed", async () => {
  const { code, output } = await capture("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"], { cwd: contenders });
  if (code === 0) writeFileSync(stamp, wanted);
  else say(output.trim().split("\n").slice(-5).join("\n"));
});
process.exitCode = await run(process.execPath, [main, ...process.argv.slice(2)], { env: { TENON_BENCH: contenders, TENON_BENCH_TENON: tenon } });
