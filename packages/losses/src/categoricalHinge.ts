import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import { weighted } from "./internal/weighted.js";
import type { ReductionOptions } from "./reduction.js";

/**
 * What the right class's score lacks to beat the best wrong one by 1: max(max((1 − t) x) − Σ t x +
 * 1, 0), over the last axis.
 *
 * As Keras has it: the right class stands among the wrong ones with a score of 0.
 *
 * @param targets one-hot, of the predictions' shape
 * @returns a scalar; with `reduction: "none"`, the losses without the last axis
 */
export function categoricalHinge(
  predictions: Tensor,
  targets: Tensor,
  options: ReductionOptions = {},
): Tensor {
  known("categoricalHinge", options, "reduction");
  checkSame("categoricalHinge", predictions, targets);
  // A score of −∞, such as that of a class that is masked, does not count where its weight is 0.
  const right = weighted(targets, predictions);
  const wrong = weighted(targets.neg().add(1), predictions);
  return reduce(
    "categoricalHinge",
    wrong.max(-1).sub(right.sum(-1)).add(1).relu(),
    options.reduction,
  );
}
