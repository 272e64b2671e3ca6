// npm run bench [-- --quick --only W1,W3 --contenders tenon,jax-js --json FILE]: how long a training step takes, with Tenon and with its peers.
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";

const home = join(root, "internal", "bench"), contenders = join(home, "contenders"), out = join(root, ".cache", "bench");
const bundle = (entry, outfile) => build({
  entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", target: "node20", minify: true, logLevel: "warning",
  banner: { js: 'import { createRequire as tenonCreateRequire } from "node:module"; const require = tenonCreateRequire(import.meta.url);' },
});
const main = join(out, "main.mjs");
await Promise.all([bundle(join(home, "src", "main.ts"), main), bundle(join(contenders, "tenon.mjs"), join(out, "tenon.mjs"))]);
process.exitCode = await run(process.execPath, [main, ...process.argv.slice(2)], { env: { TENON_BENCH: contenders, TENON_BENCH_BUILT: out } });
