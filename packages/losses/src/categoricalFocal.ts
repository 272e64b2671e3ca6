import { known } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import { checkNotNegative, checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import { weighted } from "./internal/weighted.js";
import type { ReductionOptions } from "./reduction.js";

export interface CategoricalFocalOptions extends ReductionOptions {
  /** The larger, the less easy examples count; 0 is the cross entropy. @defaultValue 2 */
  readonly gamma?: number;
  /** A factor of all losses; Keras has 0.25. @defaultValue 1 */
  readonly alpha?: number;
}

/**
 * A cross entropy in which sure and right guesses hardly count: −α Σ t (1 − p)^γ log p, with p =
 * softmax(logits), over the last axis.
 *
 * Lin et al. (2017), Focal loss for dense object detection, eqs. 4 and 5, for several classes.
 * arXiv:1708.02002
 *
 * @param logits `[…, classes]`, before any softmax
 * @param targets of the same shape: one-hot, or a probability for each class
 * @returns a scalar; with `reduction: "none"`, the losses without the last axis
 */
export function categoricalFocal(
  logits: Tensor,
  targets: Tensor,
  options: CategoricalFocalOptions = {},
): Tensor {
  const {
    gamma = 2,
    alpha = 1,
    reduction,
  } = known("categoricalFocal", options, "gamma alpha reduction");
  checkSame("categoricalFocal", logits, targets);
  checkNotNegative("categoricalFocal", "gamma", gamma);
  checkNotNegative("categoricalFocal", "alpha", alpha);
  const logs = logits.logSoftmax();
  const surprise = weighted(targets, logs.neg());
  if (gamma === 0) return reduce("categoricalFocal", surprise.sum(-1).mul(alpha), reduction);
  const wrong = logs.expm1().neg();
  // The power's own gradient at 0 is infinite where γ < 1.
  const sure = wrong.equal(0);
  const factor = where(sure, 0, where(sure, 1, wrong).pow(gamma));
  return reduce("categoricalFocal", surprise.mul(factor).sum(-1).mul(alpha), reduction);
}
