import type { Metric, NDArray, Shape } from "@tenon/contracts";
import { checkingState } from "./checkingState.js";
import { sizeOf } from "@tenon/guards";
import { checkSame } from "./check.js";
import { addedTo, noSum, total, type ExactSum } from "./exactSum.js";
import { weightsOf } from "./weights.js";

/** A sum and how many values are in it; with weights of examples, the sum of theirs. */
export type MeanState = { readonly sum: ExactSum; readonly count: number };

/** The values of a batch: their shape, which starts with the axis of examples, and each of them. */
export interface Values {
  readonly shape: Shape;
  readonly at: (i: number) => number;
}

/** The mean of the values of all batches, Σ w v / Σ w; `finish` is applied to it. */
export function meanOfValues(
  name: string,
  valuesOf: (predictions: NDArray, targets: NDArray) => Values,
  finish: (mean: number) => number = (mean) => mean,
): Metric<MeanState> {
  return checkingState({
    name,
    start: { sum: noSum, count: 0 },
    update(state: MeanState, predictions: NDArray, targets: NDArray, weights?: NDArray): MeanState {
      const { shape, at } = valuesOf(predictions, targets);
      const weight = weightsOf(name, weights, shape);
      let { count } = state;
      const sum = addedTo(state.sum, sizeOf(shape), (i) => {
        const w = weight(i);
        count += w;
        return w === 0 ? 0 : w * at(i);
      });
      return { sum, count };
    },
    result: ({ sum, count }) => finish(count === 0 ? NaN : total(sum) / count),
  });
}

/** The mean of `each(prediction, target)`; `finish` is applied to the mean. */
export function meanOf(
  name: string,
  each: (prediction: number, target: number) => number,
  finish?: (mean: number) => number,
): Metric<MeanState> {
  const valuesOf = (predictions: NDArray, targets: NDArray): Values => {
    checkSame(name, predictions, targets);
    const [p, t] = [predictions.data, targets.data];
    return { shape: predictions.shape, at: (i) => each(p[i], t[i]) };
  };
  return meanOfValues(name, valuesOf, finish);
}

/** The mean of `each` over the rows (along the last axis) of predictions and targets. */
export function meanOfRows(
  name: string,
  each: (predictions: Row, targets: Row) => number,
): Metric<MeanState> {
  return meanOfValues(name, (predictions, targets) => {
    checkSame(name, predictions, targets);
    const width = predictions.shape.at(-1) ?? 1;
    const row = (array: NDArray, i: number): Row => array.data.subarray(i * width, (i + 1) * width);
    return {
      shape: width === 0 ? [0] : predictions.shape.slice(0, -1),
      at: (i) => each(row(predictions, i), row(targets, i)),
    };
  });
}

export type Row = NDArray["data"];
