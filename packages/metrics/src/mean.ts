import type { Metric, NDArray } from "@tenon/contracts";
import { checkArrays } from "./internal/check.js";
import { addedTo } from "./internal/exactSum.js";
import { noMean, readMean, type MeanState } from "./internal/meanOf.js";

export type { MeanState };

/** A metric of one stream of values; targets are ignored. */
export interface StreamMetric extends Metric<MeanState> {
  update(state: MeanState, values: NDArray, targets?: NDArray): MeanState;
}

/**
 * The mean of all values, of any shape. The sum is exact and rounded once, so that
 * order and batches do not matter.
 *
 * Σx / n; NaN before the first value.
 */
export const mean: StreamMetric = {
  name: "mean",
  start: noMean,
  update(state, values) {
    checkArrays("mean", values);
    const { data } = values;
    return {
      sum: addedTo(state.sum, data.length, (i) => data[i]),
      count: state.count + data.length,
    };
  },
  result: readMean,
};
