import type { Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { lbfgsRule } from "./internal/lbfgsRule.js";

export interface ScaleByLbfgsOptions {
  /**
   * How many steps it remembers: a change of the parameters and of the gradient each.
   * @defaultValue 10
   */
  readonly memory?: number;
}

/**
 * Multiplies the gradient by an estimate of the inverse of the loss's second derivatives, from the
 * last steps: the direction of L-BFGS. Both loops go over all parameters as over one vector.
 *
 * With s the change of the parameters in a step, y that of the gradient, ρ = 1 / y·s: q ← g; from
 * the newest pair to the oldest α ← ρ s·q, q ← q − α y; r ← γ q with γ = s·y / y·y of the newest;
 * from the oldest to the newest r ← r + (α − ρ y·r) s. A pair is remembered if y·s > 10⁻¹⁰ y·y;
 * before there is one, r is g · min(1, 1 / Σ|g|), as in PyTorch.
 *
 * It is for gradients of all examples, or of the same ones in each step: those of other batches
 * tell nothing of the second derivatives. `minimize` adds a line search. optax: `scale_by_lbfgs`.
 * Throws a RangeError unless `memory` is a whole number ≥ 1.
 *
 * Nocedal (1980), Updating quasi-Newton matrices with limited storage,
 * doi:10.1090/S0025-5718-1980-0572855-7; Nocedal & Wright (2006), Numerical optimization, algorithm
 * 7.4
 */
export function scaleByLbfgs(options: ScaleByLbfgsOptions = {}): Transform {
  const { memory = 10 } = known("scaleByLbfgs", options, "memory");
  return lbfgsRule("scaleByLbfgs", memory);
}
