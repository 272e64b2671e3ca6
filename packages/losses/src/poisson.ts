import { flag, known } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import { checkNotNegative, checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import { weighted } from "./internal/weighted.js";
import type { ReductionOptions } from "./reduction.js";

export interface PoissonOptions extends ReductionOptions {
  /**
   * Whether predictions are logarithms of rates (eˣ − t x) or rates themselves (x − t log(x + ε)).
   * @defaultValue true
   */
  readonly log?: boolean;
  /** Keeps the logarithm of a rate finite; Keras has 1e-7. @defaultValue 1e-8 */
  readonly epsilon?: number;
  /**
   * Whether to add Stirling's log t! ≈ t log t − t + ½ log(2πt) for t > 1. It has no gradient.
   * @defaultValue false
   */
  readonly full?: boolean;
}

/**
 * How surprising counts are under Poisson rates, up to log t!: eˣ − t x.
 *
 * @param targets counts, of the predictions' shape; 0 log 0 is 0: where nothing is expected and
 *   nothing came, the loss is 0
 * @returns a scalar; with `reduction: "none"`, the losses in the predictions' shape
 */
export function poisson(
  predictions: Tensor,
  targets: Tensor,
  options: PoissonOptions = {},
): Tensor {
  const {
    log = true,
    epsilon = 1e-8,
    full = false,
    reduction,
  } = known("poisson", options, "log epsilon full reduction");
  checkSame("poisson", predictions, targets);
  checkNotNegative("poisson", "epsilon", epsilon);
  flag("poisson", "log", log);
  flag("poisson", "full", full);
  const losses = (log ? predictions.exp() : predictions).sub(
    weighted(targets, log ? predictions : logOf(predictions.add(epsilon), targets)),
  );
  if (!full) return reduce("poisson", losses, reduction);
  const several = targets.greater(1);
  const t = where(several, targets, 1);
  const factorial = t
    .mul(t.log())
    .sub(t)
    .add(
      t
        .mul(2 * Math.PI)
        .log()
        .mul(0.5),
    );
  return reduce("poisson", losses.add(where(several, factorial, 0)), reduction);
}

/**
 * The logarithms of rates; 0 where both the rate and the count are 0, so that its gradient is
 * finite there.
 */
function logOf(rates: Tensor, targets: Tensor): Tensor {
  return where(rates.equal(0).mul(targets.equal(0)), 1, rates).log();
}
