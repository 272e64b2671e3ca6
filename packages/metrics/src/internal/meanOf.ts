import type { Metric, NDArray } from "@tenon/contracts";
import { checkSame } from "./check.js";
import { addedTo, noSum, total, type ExactSum } from "./exactSum.js";

/** A sum and how many values are in it. */
export type MeanState = { readonly sum: ExactSum; readonly count: number };

export const noMean: MeanState = { sum: noSum, count: 0 };

/** NaN before the first value. */
export function readMean({ sum, count }: MeanState): number {
  return count === 0 ? NaN : total(sum) / count;
}

/**
 * The mean of `each(prediction, target)`; `finish` is applied to the mean.
 */
export function meanOf(
  name: string,
  each: (prediction: number, target: number) => number,
  finish: (mean: number) => number = (mean) => mean,
): Metric<MeanState> {
  return {
    name,
    start: noMean,
    update(state: MeanState, predictions: NDArray, targets: NDArray): MeanState {
      checkSame(name, predictions, targets);
      const [p, t] = [predictions.data, targets.data];
      return {
        sum: addedTo(state.sum, p.length, (i) => each(p[i], t[i])),
        count: state.count + p.length,
      };
    },
    result: (state) => finish(readMean(state)),
  };
}

/** The mean of `each` over the rows (along the last axis) of predictions and targets. */
export function meanOfRows(
  name: string,
  each: (predictions: Row, targets: Row) => number,
): Metric<MeanState> {
  return {
    name,
    start: noMean,
    update(state: MeanState, predictions: NDArray, targets: NDArray): MeanState {
      checkSame(name, predictions, targets);
      const width = predictions.shape.at(-1) ?? 1;
      const rows = width === 0 ? 0 : predictions.data.length / width;
      const row = (array: NDArray, i: number): Row =>
        array.data.subarray(i * width, (i + 1) * width);
      return {
        sum: addedTo(state.sum, rows, (i) => each(row(predictions, i), row(targets, i))),
        count: state.count + rows,
      };
    },
    result: readMean,
  };
}

export type Row = NDArray["data"];
