import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { AnyEngine, ByPath, Engine, Layer, NDArray } from "@tenon/contracts";
import { runFolder, type RunFolder } from "@tenon/formats/node";
import { averageOf } from "@tenon/regularizers";
import { initialize, reference, sameTree, type Tensor } from "@tenon/tensor";
import { fail, isSystemError, shown, systemProblem, worded } from "@tenon/terminal";
import { snapshotFrom, type CheckpointWriter, type Snapshot } from "@tenon/trainer";
import { wasm, type WasmEngine, type WasmOptions } from "@tenon/wasm";
import { webgpu, type WebgpuEngine } from "@tenon/webgpu";
import { allowed, configFrom, type Config } from "./config.js";
import { flagOf } from "./flags.js";
import { stopperOf } from "./optimizer.js";

/** An engine of either kind, with what only some of them tell. */
export type SomeEngine = AnyEngine<Tensor> & {
  readonly turbo?: boolean;
  /** What a GPU is called, and whether it is a software adapter. */
  readonly adapter?: WebgpuEngine["adapter"];
  readonly isSoftware?: boolean;
};

/**
 * An engine that answers at once, for a single image: what a GPU would need for it is not waited
 * for.
 */
export const engineAtOnce = async (name: Config["engine"]): Promise<Engine<Tensor>> =>
  name === "reference" ? reference() : wasmOf({});

export async function engineOf(
  name: Config["engine"],
  options: WasmOptions = {},
): Promise<SomeEngine> {
  if (name === "reference") return reference();
  return name === "webgpu" ? webgpuOrFail() : wasmOf(options);
}

/** The engine for GPUs; one sentence if there is none. */
const webgpuOrFail = (): Promise<WebgpuEngine> =>
  webgpu().catch((error: Error) => fail(`--engine webgpu: ${error.message}`));

/** The fast engine; one sentence if the platform lacks something. */
export const wasmOf = (options: WasmOptions): Promise<WasmEngine> =>
  wasm(machineOf(options)).catch((error: Error) =>
    fail(isSystemError(error) ? `cannot start threads: ${systemProblem(error)}` : error.message),
  );

/** The options of an engine. More threads than processors would wait for each other. */
const machineOf = ({ threads, turbo = false }: WasmOptions): WasmOptions => ({
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
    const why =
      error.code === "ENOENT" || error.code === "ENOTDIR" ? "" : ` (${systemProblem(error)})`;
    return fail(
      `expected the folder of a run, with config.json and last.safetensors, at ${folder}${why}`,
    );
  });
  return configFrom(text, file);
}

/** A run that was saved: how it was set up, and where it stands. */
export interface Saved {
  readonly config: Config;
  readonly snapshot: Snapshot;
  /** How it was set up when the snapshot was taken. */
  readonly trained: Config;
}

/** Reads a run; ends the command where its files do not belong together. */
export async function savedRun(folder: string, name: "last" | "best" = "last"): Promise<Saved> {
  const config = await configAt(folder);
  const file = runFolder(folder).file(name);
  const { tensors, metadata } = await runFolder(folder)
    .read(name)
    .catch((error: Error) => {
      const remedy =
        name === "best" && !existsSync(file) ? "; leave out --best for the last weights" : "";
      return fail(worded(error).replace(/^runFolder: /, "") + remedy);
    });
  let snapshot: Snapshot;
  try {
    snapshot = snapshotFrom(tensors, metadata);
  } catch (error) {
    return fail(`${file}: ${(error as Error).message.replace(/^snapshotFrom: /, "")}`);
  }
  const trained =
    metadata[configKey] === undefined ? config : configFrom(metadata[configKey], file);
  sameConfig(config, trained, folder);
  return { config, snapshot, trained };
}

/** The key of a checkpoint's metadata under which the run's configuration is saved. */
const configKey = "tenon.config";

/** Checkpoints that also hold the configuration of their run. */
export const withConfig = (files: RunFolder, config: Config): CheckpointWriter => ({
  digest: files.digest,
  write: (name, arrays, metadata) =>
    files.write(name, arrays, { ...metadata, [configKey]: JSON.stringify(config) }),
});

/**
 * The settings that may change when a run is resumed: its length, the place of the data, how often
 * it is saved.
 */
const free: readonly string[] = ["epochs", "data", "checkpointEvery"] satisfies (keyof Config)[];

/**
 * Ends the command where config.json differs from the configuration that the run was trained with.
 */
function sameConfig(config: Config, trained: Config, folder: string): void {
  const changed = (Object.keys(allowed) as (keyof Config)[]).filter(
    (key) => !free.includes(key) && config[key] !== trained[key],
  );
  if (changed.length === 0) return;
  const values = (settings: Config): string =>
    changed.map((key) => `"${key}": ${JSON.stringify(settings[key])}`).join(", ");
  const flags = changed.flatMap((key) =>
    key === "classes" ? [] : [flagOf(key), String(config[key])],
  );
  const anew = flags.length > 0 ? `, or start a run with ${flags.join(" ")}` : "";
  fail(
    `the checkpoint in ${shown(folder)} does not fit its configuration: expected ` +
      `${values(trained)} in config.json, ` +
      `with which it was trained, got ${values(config)}; put that back${anew}`,
  );
}

/**
 * A run to go on with; one that was killed before its first checkpoint has no snapshot, only its
 * configuration.
 */
export async function runAt(folder: string): Promise<Pick<Saved, "config"> & Partial<Saved>> {
  if (existsSync(runFolder(folder).file("last"))) return savedRun(folder);
  const config = await configAt(folder);
  const present = ["best.safetensors", "history.jsonl"].filter((name) =>
    existsSync(join(folder, name)),
  );
  if (present.length > 0)
    fail(
      `expected last.safetensors in ${shown(folder)}, which holds ${present.join(" and ")}; bring ` +
        "it back, or start a new run",
    );
  return { config };
}

export interface Trained {
  readonly params: ByPath<NDArray>;
  readonly stats: ByPath<NDArray>;
}

const under = ({ arrays }: Snapshot, prefix: string): Record<string, NDArray> =>
  Object.fromEntries(
    Object.entries(arrays).flatMap(([path, array]) =>
      path.startsWith(prefix) ? [[path.slice(prefix.length), array]] : [],
    ),
  );

/** The weights as training left them. */
export const plainWeights = (snapshot: Snapshot): Trained => ({
  params: under(snapshot, "params/"),
  stats: under(snapshot, "stats/"),
});

/**
 * Which weights a run ends with: the average of its steps, its best epoch's where early stopping
 * restores them, or the last.
 */
export function endOf(
  config: Config,
  { progress: { step, best } }: Snapshot,
): "average" | "best" | "last" {
  if (config.average !== "none" && step > 0) return "average";
  return stopperOf(config)?.restoreBest && best.epoch > 0 ? "best" : "last";
}

/** The weights that a run ends with. */
export function finalWeights(config: Config, snapshot: Snapshot): Trained {
  const { params, stats } = plainWeights(snapshot);
  switch (endOf(config, snapshot)) {
    case "average":
      return { params: averageOf(slotsOf(snapshot), config.average), stats };
    case "best":
      return { params: under(snapshot, "best/params/"), stats: under(snapshot, "best/stats/") };
    case "last":
      return { params, stats };
  }
}

/** The optimizer's slots in a snapshot, by slot and parameter. */
function slotsOf({ arrays }: Snapshot): Record<string, Record<string, NDArray>> {
  const slots: Record<string, Record<string, NDArray>> = {};
  for (const [path, array] of Object.entries(arrays)) {
    const found = /^slots\/([^/]+\/[^/]+)\/(.+)$/.exec(path);
    if (found) (slots[found[1]!] ??= {})[found[2]!] = array;
  }
  return slots;
}

/** Ends the command if weights are not those of a model for such images. */
export function fitting(
  model: Layer<Tensor>,
  image: readonly number[],
  { params, stats }: Trained,
  folder: string,
  source: string,
): Trained {
  try {
    const like = initialize(model.plan(image), 0);
    sameTree("weights", { params: like.params, stats: like.stats }, { params, stats });
  } catch (error) {
    fail(
      `the checkpoint in ${folder} does not fit its configuration and the images of ` +
        `${image[0]}×${image[1]} in ${source}: ` +
        `${(error as Error).message.replace(/^weights: /, "")}`,
    );
  }
  return { params, stats };
}

/** Ends the command if weights are not finite. */
export function finite({ params, stats }: Trained, file: string): Trained {
  for (const [path, { data }] of [...Object.entries(params), ...Object.entries(stats)]) {
    const wrong = (data as Float32Array).find((x) => !Number.isFinite(x));
    if (wrong !== undefined)
      fail(
        `expected finite weights in ${shown(file)}, got ${wrong} in ${path}: the run went ` +
          "astray; train again with a lower --learning-rate",
      );
  }
  return { params, stats };
}
