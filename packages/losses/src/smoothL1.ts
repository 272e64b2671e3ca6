import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { huber } from "./huber.js";
import { checkNotNegative, checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import { mae } from "./mae.js";
import type { ReductionOptions } from "./reduction.js";

export interface SmoothL1Options extends ReductionOptions {
  /**
   * The error at which the parabola becomes a line; with 0 there is no parabola, and it is `mae`.
   * @defaultValue 1
   */
  readonly beta?: number;
}

/**
 * The absolute error with its tip rounded off: with d = x − t, ½ d² / β where |d| ≤ β, |d| − ½ β
 * beyond. It is `huber` / β.
 *
 * Girshick (2015), Fast R-CNN, eq. 3. arXiv:1504.08083
 *
 * @param targets of the predictions' shape
 * @returns a scalar; with `reduction: "none"`, the losses in the predictions' shape
 */
export function smoothL1(
  predictions: Tensor,
  targets: Tensor,
  options: SmoothL1Options = {},
): Tensor {
  const { beta = 1, reduction } = known("smoothL1", options, "beta reduction");
  checkSame("smoothL1", predictions, targets);
  checkNotNegative("smoothL1", "beta", beta);
  const each = { reduction: "none" } as const;
  if (beta === 0) return reduce("smoothL1", mae(predictions, targets, each), reduction);
  return reduce(
    "smoothL1",
    huber(predictions, targets, { ...each, delta: beta }).div(beta),
    reduction,
  );
}
