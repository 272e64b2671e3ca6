import { known } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import { checkNotNegative, checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface HingeEmbeddingOptions extends ReductionOptions {
  /** The distance from which on two unlike things cost nothing. @defaultValue 1 */
  readonly margin?: number;
}

/**
 * How far like things are apart, and how much unlike things lack to be apart by a margin: d where t
 * is 1, max(margin − d, 0) where t is −1.
 *
 * Hadsell, Chopra & LeCun (2006), Dimensionality reduction by learning an invariant mapping; theirs
 * is squared.
 *
 * @param distances of any shape
 * @param targets of the same shape: 1 for like, −1 for unlike
 * @returns a scalar; with `reduction: "none"`, the losses in the distances' shape
 */
export function hingeEmbedding(
  distances: Tensor,
  targets: Tensor,
  options: HingeEmbeddingOptions = {},
): Tensor {
  const { margin = 1, reduction } = known("hingeEmbedding", options, "margin reduction");
  checkSame("hingeEmbedding", distances, targets);
  checkNotNegative("hingeEmbedding", "margin", margin);
  const apart = distances.neg().add(margin).relu();
  return reduce("hingeEmbedding", where(targets.greater(0), distances, apart), reduction);
}
