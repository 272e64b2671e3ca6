import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkNotNegative, checkSame } from "./internal/check.js";
import { cosine } from "./internal/cosine.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface CosineDistanceOptions extends ReductionOptions {
  /** The least squared length, so that zeros have a direction. @defaultValue 1e-12 */
  readonly epsilon?: number;
}

/**
 * One minus the cosine of the angle between two vectors: 1 − x · t / (‖x‖ ‖t‖), over the last axis.
 * From 0 to 2.
 *
 * @param targets of the predictions' shape
 * @returns a scalar; with `reduction: "none"`, the losses without the last axis
 */
export function cosineDistance(
  predictions: Tensor,
  targets: Tensor,
  options: CosineDistanceOptions = {},
): Tensor {
  const { epsilon = 1e-12, reduction } = known("cosineDistance", options, "epsilon reduction");
  checkSame("cosineDistance", predictions, targets);
  checkNotNegative("cosineDistance", "epsilon", epsilon);
  const least = Math.sqrt(epsilon);
  const cosines = cosine(predictions, targets, (length) => length.maximum(least));
  return reduce("cosineDistance", cosines.neg().add(1), reduction);
}
