import type { Metric, NDArray } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { checkingState } from "./internal/checkingState.js";
import { checkSame } from "./internal/check.js";
import { weightsOf } from "./internal/weights.js";
import { addedTo, noSum, total, type ExactSum } from "./internal/exactSum.js";

/**
 * The number of examples, or the sum of their weights. By column: Σ(t − first)², Σ(t − first) and
 * Σ(t − p)², each with the weights; the first targets keep the squares small.
 */
export type R2State = {
  readonly count: number;
  readonly first: readonly number[];
  readonly squares: readonly ExactSum[];
  readonly sums: readonly ExactSum[];
  readonly errors: readonly ExactSum[];
};

/**
 * The fraction of the targets' variance that the predictions explain: 1 is all, 0 what their mean
 * explains.
 *
 * 1 − Σ(t − p)² / Σ(t − t̄)² for each column of [n, columns] (or [n]), and then the columns' mean.
 * NaN before the first example, and where a column of targets is constant. Throws where shapes, or
 * the columns of two batches, differ.
 */
export const r2Score: Metric<R2State> = /* @__PURE__ */ checkingState({
  name: "r2Score",
  start: { count: 0, first: [], squares: [], sums: [], errors: [] },
  update(state: R2State, predictions: NDArray, targets: NDArray, weights?: NDArray): R2State {
    checkSame("r2Score", predictions, targets);
    const [p, t] = [predictions.data, targets.data];
    const rows = targets.shape[0] ?? 1;
    if (rows === 0) return state;
    const columns = t.length / rows;
    const first = state.first.length === 0 ? Array.from(t.subarray(0, columns)) : state.first;
    if (columns !== first.length)
      throw badArgument("r2Score", `${first.length} columns as in the batches before`, columns);
    const weight = weightsOf("r2Score", weights, [rows]);
    let { count } = state;
    for (let row = 0; row < rows; row++) count += weight(row);
    const each = (
      sums: readonly ExactSum[],
      valueAt: (place: number, column: number) => number,
    ): ExactSum[] =>
      first.map((_, column) =>
        addedTo(
          sums[column] ?? noSum,
          rows,
          (row) => weight(row) && weight(row) * valueAt(row * columns + column, column),
        ),
      );
    return {
      count,
      first,
      squares: each(state.squares, (i, column) => (t[i] - first[column]) ** 2),
      sums: each(state.sums, (i, column) => t[i] - first[column]),
      errors: each(state.errors, (i) => (t[i] - p[i]) ** 2),
    };
  },
  result({ count, first, squares, sums, errors }: R2State): number {
    const scores = first.map((_, column) => {
      const sumOfSquares = total(squares[column]) - total(sums[column]) ** 2 / count;
      return sumOfSquares > 0 ? 1 - total(errors[column]) / sumOfSquares : NaN;
    });
    return scores.reduce((a, b) => a + b, 0) / scores.length;
  },
});
