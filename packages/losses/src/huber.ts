import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkPositive, checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface HuberOptions extends ReductionOptions {
  /** The error at which the parabola becomes a line. @defaultValue 1 */
  readonly delta?: number;
}

/**
 * Squared near the target, straight far from it: with d = x − t, ½ d² where |d| ≤ δ, δ (|d| − ½ δ)
 * beyond.
 *
 * Computed as c (d − ½ c) with c = d held in [−δ, δ], which is also its gradient.
 *
 * Huber (1964), Robust estimation of a location parameter. Annals of Mathematical Statistics 35
 *
 * @param targets of the predictions' shape
 * @returns a scalar; with `reduction: "none"`, the losses in the predictions' shape
 */
export function huber(predictions: Tensor, targets: Tensor, options: HuberOptions = {}): Tensor {
  const { delta = 1, reduction } = known("huber", options, "delta reduction");
  checkSame("huber", predictions, targets);
  checkPositive("huber", "delta", delta);
  const d = predictions.sub(targets);
  const c = d.clamp(-delta, delta);
  return reduce("huber", c.mul(d.sub(c.mul(0.5))), reduction);
}
