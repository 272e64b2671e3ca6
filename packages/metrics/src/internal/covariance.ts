import type { Metric, NDArray } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { checkingState } from "./checkingState.js";
import { checkSame } from "./check.js";
import { addedTo, noSum, total, type ExactSum } from "./exactSum.js";
import { weightsOf } from "./weights.js";

/**
 * The number of examples, or the sum of their weights, the first predictions and targets that
 * count, and by column the sums of Δp, Δt, Δp², Δt² and Δp Δt, the distances from the first.
 */
export type CovarianceState = {
  readonly count: number;
  readonly first: readonly (readonly [prediction: number, target: number])[];
  readonly sums: readonly (readonly ExactSum[])[];
};

/** Of one column: means, variances and the covariance of predictions p and targets t. */
export interface Moments {
  readonly means: readonly [p: number, t: number];
  readonly variances: readonly [p: number, t: number];
  readonly covariance: number;
}

const terms: readonly ((p: number, t: number) => number)[] = [
  (p) => p,
  (_, t) => t,
  (p) => p * p,
  (_, t) => t * t,
  (p, t) => p * t,
];

/**
 * A metric of the moments of predictions and targets: the mean over the columns of [n, columns].
 */
export const fromMoments = (
  name: string,
  score: (moments: Moments) => number,
): Metric<CovarianceState> =>
  checkingState({
    name,
    start: { count: 0, first: [], sums: [] },
    update(state: CovarianceState, predictions: NDArray, targets: NDArray, weights?: NDArray) {
      checkSame(name, predictions, targets);
      const [p, t] = [predictions.data, targets.data];
      const rows = targets.shape[0] ?? 1;
      if (rows === 0) return state;
      const columns = t.length / rows;
      if (state.first.length > 0 && columns !== state.first.length)
        throw badArgument(name, `${state.first.length} columns as in the batches before`, columns);
      const weight = weightsOf(name, weights, [rows]);
      let begin = 0;
      while (begin < rows && weight(begin) === 0) begin++;
      if (begin === rows) return state;
      const first =
        state.first.length > 0
          ? state.first
          : Array.from({ length: columns }, (_, column) => {
              const i = begin * columns + column;
              return [p[i], t[i]] as const;
            });
      let { count } = state;
      for (let row = 0; row < rows; row++) count += weight(row);
      const sums = first.map(([p0, t0], column) =>
        terms.map((term, k) =>
          addedTo(state.sums[column]?.[k] ?? noSum, rows, (row) => {
            const i = row * columns + column;
            return weight(row) && weight(row) * term(p[i] - p0, t[i] - t0);
          }),
        ),
      );
      return { count, first, sums };
    },
    result({ count, first, sums }: CovarianceState): number {
      const scores = first.map(([p0, t0], column) => {
        const [p, t, pp, tt, pt] = sums[column].map((sum) => total(sum) / count) as [
          ...[number, number, number, number, number],
        ];
        return score({
          means: [p0 + p, t0 + t],
          variances: [pp - p * p, tt - t * t],
          covariance: pt - p * t,
        });
      });
      return scores.reduce((a, b) => a + b, 0) / scores.length;
    },
  });
