import type {
  AnyEngine,
  Batch,
  Dataset,
  Layer,
  Loss,
  Metric,
  Pass,
  Penalty,
  Transform,
} from "@tenon/contracts";
import { addEvent, type RunEvent } from "./addEvent.js";
import type { Finding } from "./finding.js";
import { checked } from "./internal/checked.js";
import { conclude, signsOfOneBatch } from "./internal/conclude.js";
import { mean } from "./internal/numbers.js";
import { newRecord, type RunRecord } from "./record.js";
import { setupOf } from "./setupOf.js";

/**
 * What is asked of `fit`: a function that trains and yields events. `fit` of the trainer is one.
 */
export type Fit<T, O> = (model: Layer<T>, options: FitOptions<T, O>) => AsyncIterable<RunEvent>;

/** The options with which `fit` is called. */
export interface FitOptions<T, O> {
  readonly train: Dataset;
  readonly loss: Loss<T>;
  readonly optimizer: Transform;
  readonly penalties: readonly Penalty[];
  readonly metrics: readonly Metric[];
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly engine: AnyEngine<T>;
  /** What `statistics` gives. */
  readonly observe: O;
}

/** What is to be checked, and with what. */
export interface CheckOptions<T, O> {
  /** `fit` of the trainer, or a function like it. */
  readonly fit: Fit<T, O>;
  /** `statistics` of the trainer: what `fit` needs to observe each step. */
  readonly statistics: () => O;
  readonly model: Layer<T>;
  readonly train: Dataset;
  readonly loss: Loss<T>;
  readonly optimizer: Transform;
  /** @defaultValue none */
  readonly penalties?: readonly Penalty[];
  /** @defaultValue none; a batch whose `accuracy` is 1 is learnt, whatever the loss */
  readonly metrics?: readonly Metric[];
  /** Tenon's name of the loss, where it is wrapped in another function. @defaultValue its name */
  readonly lossName?: string;
  /** @defaultValue 32 */
  readonly batchSize?: number;
  /** @defaultValue 0 */
  readonly seed?: number;
  /** What `fit` computes with. */
  readonly engine: AnyEngine<T>;
  /** How many steps one batch may take to be learnt. @defaultValue 200 */
  readonly steps?: number;
  /** The batch is learnt if its loss is at most this fraction of the first. @defaultValue 0.1 */
  readonly fraction?: number;
  /**
   * The lowest loss there can be: of label smoothing ε among C classes, the entropy of the smoothed
   * targets. @defaultValue 0
   */
  readonly floor?: number;
}

export interface OneBatchResult {
  /** Whether the batch was learnt by heart. */
  readonly learnt: boolean;
  /**
   * Whether it was not learnt yet, but the loss was still falling clearly: the run was too short to
   * tell.
   */
  readonly falling: boolean;
  /** The loss before the first step, and after the last. */
  readonly first: number;
  readonly last: number;
  readonly steps: number;
  /** Nothing if it was learnt or the loss was still falling; else what stands in the way. */
  readonly findings: readonly Finding[];
  readonly record: RunRecord;
}

/**
 * Trains on one batch until the network has learnt it by heart. A network that has enough
 * parameters can do that; where the loss does not even fall, there is a mistake. It takes seconds
 * and finds most of them.
 *
 * The run has the model's own optimizer and batch size. Dropout drops nothing in it: a mask that
 * changes at every step would hide whether the batch is known, so random draws are 1, which keeps
 * all elements (scaled by 1 / (1 − rate), as those that a mask keeps are). The batch is learnt if
 * loss − floor ≤ fraction · (first loss − floor), or a metric `accuracy` is 1. It still falls if in
 * the last quarter of the steps the mean of loss − floor is at most 0.99 of that in the quarter
 * before: a low learning rate is no mistake.
 *
 * Karpathy (2019), A recipe for training neural networks:
 * https://karpathy.github.io/2019/04/25/recipe/
 *
 * @throws RangeError if an option makes no sense, and as `fit` does
 */
export async function overfitOneBatch<T extends { mul(b: number): T; add(b: number): T }, O>(
  options: CheckOptions<T, O>,
): Promise<OneBatchResult> {
  const checkedOptions = checked("overfitOneBatch", options);
  const { fit, statistics, model, train, loss, optimizer, engine } = checkedOptions;
  const { steps, fraction, floor, penalties, metrics, lossName, seed } = checkedOptions;
  const batch = await firstBatch(train, checkedOptions.batchSize, seed);
  const only = datasetOf(batch, train);
  const batchSize = only.size;
  const setup = setupOf(model, {
    ...{ input: train.x.shape, loss: lossName, optimizer, penalties, batchSize, train: only },
  });
  let record = newRecord({ setup });
  const losses: number[] = [];
  let learnt = false;
  const run = fit(withoutDropout(model), {
    ...{ train: only, loss, optimizer, penalties, metrics, epochs: steps, batchSize, seed, engine },
    observe: statistics(),
  });
  for await (const event of run) {
    record = addEvent(record, event);
    if (event.type === "step") losses.push(event.loss);
    if (event.type !== "epoch") continue;
    const first = record.losses.first[0] ?? NaN;
    const near = losses.at(-1)! - floor <= fraction * (first - floor);
    learnt = near || event.train["accuracy"] === 1;
    if (learnt) break;
  }
  const first = record.losses.first[0] ?? NaN;
  const falling = !learnt && stillFalls(losses, floor);
  const ended = { learnt, falling, first, last: losses.at(-1) ?? NaN, steps: losses.length };
  record = { ...record, oneBatch: ended };
  return { ...ended, findings: conclude(signsOfOneBatch(record)), record };
}

/** The loss still falls if a quarter of the steps leaves at most this fraction of it. */
const clearly = 0.99;

function stillFalls(losses: readonly number[], floor: number): boolean {
  const quarter = Math.floor(losses.length / 4);
  if (quarter === 0) return false;
  const now = mean(losses.slice(-quarter));
  const before = mean(losses.slice(-2 * quarter, -quarter));
  return now - floor <= clearly * (before - floor) && now < losses[0]!;
}

/** The first batch of a dataset, shuffled by the seed. */
async function firstBatch(train: Dataset, batchSize: number, seed: number): Promise<Batch> {
  const size = Math.min(batchSize, train.size);
  for await (const batch of train.batches({ batchSize: size, seed }) as AsyncIterable<Batch>)
    return batch;
  throw new Error("overfitOneBatch: expected at least one batch, got none");
}

/** A dataset of one batch. */
function datasetOf(batch: Batch, { x, y }: Dataset): Dataset {
  return {
    size: batch.x.shape[0]!,
    x,
    y,
    *batches({ from = 0 }) {
      if (from === 0) yield batch;
    },
  };
}

/** The model with random draws that are all 1. */
function withoutDropout<T extends { mul(b: number): T; add(b: number): T }>(
  model: Layer<T>,
): Layer<T> {
  return { ...model, forward: (x, pass) => model.forward(x, certain(pass)) };
}

function certain<T extends { mul(b: number): T; add(b: number): T }>(pass: Pass<T>): Pass<T> {
  return {
    ...pass,
    part: (path) => certain(pass.part(path)),
    draw: (shape, by) => pass.draw(shape, by).mul(0).add(1),
  };
}
