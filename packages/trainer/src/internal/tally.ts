import type { Metric, NDArray } from "@tenon/contracts";
import type { Scores } from "../evaluate.js";
import type { Progress } from "../snapshot.js";

/** What a batch says of its loss: the loss, and how it is put together with those of other batches, where it says so. */
export interface BatchLoss {
  readonly loss: number;
  readonly total?: number;
  readonly weight?: number;
  /** What was added to the loss, of which `total` has nothing. */
  readonly penalty?: number;
}

/** The loss of the batches so far: Σ lossSum / Σ weight + the mean penalty. */
export type Tally = Pick<Progress, "examples" | "lossSum" | "weight" | "penaltySum" | "metrics">;

export function noTally(metrics: readonly Metric[]): Tally {
  return { examples: 0, lossSum: 0, weight: 0, penaltySum: 0, metrics: metrics.map((metric) => metric.start) };
}

/** The tally with a batch more. */
export function counted(at: Tally, { loss, total, weight, penalty = 0 }: BatchLoss, metrics: readonly Metric[], predictions: NDArray, targets: NDArray): Tally {
  const n = targets.shape[0]!, weighted = total !== undefined;
  return {
    examples: at.examples + n,
    lossSum: at.lossSum + (total ?? loss * n),
    weight: !weighted ? at.weight + n : weight === undefined ? 1 : at.weight + weight, // totals alone are added up
    penaltySum: at.penaltySum + (weighted ? penalty * n : 0),
    metrics: metrics.map((metric, i) => metric.update(at.metrics[i]!, predictions, targets)),
  };
}

/** The loss and each metric; NaN where nothing counted yet. */
export function scoresOf({ examples, lossSum, weight, penaltySum, metrics: states }: Tally, metrics: readonly Metric[]): Scores {
  const loss = weight === 0 ? NaN : lossSum / weight + (penaltySum === 0 ? 0 : penaltySum / examples);
  return { loss, ...Object.fromEntries(metrics.map((metric, i) => [metric.name, metric.result(states[i]!)])) };
}
