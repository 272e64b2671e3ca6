import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { descent } from "./internal/descent.js";
import { lbfgsRule } from "./internal/lbfgsRule.js";
import { sequence } from "./internal/preset.js";
import type { ScaleByLbfgsOptions } from "./scaleByLbfgs.js";

export interface LbfgsOptions extends ScaleByLbfgsOptions {
  /** A number or a function of the step. @defaultValue 1 */
  readonly learningRate?: Schedule | number;
}

/**
 * Steps along the direction of L-BFGS, of a rate: w ← w − η H g, with `scaleByLbfgs`' H g. For
 * gradients of all examples.
 *
 * PyTorch's `LBFGS(lr, max_iter=1)` without a line search, which makes one such step in each call;
 * optax: `lbfgs(learning_rate, linesearch=None)`. With a line search it is no rule of updates,
 * since it computes the loss several times a step: `minimize`.
 *
 * Liu & Nocedal (1989), On the limited memory BFGS method for large scale optimization,
 * doi:10.1007/BF01589116
 */
export function lbfgs(options: LbfgsOptions = {}): Transform {
  const { learningRate = 1, memory = 10 } = known("lbfgs", options, "learningRate memory");
  return sequence("lbfgs", [lbfgsRule("lbfgs", memory), descent("lbfgs", learningRate)]);
}
