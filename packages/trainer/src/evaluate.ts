import type { AnyEngine, Dataset, Layer, Loss, Metric, NDArray } from "@tenon/contracts";
import { badArgument, breather, known, whole } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkRun } from "./internal/checkRun.js";
import { checkDataset } from "./internal/checkData.js";
import { endOfRun } from "./internal/endOfRun.js";
import { explained } from "./internal/explained.js";
import { inFlight } from "./internal/inFlight.js";
import { lossProgram, type LossProgram } from "./internal/lossProgram.js";
import { counted, noTally, scoresOf } from "./internal/tally.js";
import type { Weights } from "./predictor.js";

export interface EvaluateOptions extends Weights {
  readonly data: Dataset;
  readonly loss: Loss<Tensor>;
  /** @defaultValue none */
  readonly metrics?: readonly Metric[];
  /** @defaultValue 256 */
  readonly batchSize?: number;
  /** What computes, such as `await wasm()`. */
  readonly engine: AnyEngine<Tensor>;
  /** Called with each batch's predictions and targets, in order. */
  readonly observe?: (predictions: NDArray, targets: NDArray) => void;
}

/** Values by name: `loss`, and one for each metric. */
export type Scores = Readonly<Record<string, number>>;

/**
 * How well a model does on a dataset: its loss, and each metric, whatever the size of the batches.
 *
 * The loss is what it would be of one batch that holds all, if it is a loss of `@tenon/losses`, a
 * mean over examples, or declared by `average` or `total` of `@tenon/tensor`, or if it is made of
 * these by adding, subtracting, and multiplying or dividing by constants. Any other loss, such as
 * `a.sum()`, is weighted by examples. It lets timers and the page have a turn every 50 ms.
 *
 * @throws if the model or an option makes no sense, or the dataset is empty
 */
export async function evaluate(model: Layer<Tensor>, options: EvaluateOptions): Promise<Scores> {
  const { engine, loss, ...rest } = known(
    "evaluate",
    options,
    "params stats data loss metrics batchSize engine observe",
    endOfRun,
  );
  const { params, stats, data, metrics, batchSize, observe } = rest;
  checkRun("evaluate", { model, loss, params, stats, metrics, observe, engine });
  checkDataset("evaluate", "data", data);
  if (batchSize !== undefined) whole("evaluate", "batchSize", batchSize, 1);
  return score(lossProgram(model, loss, engine), rest);
}

interface ScoreOptions extends Omit<EvaluateOptions, "loss" | "engine"> {
  /** What errors about the examples say. @defaultValue "evaluate" */
  readonly who?: string;
  /** Ends it after the batch under way: the scores are of those so far. */
  readonly signal?: { readonly aborted: boolean } | undefined;
}

/** The same with a program that is kept between evaluations. */
export async function score(program: LossProgram, options: ScoreOptions): Promise<Scores> {
  const { who = "evaluate", params, stats = {}, data, metrics = [], observe, signal } = options;
  const { batchSize = 256 } = options;
  const { limit } = program;
  let tally = noTally(metrics);
  const breathe = breather();
  await program.load({ params, stats });
  const batches = data.batches({ batchSize, reuse: limit === 1 });
  const steps = inFlight(who, batches, limit, (batch) => ({
    batch,
    outputs: explained(who, batch, () => program.step(batch)),
  }));
  for await (const { batch, outputs } of steps) {
    const scored = await outputs;
    tally = counted(tally, scored, metrics, batch);
    observe?.(scored.predictions, batch.y);
    await breathe();
    if (signal?.aborted) break;
  }
  if (tally.examples === 0) throw badArgument(who, "at least one example", "an empty dataset");
  return scoresOf(tally, metrics);
}
