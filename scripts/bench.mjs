// npm run bench [-- --quick --only W1,gemm --contenders tenon,jax-js --json FILE]: how long a
// training step takes, with Tenon and with its peers; then Tenon alone. With --gpu: on a GPU
// (bench-gpu.mjs).
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root, workspace } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";

if (process.argv.includes("--gpu")) {
  await import("./bench-gpu.mjs");
  process.exit(process.exitCode);
}
const home = join(root, "internal", "bench");
const contenders = join(home, "contenders");
const out = join(root, ".cache", "bench");
const bundle = (entry, outfile, more = {}) =>
  build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    minify: true,
    logLevel: "warning",
    banner: {
      js: 'import { createRequire as tenonCreateRequire } from "node:module"; const require = tenonCreateRequire(import.meta.url);',
    },
    ...more,
  });
const plain = { banner: {} };
const packages = join(out, "packages");

/** A package as npm would have it: its own code in one file, which imports those of the others. */
async function asPublished({ path, manifest }) {
  const folder = join(packages, "node_modules", ...manifest.name.split("/"));
  await bundle(join(path, "src", "index.ts"), join(folder, "index.js"), {
    ...plain,
    minify: false,
    external: [...Object.keys(manifest.dependencies ?? {}), "node:*"],
  });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: manifest.name, type: "module", exports: "./index.js" }),
  );
}

const main = join(out, "main.mjs");
const part = (name) => join(home, "parts", `${name}.mjs`);
mkdirSync(out, { recursive: true });
await Promise.all([
  bundle(join(home, "src", "main.ts"), main),
  bundle(join(contenders, "tenon.mjs"), join(out, "tenon.mjs")),
  ...["gemm", "scaling", "overhead", "bytes", "observe", "start", "first"].map((name) =>
    bundle(part(name), join(out, `${name}.mjs`), plain),
  ),
  bundle(part("first"), join(packages, "first.mjs"), { ...plain, external: ["@tenon/*"] }),
  ...workspace("packages").map(asPublished),
]);
process.exitCode = await run(process.execPath, [main, ...process.argv.slice(2)], {
  env: { TENON_BENCH: contenders, TENON_BENCH_BUILT: out },
});
