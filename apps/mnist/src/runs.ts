import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ByPath, Engine, Layer, NDArray } from "@tenon/contracts";
import { runFolder } from "@tenon/formats/node";
import { averageOf } from "@tenon/regularizers";
import { initialize, reference, sameTree, type Tensor } from "@tenon/tensor";
import { snapshotFrom, type Snapshot } from "@tenon/trainer";
import { wasm, type WasmOptions } from "@tenon/wasm";
import { configFrom, type Config } from "./config.js";
import { fail } from "./fail.js";
import { stopperOf } from "./optimizer.js";

export async function engineOf(name: Config["engine"], options: WasmOptions = {}): Promise<Engine<Tensor> & { readonly turbo?: boolean }> {
  return name === "reference" ? reference() : wasm(machineOf(options)).catch((error: Error) => fail(error.message));
}

/** What an engine is told of how a run goes. */
export const machineOf = ({ threads, turbo = false }: WasmOptions): WasmOptions => ({ turbo, ...(threads !== undefined && { threads }) });

/** The identity of weights: their names and bits. */
export function sha256Of(params: ByPath<NDArray>): string {
  const hash = createHash("sha256");
  for (const path of Object.keys(params).sort()) {
    const { data } = params[path]!;
    hash.update(path).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}

/** How a run was set up. */
async function configAt(folder: string): Promise<Config> {
  const file = join(folder, "config.json");
  return configFrom(await readFile(file, "utf8").catch(() => fail(`expected the folder of a run, with config.json and last.safetensors, at ${folder}`)), file);
}

/** A run that was saved: how it was set up, and where it stands. */
export async function savedRun(folder: string, name: "last" | "best" = "last"): Promise<{ readonly config: Config; readonly snapshot: Snapshot }> {
  const config = await configAt(folder);
  const { tensors, metadata } = await runFolder(folder).read(name).catch((error: Error) => fail(error.message.replace(/^runFolder: /, "")));
  try {
    return { config, snapshot: snapshotFrom(tensors, metadata) };
  } catch (error) {
    return fail(`${runFolder(folder).file(name)}: ${(error as Error).message.replace(/^snapshotFrom: /, "")}`);
  }
}

/** A run to go on with; one that was killed before its first checkpoint has no snapshot: its configuration says all. */
export async function runAt(folder: string): Promise<{ readonly config: Config; readonly snapshot?: Snapshot }> {
  return existsSync(runFolder(folder).file("last")) ? savedRun(folder) : { config: await configAt(folder) };
}

export interface Trained {
  readonly params: ByPath<NDArray>;
  readonly stats: ByPath<NDArray>;
}

const under = ({ arrays }: Snapshot, prefix: string): Record<string, NDArray> =>
  Object.fromEntries(Object.entries(arrays).flatMap(([path, array]) => (path.startsWith(prefix) ? [[path.slice(prefix.length), array]] : [])));

/** The weights as training left them. */
export const plainWeights = (snapshot: Snapshot): Trained => ({ params: under(snapshot, "params/"), stats: under(snapshot, "stats/") });

/** The weights that a run ends with: its average, or its best epoch's where early stopping restores them. */
export function finalWeights(config: Config, snapshot: Snapshot): Trained {
  const { params, stats } = plainWeights(snapshot), { step, best } = snapshot.progress;
  if (config.average !== "none" && step > 0) return { params: averageOf(slotsOf(snapshot), config.average), stats };
  return stopperOf(config)?.restoreBest && best.epoch > 0 ? { params: under(snapshot, "best/params/"), stats: under(snapshot, "best/stats/") } : { params, stats };
}

/** The optimizer's memory in a snapshot, by slot and parameter. */
function slotsOf({ arrays }: Snapshot): Record<string, Record<string, NDArray>> {
  const slots: Record<string, Record<string, NDArray>> = {};
  for (const [path, array] of Object.entries(arrays)) {
    const found = /^slots\/([^/]+\/[^/]+)\/(.+)$/.exec(path);
    if (found) (slots[found[1]!] ??= {})[found[2]!] = array;
  }
  return slots;
}

/** Ends the command if weights are not those of a model for such images. */
export function fitting(model: Layer<Tensor>, image: readonly number[], { params, stats }: Trained, folder: string): Trained {
  try {
    const like = initialize(model.plan(image), 0);
    sameTree("weights", { params: like.params, stats: like.stats }, { params, stats });
  } catch (error) {
    fail(`the checkpoint in ${folder} does not fit its configuration and these images: ${(error as Error).message.replace(/^weights: /, "")}`);
  }
  return { params, stats };
}

/** Makes a folder and those above it, one by one: Node's own `recursive` never comes back where nothing can be made (/proc). */
export async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await makeFolder(dirname(folder));
  await mkdir(folder);
}

/** Writes a file as a whole or not at all. */
export async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.tmp`, text);
  await rename(`${file}.tmp`, file);
}
