import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { ByPath, Engine, Layer, NDArray } from "@tenon/contracts";
import { runFolder } from "@tenon/formats/node";
import { averageOf } from "@tenon/regularizers";
import { initialize, reference, sameTree, type Tensor } from "@tenon/tensor";
import { snapshotFrom, type Snapshot } from "@tenon/trainer";
import { wasm, type WasmOptions } from "@tenon/wasm";
import { configFrom, type Config } from "./config.js";
import { fail, systemProblem } from "./fail.js";
import { stopperOf } from "./optimizer.js";
import { shown } from "./shell.js";

export async function engineOf(name: Config["engine"], options: WasmOptions = {}): Promise<Engine<Tensor> & { readonly turbo?: boolean }> {
  return name === "reference" ? reference() : wasm(machineOf(options)).catch((error: Error) => fail(error.message));
}

/** What an engine is told of how a run goes. More threads than processors wait for each other. */
export const machineOf = ({ threads, turbo = false }: WasmOptions): WasmOptions => ({
  turbo,
  ...(threads !== undefined && { threads: Math.min(threads, availableParallelism()) }),
});

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
export async function configAt(folder: string): Promise<Config> {
  const file = join(folder, "config.json");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" || error.code === "ENOTDIR" ? "" : ` (${systemProblem(error)})`;
    return fail(`expected the folder of a run, with config.json and last.safetensors, at ${folder}${why}`);
  });
  return configFrom(text, file);
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

/** Ends the command if weights hold what no network can use. */
export function finite({ params, stats }: Trained, file: string): Trained {
  for (const [path, { data }] of [...Object.entries(params), ...Object.entries(stats)]) {
    const wrong = (data as Float32Array).find((x) => !Number.isFinite(x));
    if (wrong !== undefined) fail(`expected finite weights in ${shown(file)}, got ${wrong} in ${path}: the run went astray; train again with a lower --learning-rate`);
  }
  return { params, stats };
}
