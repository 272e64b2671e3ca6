// npm run bench:kernels [-- wasm/bench/gemm]: how fast things are, on built packages. A bench is a
// program that prints, or one of vitest's.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { filesUnder, root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { fail } from "./lib/stage.mjs";

const parts = process.argv.slice(2);
const files = filesUnder("bench", ".bench.ts").filter(
  (file) => parts.length === 0 || parts.some((part) => file.includes(part)),
);
if (files.length === 0)
  fail(
    `no bench under ${parts.join(", ")}; there are ${filesUnder("bench", ".bench.ts").join(", ")}`,
    2,
  );

process.exitCode = await run("turbo", ["run", "build", "--filter=./packages/*"]);
for (const file of files) {
  console.log(`\n== ${file}`);
  let code;
  if (/from "vitest"/.test(readFileSync(join(root, file), "utf8")))
    code = await run("vitest", ["bench", "--run", file]);
  else {
    const outfile = join(root, ".cache", "bench", basename(file).replace(/\.ts$/, ".mjs"));
    await build({
      entryPoints: [join(root, file)],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      logLevel: "warning",
    });
    code = await run(process.execPath, [outfile]);
  }
  process.exitCode ||= code;
}
