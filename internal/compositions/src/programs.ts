import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestContext } from "vitest";
import { pathOf } from "./chromium.mjs";

/** Where `.ci/run` puts programs that only tests need and users do not download. */
const tools: string = fileURLToPath(new URL("../../../.cache/tools/node_modules", import.meta.url));

/**
 * The path of a program on this machine: from the variable, what `.ci/run` has fetched, or
 * what is on the path; the first that is there, and of this major version or a later one.
 */
export function programOf(
  variable: string,
  names: readonly string[],
  least = 0,
): string | undefined {
  const version = (path: string): string =>
    spawnSync(path, ["--version"], { encoding: "utf8" }).stdout ?? "";
  const candidates = [
    process.env[variable],
    ...names.map((name) => join(tools, ".bin", name)),
    ...names,
  ].flatMap((name) => (name && pathOf(name)) || []);
  return candidates.find((path) => least === 0 || Number(/\d+/.exec(version(path))?.[0]) >= least);
}

/** Skips a test and prints the reason. */
export function skipped(context: TestContext, what: string): void {
  console.warn(`SKIPPED: ${what}`);
  context.skip(what);
}

/** What a program prints, and how it ends, by itself or because it took too long. */
export function printed(
  program: string,
  args: readonly string[],
  timeout = 50_000,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      timeout,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (text: Buffer) => {
      out += text.toString();
    });
    child.stderr.on("data", (text: Buffer) => {
      err += text.toString();
    });
    child.on("error", reject).on("close", (code) => resolve({ code, out, err }));
  });
}
