import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { finite, rate } from "./internal/guards.js";
import { lossOf } from "./internal/lossOf.js";
import { mapPaths } from "./internal/mapPaths.js";
import { inner, together } from "./internal/together.js";

export interface PolyakSgdOptions {
  /** The largest rate: a number or a function of the step. @defaultValue 1 */
  readonly learningRate?: Schedule | number;
  /** The lowest value of the loss that is possible, f*. @defaultValue 0 */
  readonly lowerBound?: number;
  /** Added to ‖g‖². @defaultValue 0 */
  readonly eps?: Schedule | number;
}

/**
 * Gradient descent with Polyak's rate, by which a linear loss would be at its lowest value after
 * the step, up to a largest one.
 *
 * w ← w − min(η, max(loss − f*, 0) / (‖g‖² + ε)) g, with the norm of all gradients together
 *
 * It needs the loss of the step: `fit` gives it, `onArrays` as `step(gradients, loss)`. For models
 * that can fit all examples, so that the lowest loss is known. optax: `polyak_sgd(variant="sps+")`,
 * PyTorch has none. Throws a RangeError where an option is out of range. Loizou et al. (2021),
 * Stochastic Polyak step-size for SGD, equation 2. arXiv:2002.10542
 */
export function polyakSgd(options: PolyakSgdOptions = {}): Transform {
  const {
    learningRate = 1,
    lowerBound = 0,
    eps = 0,
  } = known("polyakSgd", options, "learningRate lowerBound eps");
  rate("polyakSgd", "learningRate", learningRate);
  finite("polyakSgd", "lowerBound", lowerBound);
  rate("polyakSgd", "eps", eps);
  return together(
    "polyakSgd",
    { arrays: {}, numbers: {} },
    { learningRate, eps },
    ({ g }, now, clock) => {
      const gap = lossOf("polyakSgd", clock).sub(lowerBound).maximum(0);
      const squares = inner(g, g)
        .add(now.eps)
        .maximum(2 ** -126);
      const step = gap.div(squares).minimum(now.learningRate);
      return { g: mapPaths(g, (x) => x.mul(step).neg()) };
    },
  );
}
