import type { Tensor } from "@tenon/tensor";
import { binaryCrossEntropy, type BinaryCrossEntropyOptions } from "./binaryCrossEntropy.js";
import { checkNotNegative, checkSame, checkShare } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";

export interface BinaryFocalOptions extends Pick<BinaryCrossEntropyOptions, "reduction"> {
  /** The larger, the less easy examples count; 0 is the binary cross entropy. @defaultValue 2 */
  readonly gamma?: number;
  /** How much positives count against negatives, α : 1 − α. In [0, 1]. @defaultValue both count 1 */
  readonly alpha?: number;
}

/**
 * A binary cross entropy in which sure and right guesses hardly count: (1 − pₜ)^γ · −log pₜ, pₜ being the probability of the truth.
 *
 * Lin et al. (2017), Focal loss for dense object detection, eqs. 4 and 5. arXiv:1708.02002
 *
 * @param logits of any shape, before any sigmoid
 * @param targets of the same shape, 0 or 1
 * @returns a scalar; with `reduction: "none"`, the losses in the logits' shape
 */
export function binaryFocal(logits: Tensor, targets: Tensor, options: BinaryFocalOptions = {}): Tensor {
  const { gamma = 2, alpha, reduction } = options;
  checkSame("binaryFocal", logits, targets);
  checkNotNegative("binaryFocal", "gamma", gamma);
  if (alpha !== undefined) checkShare("binaryFocal", "alpha", alpha);
  // 1 − pₜ = p + t (1 − 2 p)
  const p = logits.sigmoid(), wrong = p.add(targets.mul(p.mul(-2).add(1)));
  const losses = binaryCrossEntropy(logits, targets, { reduction: "none" }).mul(wrong.pow(gamma));
  return reduce("binaryFocal", alpha === undefined ? losses : losses.mul(targets.mul(2 * alpha - 1).add(1 - alpha)), reduction);
}
