import type { Batch, Metric, NDArray } from "@tenon/contracts";
import type { Scores } from "../evaluate.js";
import type { Progress } from "../snapshot.js";

/** What a step gives of a batch: `LossParts` with the predictions. */
export interface LossOutputs {
  readonly predictions: NDArray;
  readonly loss: NDArray;
  readonly parts?: Readonly<Record<string, { readonly total: NDArray; readonly weight?: NDArray }>>;
  readonly rest?: NDArray;
}

/** The loss of the batches so far: the sum of total / weight over its parts. */
export type Tally = Pick<Progress, "examples" | "lossParts" | "metrics">;

export function noTally(metrics: readonly Metric[]): Tally {
  return { examples: 0, lossParts: [], metrics: metrics.map((metric) => metric.start) };
}

/** The only value of a scalar. */
export const valueOf = ({ data }: NDArray): number => data[0]!;

/** The tally with a batch more. */
export function counted(
  tally: Tally,
  { loss, parts, rest, predictions }: LossOutputs,
  metrics: readonly Metric[],
  { y, weights }: Pick<Batch, "y" | "weights">,
): Tally {
  const n = y.shape[0]!;
  const added = Object.values(parts ?? {}).map(({ total, weight }) => ({
    total: valueOf(total),
    weight: weight && valueOf(weight),
  }));
  const mean = parts ? rest : loss;
  if (mean) added.push({ total: valueOf(mean) * n, weight: n });
  return {
    examples: tally.examples + n,
    lossParts: added.map(({ total, weight }, i) => {
      const before = tally.lossParts[i] ?? { total: 0, weight: 0 };
      return {
        total: before.total + total,
        weight: weight === undefined ? 1 : before.weight + weight, // totals alone are added up
      };
    }),
    metrics: metrics.map((metric, i) => metric.update(tally.metrics[i]!, predictions, y, weights)),
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
