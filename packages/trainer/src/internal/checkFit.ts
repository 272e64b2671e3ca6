import type { Dataset } from "@tenon/contracts";
import { badArgument, flag, known, made, oneOf, shown, whole } from "@tenon/guards";
import type { FitOptions } from "../fit.js";
import type { DataIdentity, Progress } from "../snapshot.js";
import { checkDataset } from "./checkData.js";
import { checkProgress } from "./checkProgress.js";
import { checkRun } from "./checkRun.js";
import { defaultEngine } from "./defaultEngine.js";
import { endOfRun } from "./endOfRun.js";

/** The options of a run, with the defaults of those that are read more than once. */
export type RunOptions = FitOptions &
  Required<
    Pick<FitOptions, "engine" | "metrics" | "epochs" | "batchSize" | "seed" | "validateEvery">
  >;

const usual =
  "train loss optimizer validation validateEvery metrics penalties epochs batchSize dropLast seed initial";
const more =
  "engine earlyStopping best checkpoints checkpointEvery metadata resume signal observe evaluated";

/** The options of `fit`, with defaults. Throws where one makes no sense. */
export function checkedFit(model: unknown, options: FitOptions): RunOptions {
  const {
    train,
    validation,
    validateEvery = 1,
    loss,
    optimizer,
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
  checkRun("fit", { model, loss, optimizer, ...rest });
  if (best !== undefined) checkBest(best);
  const { resume, checkpoints, metrics = [], engine = defaultEngine("fit") } = rest;
  if (resume)
    checkProgress("fit", "resume's progress", resume.progress, "give a snapshot as it was");
  checkDataset("fit", "train", train);
  const { params = {}, stats = {} } = known("fit's initial", initial, "params stats", endOfRun);
  checkRun("fit", { params, stats });
  if (validation !== undefined) checkDataset("fit", "validation", validation);
  whole("fit", "validateEvery", validateEvery, 1);
  if (validateEvery > 1 && !validation)
    throw badArgument("fit", "validation when validateEvery is given", "none", "leave it out");
  flag("fit", "dropLast", dropLast);
  whole("fit", "epochs", epochs, 0);
  whole("fit", "batchSize", batchSize, 1);
  if (!Number.isInteger(seed) || (seed | 0) !== seed)
    throw badArgument("fit", "a seed that is a 32-bit integer", shown(seed));
  if (checkpointEvery !== undefined) {
    whole("fit", "checkpointEvery", checkpointEvery, 1);
    if (!checkpoints)
      throw badArgument(
        "fit",
        "checkpoints when checkpointEvery is given",
        "none",
        "say where they should go",
      );
  }
  if (observe !== undefined) {
    const example = "statistics({ every: 10 })";
    made("fit", "observe as statistics", observe, "figuresOf statisticsOf", example);
    whole("fit", "observe.every", observe.every, 1);
  }
  if (train.size === 0)
    throw badArgument("fit", "at least one example to train on", "an empty dataset");
  return { ...options, engine, metrics, epochs, batchSize, seed, validateEvery };
}

function checkBest(best: NonNullable<FitOptions["best"]>): void {
  const { monitor, mode } = known("fit's best", best, "monitor mode");
  if (typeof monitor !== "string")
    throw badArgument("fit", 'best\'s monitor as a name such as "validation.loss"', shown(monitor));
  oneOf("fit", "best's mode", mode, ["min", "max"]);
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
    throw badArgument(
      "fit",
      "at least one full batch where the last is dropped",
      `${size} examples in batches of ${batchSize}`,
      "use a smaller batchSize",
    );
  return { batches: full + (remainder && 1), sizes };
}

/** Throws where a snapshot is not of a run with these batches and metrics. */
export function checkResumed(
  { batch, metrics: states }: Progress,
  batches: number,
  metrics: number,
): void {
  if (batch > batches)
    throw badArgument(
      "resume",
      `a snapshot within the ${batches} batches of an epoch`,
      `one after batch ${batch}`,
      "is it of a run with other data?",
    );
  if (states.length !== metrics)
    throw badArgument(
      "resume",
      `the states of ${metrics} metrics`,
      states.length,
      "give the metrics that the run had",
    );
}

/**
 * The identities of the datasets that have one, and of those that the snapshot names. Throws where
 * a dataset is not the one that the snapshot was taken with.
 */
export async function identitiesOf(
  options: FitOptions,
  before: DataIdentity = {},
): Promise<DataIdentity> {
  let identities = before;
  for (const part of ["train", "validation"] as const) {
    const identity = await options[part]?.identity?.();
    if (identity === undefined) continue;
    const expected = before[part] ?? identity;
    if (identity !== expected)
      throw badArgument(
        "resume",
        `the ${part === "train" ? "training" : part} data that the snapshot was taken with ` +
          `(identity ${expected})`,
        `other data (${identity})`,
        "give the same examples in the same order and units, or leave progress.data out of " +
          "the snapshot to go on with others",
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
      `a loss of ${length} parts, as in the epoch that the snapshot is in the middle of`,
      `one of ${now.length}`,
      "give the loss and penalties that the run had, or a snapshot of the end of an epoch",
    );
}
