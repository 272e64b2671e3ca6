import { known } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import { binaryCrossEntropy, type BinaryCrossEntropyOptions } from "./binaryCrossEntropy.js";
import { checkFraction, checkNotNegative, checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import { weighted } from "./internal/weighted.js";

export interface BinaryFocalOptions extends Pick<BinaryCrossEntropyOptions, "reduction"> {
  /** The larger, the less easy examples count; 0 is the binary cross entropy. @defaultValue 2 */
  readonly gamma?: number;
  /**
   * How much positives count against negatives, α : 1 − α. In [0, 1]. @defaultValue both count 1
   */
  readonly alpha?: number;
}

/**
 * A binary cross entropy in which sure and right guesses hardly count: (1 − pₜ)^γ · −log pₜ, pₜ
 * being the probability of the truth.
 *
 * Lin et al. (2017), Focal loss for dense object detection, eqs. 4 and 5. arXiv:1708.02002
 *
 * @param logits of any shape, before any sigmoid
 * @param targets of the same shape, 0 or 1
 * @returns a scalar; with `reduction: "none"`, the losses in the logits' shape
 */
export function binaryFocal(
  logits: Tensor,
  targets: Tensor,
  options: BinaryFocalOptions = {},
): Tensor {
  const { gamma = 2, alpha, reduction } = known("binaryFocal", options, "gamma alpha reduction");
  checkSame("binaryFocal", logits, targets);
  checkNotNegative("binaryFocal", "gamma", gamma);
  if (alpha !== undefined) checkFraction("binaryFocal", "alpha", alpha);
  // 1 − pₜ = (1 − t) p + t (1 − p), where 1 − p is sigmoid(−x): a difference would lose what is
  // left of a sure guess.
  const wrong = targets.neg().add(1).mul(logits.sigmoid()).add(targets.mul(logits.neg().sigmoid()));
  // The power's own gradient at 0 is infinite where γ < 1.
  const sure = wrong.equal(0);
  const factor = gamma === 0 ? undefined : where(sure, 0, where(sure, 1, wrong).pow(gamma));
  const surprise = binaryCrossEntropy(logits, targets, { reduction: "none" });
  // All of an infinite loss counts; a product would send back 0 · ∞.
  const endless = surprise.equal(Infinity);
  const losses = factor
    ? where(endless, surprise, where(endless, 0, surprise).mul(factor))
    : surprise;
  return reduce(
    "binaryFocal",
    alpha === undefined ? losses : weighted(targets.mul(2 * alpha - 1).add(1 - alpha), losses),
    reduction,
  );
}
