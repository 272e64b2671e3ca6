import { where, type Tensor } from "@tenon/tensor";
import { checkNotNegative, checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface PoissonOptions extends ReductionOptions {
  /** Whether predictions are logarithms of rates (eˣ − t x) or rates themselves (x − t log(x + ε)). @defaultValue true */
  readonly log?: boolean;
  /** Keeps the logarithm of a rate finite; Keras has 1e-7. @defaultValue 1e-8 */
  readonly epsilon?: number;
  /** Whether to add Stirling's log t! ≈ t log t − t + ½ log(2πt) for t > 1. It has no slope. @defaultValue false */
  readonly full?: boolean;
}

/**
 * How surprising counts are under Poisson rates, up to log t!: eˣ − t x.
 *
 * @param targets counts, of the predictions' shape
 * @returns a scalar; with `reduction: "none"`, the losses in the predictions' shape
 */
export function poisson(predictions: Tensor, targets: Tensor, options: PoissonOptions = {}): Tensor {
  const { log = true, epsilon = 1e-8, full = false, reduction } = options;
  checkSame("poisson", predictions, targets);
  checkNotNegative("poisson", "epsilon", epsilon);
  const losses = log ? predictions.exp().sub(targets.mul(predictions)) : predictions.sub(targets.mul(predictions.add(epsilon).log()));
  if (!full) return reduce("poisson", losses, reduction);
  const several = targets.greater(1), t = where(several, targets, 1);
  const factorial = t.mul(t.log()).sub(t).add(t.mul(2 * Math.PI).log().mul(0.5));
  return reduce("poisson", losses.add(where(several, factorial, 0)), reduction);
}
