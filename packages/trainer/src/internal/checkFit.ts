import type { Dataset } from "@tenon/contracts";
import { badArgument, flag, known, made, oneOf, text, whole } from "@tenon/guards";
import type { FitOptions } from "../fit.js";
import type { DataIdentity, Progress } from "../snapshot.js";
import { checkDataset } from "./checkData.js";
import { checkRun } from "./checkRun.js";
import { checkSeed } from "./checkSeed.js";
import { endOfRun } from "./endOfRun.js";

/** The options of a run, with the defaults of those that are read more than once. */
export type RunOptions = FitOptions &
  Required<Pick<FitOptions, "metrics" | "epochs" | "batchSize" | "seed" | "validateEvery">>;

const usual =
  "train loss optimizer validation validateEvery metrics penalties epochs batchSize dropLast seed initial";
const more =
  "engine earlyStopping best checkpoints checkpointEvery metadata resume signal observe evaluated diagnose";

/** The options of `fit`, with defaults. Throws where one makes no sense. */
export function checkedFit(model: unknown, options: FitOptions): RunOptions {
  const {
    train,
    validation,
    validateEvery = 1,
    loss,
    optimizer,
    engine,
    epochs = 1,
    batchSize = 32,
    seed = 0,
    dropLast = false,
    best,
    checkpointEvery,
    observe,
    initial = {},
    ...rest
  } = known("fit", options, `${usual} ${more}`);
  checkRun("fit", { model, loss, optimizer, engine, ...rest });
  if (best !== undefined) {
    const { monitor, mode } = known("fit's best", best, "monitor mode");
    text("fit", "best.monitor", monitor);
    oneOf("fit", "best.mode", mode, ["min", "max"]);
  }
  const { checkpoints, metrics = [] } = rest;
  checkDataset("fit", "train", train);
  const { params = {}, stats = {} } = known("fit's initial", initial, "params stats", endOfRun);
  checkRun("fit", { params, stats });
  if (validation !== undefined) checkDataset("fit", "validation", validation);
  whole("fit", "validateEvery", validateEvery, 1);
  if (validateEvery > 1 && !validation)
    throw badArgument("fit", "validation with validateEvery", "none");
  flag("fit", "dropLast", dropLast);
  whole("fit", "epochs", epochs, 0);
  whole("fit", "batchSize", batchSize, 1);
  checkSeed("fit", seed);
  if (checkpointEvery !== undefined) {
    whole("fit", "checkpointEvery", checkpointEvery, 1);
    if (!checkpoints) throw badArgument("fit", "checkpoints with checkpointEvery", "none");
  }
  if (observe !== undefined) {
    const example = "statistics({ every: 10 })";
    made("fit", "observe as statistics", observe, "figuresOf statisticsOf", example);
    whole("fit", "observe.every", observe.every, 1);
  }
  if (train.size === 0)
    throw badArgument("fit", "at least one example to train on", "an empty dataset");
  return { ...options, metrics, epochs, batchSize, seed, validateEvery };
}

/** How many batches an epoch has, and how many examples they have: one number, or two. */
export function batchesOf(
  { size }: Dataset,
  { batchSize, dropLast }: Progress,
): { readonly batches: number; readonly sizes: readonly number[] } {
  const remainder = dropLast ? 0 : size % batchSize;
  const full = Math.floor(size / batchSize);
  const sizes = [full && batchSize, remainder].filter((n) => n > 0);
  if (sizes.length === 0)
    throw badArgument("fit", `a batchSize ≤ ${size}, with dropLast`, batchSize);
  return { batches: full + (remainder && 1), sizes };
}

/** Throws where a snapshot is not of a run with these batches and metrics. */
export function checkResumed(
  { batch, metrics: states }: Progress,
  batches: number,
  metrics: number,
): void {
  if (batch > batches)
    throw badArgument("resume", `data of ${batch} batches or more, as the run had`, batches);
  if (states.length !== metrics)
    throw badArgument("resume", `${states.length} metrics, as the run had`, metrics);
}

/**
 * The identities of the datasets that have one, where checkpoints can digest them, and of those
 * that the snapshot names. Throws where a dataset is not the one that the snapshot was taken with.
 */
export async function identitiesOf(
  options: FitOptions,
  before: DataIdentity = {},
): Promise<DataIdentity> {
  const digest = options.checkpoints?.digest;
  if (!digest) return before;
  let identities = before;
  for (const part of ["train", "validation"] as const) {
    const identity = await options[part]?.identity?.(digest);
    if (identity === undefined) continue;
    const expected = before[part] ?? identity;
    if (identity !== expected)
      throw badArgument(
        "resume",
        `the ${part} data that the snapshot was taken with (identity ${expected})`,
        `other data (${identity})`,
        "give the same examples in the same order and units, or a snapshot without progress.data",
      );
    identities = { ...identities, [part]: identity };
  }
  return identities;
}

/**
 * Throws where the losses of an epoch's first batches were put together in another way than those
 * that follow.
 */
export function checkSameLoss(
  { examples, lossParts: { length } }: Progress,
  { lossParts: now }: Pick<Progress, "lossParts">,
): void {
  if (examples > 0 && length !== now.length)
    throw badArgument(
      "resume",
      `a loss of ${length} parts, as the run had`,
      now.length,
      "give its loss and penalties, or a snapshot of the end of an epoch",
    );
}
