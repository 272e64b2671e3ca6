import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

/**
 * log cosh(x − t): nearly ½ d² for small errors, |d| − log 2 for large ones. Its gradient is tanh(x
 * − t) / n.
 *
 * Computed as log(1 + e² / 2(1 + e)) + max(|d| − 20, 0) with c = min(|d|, 20) and e = exp(c) − 1,
 * since cosh c − 1 = e² / 2(1 + e): nothing overflows, and nothing cancels, however small the error
 * is. Beyond 20 the rest, e^(−2|d|), is below the precision of float32.
 *
 * @param targets of the predictions' shape
 * @returns a scalar; with `reduction: "none"`, the losses in the predictions' shape
 */
export function logCosh(
  predictions: Tensor,
  targets: Tensor,
  options: ReductionOptions = {},
): Tensor {
  known("logCosh", options, "reduction");
  checkSame("logCosh", predictions, targets);
  const size = predictions.sub(targets).abs();
  const e = size.minimum(20).expm1();
  const losses = e
    .mul(e.div(e.add(1)))
    .mul(0.5)
    .log1p()
    .add(size.sub(20).maximum(0));
  return reduce("logCosh", losses, options.reduction);
}
