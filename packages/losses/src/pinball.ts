import { badArgument, isFiniteNumber, known, shown } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface PinballOptions extends ReductionOptions {
  /** The fraction of targets that are to lie below, in (0, 1). @defaultValue 0.5, the median */
  readonly quantile?: number;
}

/**
 * The loss whose best constant is a quantile of the targets: with e = t − x, max(q e, (q − 1) e).
 *
 * A model with an output for each of 0.1, 0.5 and 0.9 gives an interval: add the losses of its
 * columns. With 0.5 it is half of `mae`. scikit-learn: `mean_pinball_loss`.
 *
 * Koenker & Bassett (1978), Regression quantiles. doi:10.2307/1913643
 *
 * @param targets of the predictions' shape
 * @returns a scalar; with `reduction: "none"`, the losses in the predictions' shape
 */
export function pinball(
  predictions: Tensor,
  targets: Tensor,
  options: PinballOptions = {},
): Tensor {
  const { quantile = 0.5, reduction } = known("pinball", options, "quantile reduction");
  checkSame("pinball", predictions, targets);
  if (!isFiniteNumber(quantile) || quantile <= 0 || quantile >= 1)
    throw badArgument("pinball", "quantile in (0, 1)", shown(quantile));
  const low = targets.sub(predictions);
  // q max(e, 0) + (1 − q) max(−e, 0), whose gradient where e is 0 is 0, as that of mae.
  const losses = low
    .relu()
    .mul(quantile)
    .add(
      low
        .neg()
        .relu()
        .mul(1 - quantile),
    );
  return reduce("pinball", losses, reduction);
}
