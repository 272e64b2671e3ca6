import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkNotNegative, checkSameShapes } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface MarginRankingOptions extends ReductionOptions {
  /** By how much the higher one must be higher to cost nothing. @defaultValue 0 */
  readonly margin?: number;
}

/**
 * How much the one that should rank higher lacks to be higher by a margin: max(margin − t (x₁ −
 * x₂),
 * 0).
 *
 * Herbrich, Graepel & Obermayer (2000), Large margin rank boundaries for ordinal regression.
 *
 * @param targets 1 where the first should rank higher, −1 where the second; of the scores' shape
 * @returns a scalar; with `reduction: "none"`, the losses in the scores' shape
 */
export function marginRanking(
  first: Tensor,
  second: Tensor,
  targets: Tensor,
  options: MarginRankingOptions = {},
): Tensor {
  const { margin = 0, reduction } = known("marginRanking", options, "margin reduction");
  checkSameShapes("marginRanking", { first, second, targets });
  checkNotNegative("marginRanking", "margin", margin);
  const lack = first.sub(second).mul(targets).neg().add(margin);
  return reduce("marginRanking", lack.relu(), reduction);
}
