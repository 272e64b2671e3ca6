import { tensor, type Tensor } from "@tenon/tensor";
import { checkSame, checkShare, show } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import { softplus } from "./internal/softplus.js";
import type { ReductionOptions } from "./reduction.js";

export interface BinaryCrossEntropyOptions extends ReductionOptions {
  /** How much a positive target counts: one number, or one for each entry of the last axis. @defaultValue 1 */
  readonly posWeight?: number | readonly number[];
  /** The share ε of each target that is drawn to the middle: (1 − ε) t + ε / 2. In [0, 1]. @defaultValue 0 */
  readonly labelSmoothing?: number;
}

/**
 * How surprised many yes-or-no guesses are by the answers: −t log p − (1 − t) log(1 − p), with p = sigmoid(logits).
 *
 * Computed as log(1 + eˣ) − t x, which does not overflow. Its slope is (p − t) / n.
 *
 * @param logits of any shape, before any sigmoid
 * @param targets of the same shape, in [0, 1]
 * @returns a scalar; with `reduction: "none"`, the losses in the logits' shape
 */
export function binaryCrossEntropy(logits: Tensor, targets: Tensor, options: BinaryCrossEntropyOptions = {}): Tensor {
  const { posWeight = 1, labelSmoothing = 0, reduction } = options;
  checkSame("binaryCrossEntropy", logits, targets);
  checkShare("binaryCrossEntropy", "labelSmoothing", labelSmoothing);
  const list = typeof posWeight === "number" ? [posWeight] : posWeight;
  if (!list.every((w) => w >= 0 && w < Infinity) || (typeof posWeight !== "number" && list.length !== logits.shape[logits.shape.length - 1]))
    throw new Error(`binaryCrossEntropy: expected posWeight as a finite number ≥ 0, or as many as the last axis of ${show(logits.shape)} has, got ${show(list)}`);
  const t = labelSmoothing > 0 ? targets.mul(1 - labelSmoothing).add(labelSmoothing / 2) : targets;
  if (list.every((w) => w === 1)) return reduce("binaryCrossEntropy", softplus(logits).sub(t.mul(logits)), reduction);
  // −w t log p − (1 − t) log(1 − p) = (1 − t) x + (1 + (w − 1) t) log(1 + e⁻ˣ)
  const extra = typeof posWeight === "number" ? t.mul(posWeight - 1) : t.mul(tensor(list).sub(1));
  const losses = logits.sub(t.mul(logits)).add(extra.add(1).mul(softplus(logits.neg())));
  return reduce("binaryCrossEntropy", losses, reduction);
}
