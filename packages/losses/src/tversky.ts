import { inNameOf, known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkNotNegative, checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface OverlapOptions extends ReductionOptions {
  /**
   * The axes that one overlap is computed over; the losses of the other axes are reduced.
   * @defaultValue all axes
   */
  readonly axes?: readonly number[];
  /** Added above and below the line; above 0, two empty sets overlap wholly. @defaultValue 0 */
  readonly smooth?: number;
  /** Added below the line, so that nothing is divided by 0. @defaultValue 1e-7 */
  readonly epsilon?: number;
}

export interface TverskyOptions extends OverlapOptions {
  /** How much false positives count. @defaultValue 0.5 */
  readonly alpha?: number;
  /** How much false negatives count. @defaultValue 0.5 */
  readonly beta?: number;
}

/**
 * One minus how much a predicted and a true set overlap, false positives and false negatives each
 * with a weight: 1 − (Σ p t + s) / (Σ p t + α Σ p (1 − t) + β Σ (1 − p) t + s + ε).
 *
 * Salehi et al. (2017), Tversky loss function for image segmentation. arXiv:1706.05721
 *
 * @param probabilities of any shape, in [0, 1]
 * @param targets of the same shape, 0 or 1
 * @returns a scalar; with `axes` and `reduction: "none"`, the losses of the other axes
 */
export function tversky(
  probabilities: Tensor,
  targets: Tensor,
  options: TverskyOptions = {},
): Tensor {
  const {
    alpha = 0.5,
    beta = 0.5,
    axes,
    smooth = 0,
    epsilon = 1e-7,
    reduction,
  } = known("tversky", options, "alpha beta axes smooth epsilon reduction");
  checkSame("tversky", probabilities, targets);
  checkNotNegative("tversky", "alpha", alpha);
  checkNotNegative("tversky", "beta", beta);
  checkOverlap("tversky", smooth, epsilon);
  const sum = (x: Tensor): Tensor => inNameOf("tversky", () => x.sum(axes));
  const both = sum(probabilities.mul(targets));
  const falsePositives = sum(probabilities.mul(targets.neg().add(1)));
  const falseNegatives = sum(probabilities.neg().add(1).mul(targets));
  const all = both.add(falsePositives.mul(alpha)).add(falseNegatives.mul(beta));
  return reduce("tversky", overlapLoss(both, all, smooth, epsilon), reduction);
}

/**
 * One minus Dice's coefficient of a predicted and a true set: 1 − (2 Σ p t + s) / (Σ p + Σ t + s +
 * ε).
 *
 * Milletari et al. (2016), V-Net, section 3, whose sums below the line are squared.
 * arXiv:1606.04797
 *
 * @param probabilities of any shape, in [0, 1]
 * @param targets of the same shape, 0 or 1
 * @returns a scalar; with `axes` and `reduction: "none"`, the losses of the other axes
 */
export function dice(probabilities: Tensor, targets: Tensor, options: OverlapOptions = {}): Tensor {
  const {
    axes,
    smooth = 0,
    epsilon = 1e-7,
    reduction,
  } = known("dice", options, "axes smooth epsilon reduction");
  checkSame("dice", probabilities, targets);
  checkOverlap("dice", smooth, epsilon);
  const sum = (x: Tensor): Tensor => inNameOf("dice", () => x.sum(axes));
  const both = sum(probabilities.mul(targets)).mul(2);
  const all = sum(probabilities).add(sum(targets));
  return reduce("dice", overlapLoss(both, all, smooth, epsilon), reduction);
}

function checkOverlap(name: string, smooth: number, epsilon: number): void {
  checkNotNegative(name, "smooth", smooth);
  checkNotNegative(name, "epsilon", epsilon);
}

const overlapLoss = (both: Tensor, all: Tensor, smooth: number, epsilon: number): Tensor =>
  both
    .add(smooth)
    .div(all.add(smooth + epsilon))
    .neg()
    .add(1);
