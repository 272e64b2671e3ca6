import type { Metric, NDArray } from "@tenon/contracts";
import { checkArrays } from "./internal/check.js";
import { meanOfValues, type MeanState } from "./internal/meanOf.js";

export type { MeanState };

/** A metric of one stream of values; targets are ignored. */
export interface StreamMetric extends Metric<MeanState> {
  update(state: MeanState, values: NDArray, targets?: NDArray, weights?: NDArray): MeanState;
}

/**
 * The mean of all values, of any shape. The sum is exact and rounded once, so that
 * order and batches do not matter.
 *
 * Σ w x / Σ w, with weights w of examples; NaN before the first value.
 */
export const mean: StreamMetric = /* @__PURE__ */ meanOfValues("mean", (values) => {
  checkArrays("mean", ["predictions", values]);
  return { shape: values.shape, at: (i) => values.data[i] };
}) as StreamMetric;
