import type { Batch, BatchOptions, Dataset } from "@tenon/contracts";
import { addEvent } from "./addEvent.js";
import { examine } from "./examine.js";
import type { Finding } from "./finding.js";
import { measure } from "./measure.js";
import { rules } from "./rules.js";
import { conclude, signsOf, signsOfOneBatch } from "./internal/conclude.js";
import { checked } from "./internal/checked.js";
import { overfitOneBatch, type CheckOptions, type OneBatchResult } from "./overfitOneBatch.js";
import { newRecord, type RunRecord } from "./record.js";
import { setupOf } from "./setupOf.js";

export interface SetupReport {
  /** What was found, the causes and the severe ones first. Empty if all is well. */
  readonly findings: readonly Finding[];
  /** Of the set-up, the data and the first steps. */
  readonly record: RunRecord;
  /**
   * How learning one batch by heart went. Absent where `fit` refused to train, because of what was
   * found.
   */
  readonly oneBatch?: OneBatchResult;
}

/** How many steps show which parameters gradients reach. */
const firstSteps = 4;

/**
 * The checks that a careful person makes before training: whether loss and last layer fit, how the
 * inputs are scaled and the labels distributed, what decays, the loss at the start, the spread from
 * layer to layer, whether gradients reach every parameter, and whether one batch can be learnt by
 * heart.
 *
 * It reads at most 2048 examples, trains four steps, then at most `steps` on one batch. The model
 * itself is not changed.
 *
 * @throws RangeError if an option makes no sense, and as `fit` does
 */
export async function checkSetup<T extends { mul(b: number): T; add(b: number): T }, O>(
  options: CheckOptions<T, O>,
): Promise<SetupReport> {
  const checkedOptions = checked("checkSetup", options);
  const { fit, statistics, model, train, loss, optimizer, engine } = checkedOptions;
  const { batchSize, seed, penalties, metrics, lossName } = checkedOptions;
  const setup = setupOf(model, {
    ...{ input: train.x.shape, loss: lossName, optimizer, penalties, batchSize, train },
  });
  const before = newRecord({ setup, data: await measure(train, { seed }) });
  const few = firstBatches(train, Math.min(train.size, firstSteps * batchSize));
  let record = before;
  try {
    const run = fit(model, {
      ...{ train: few, loss, optimizer, penalties, metrics, epochs: 1, batchSize, seed, engine },
      observe: statistics(),
    });
    for await (const event of run)
      if (event.type !== "epoch" && event.type !== "start") record = addEvent(record, event);
  } catch (error) {
    // Labels that are no class make `fit` throw; then that has been found.
    const findings = examine(before);
    if (findings.some(({ severity }) => severity === "error")) return { findings, record: before };
    throw error;
  }
  const oneBatch = await overfitOneBatch(options);
  const { learnt, falling, first, last, steps } = oneBatch;
  record = { ...record, oneBatch: { learnt, falling, first, last, steps } };
  const signs = signsOf(record);
  // What only the run on one batch shows is found there.
  const others = signsOfOneBatch(oneBatch.record).filter(({ rule }) =>
    signs.every((said) => said.rule !== rule),
  );
  const all = rules.flatMap((rule) => [...signs, ...others].filter((said) => said.rule === rule));
  return { findings: conclude(all), record, oneBatch };
}

/** The first examples of a dataset's order. */
function firstBatches(train: Dataset, size: number): Dataset {
  return {
    size,
    x: train.x,
    y: train.y,
    async *batches(options: BatchOptions) {
      let left = size;
      for await (const batch of train.batches(options) as AsyncIterable<Batch>) {
        const count = batch.x.shape[0]!;
        if (count > left) return;
        left -= count;
        yield batch;
        if (left === 0) return;
      }
    },
  };
}
