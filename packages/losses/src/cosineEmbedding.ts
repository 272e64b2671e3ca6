import { badArgument, isFiniteNumber, known, shown } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import { checkSameShapes, checkTargets } from "./internal/check.js";
import { cosine } from "./internal/cosine.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface CosineEmbeddingOptions extends ReductionOptions {
  /** The cosine up to which unlike vectors cost nothing. In [−1, 1]. @defaultValue 0 */
  readonly margin?: number;
}

/**
 * How far like vectors are from one direction, and unlike ones from different directions: 1 − cos
 * where t is 1, max(cos − margin, 0) where t is −1, with the cosine of the angle between the
 * vectors on the last axis. As in PyTorch, 1e-12 is added to squared lengths, so that zeros have a
 * direction.
 *
 * @param first `[…, n]`
 * @param second of the same shape
 * @param targets `[…]`: 1 for like, −1 for unlike
 * @returns a scalar; with `reduction: "none"`, the losses in the targets' shape
 */
export function cosineEmbedding(
  first: Tensor,
  second: Tensor,
  targets: Tensor,
  options: CosineEmbeddingOptions = {},
): Tensor {
  const { margin = 0, reduction } = known("cosineEmbedding", options, "margin reduction");
  checkSameShapes("cosineEmbedding", { first, second });
  checkTargets("cosineEmbedding", targets, first.shape.slice(0, -1));
  if (!isFiniteNumber(margin) || Math.abs(margin) > 1)
    throw badArgument("cosineEmbedding", "margin in [−1, 1]", shown(margin));
  const cosines = cosine(first, second, longer);
  const losses = where(targets.greater(0), cosines.neg().add(1), cosines.sub(margin).relu());
  return reduce("cosineEmbedding", losses, reduction);
}

/** √(length² + 1e-12), whose square neither over- nor underflows. */
function longer(length: Tensor): Tensor {
  const more = length.maximum(1e-6);
  const less = length.minimum(1e-6);
  return less.div(more).square().add(1).sqrt().mul(more);
}
