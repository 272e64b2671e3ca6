import { known } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import { checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

/**
 * A binary loss whose probabilities become exactly 0 and 1: with z = −x where t is 1 and x where it
 * is 0, 0 for z ≤ −1, z for z ≥ 1, and (z + 1)² / 4 between.
 *
 * Martins & Astudillo (2016), From softmax to sparsemax, section 3, for two classes.
 * arXiv:1602.02068
 *
 * @param logits of any shape
 * @param targets of the same shape, 0 or 1
 * @returns a scalar; with `reduction: "none"`, the losses in the logits' shape
 */
export function binarySparsemax(
  logits: Tensor,
  targets: Tensor,
  options: ReductionOptions = {},
): Tensor {
  const { reduction } = known("binarySparsemax", options, "reduction");
  checkSame("binarySparsemax", logits, targets);
  const z = where(targets.greater(0.5), logits.neg(), logits);
  // (c + 1)² / 4 + (z − c) with c = z held in [−1, 1] is the parabola, then the line.
  const held = z.clamp(-1, 1);
  const parabola = held.add(1).square().mul(0.25);
  return reduce("binarySparsemax", parabola.add(z.sub(held).relu()), reduction);
}
