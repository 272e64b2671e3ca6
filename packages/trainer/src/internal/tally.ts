import type { Metric, NDArray } from "@tenon/contracts";
import type { Scores } from "../evaluate.js";
import type { Progress } from "../snapshot.js";

/**
 * What a step computes of a batch: its predictions, its loss, and the parts from which the loss is
 * put together with those of other batches, if it is.
 */
export interface ScoredBatch {
  readonly predictions: NDArray;
  readonly loss: number;
  readonly parts?: readonly { readonly total: number; readonly weight?: number }[];
  /** What is weighted by examples beside them. */
  readonly rest?: number;
}

/** The loss of the batches so far: the sum of total / weight over its parts. */
export type Tally = Pick<Progress, "examples" | "lossParts" | "metrics">;

export function noTally(metrics: readonly Metric[]): Tally {
  return { examples: 0, lossParts: [], metrics: metrics.map((metric) => metric.start) };
}

/** The tally with a batch more. */
export function counted(
  tally: Tally,
  { loss, parts, rest, predictions }: ScoredBatch,
  metrics: readonly Metric[],
  targets: NDArray,
): Tally {
  const n = targets.shape[0]!;
  const mean = parts ? rest : loss;
  const more = [...(parts ?? []), ...(mean === undefined ? [] : [{ total: mean * n, weight: n }])];
  return {
    examples: tally.examples + n,
    lossParts: more.map(({ total, weight }, i) => {
      const before = tally.lossParts[i] ?? { total: 0, weight: 0 };
      return {
        total: before.total + total,
        weight: weight === undefined ? 1 : before.weight + weight,
      }; // totals alone are added up
    }),
    metrics: metrics.map((metric, i) => metric.update(tally.metrics[i]!, predictions, targets)),
  };
}

/** The loss and each metric; NaN where nothing counted yet. */
export function scoresOf(
  { lossParts, metrics: states }: Tally,
  metrics: readonly Metric[],
): Scores {
  const loss =
    lossParts.length === 0
      ? NaN
      : lossParts
          .map(({ total, weight }) => (weight === 0 ? NaN : total / weight))
          .reduce((sum, part) => sum + part);
  return {
    loss,
    ...Object.fromEntries(metrics.map((metric, i) => [metric.name, metric.result(states[i]!)])),
  };
}
