import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { adamRule } from "./internal/adamRule.js";

export interface ScaleByAdamOptions {
  /** Decay of the mean of gradients: a number or a function of the step. @defaultValue 0.9 */
  readonly beta1?: Schedule | number;
  /** Decay of the mean of squared gradients. @defaultValue 0.999 */
  readonly beta2?: Schedule | number;
  /**
   * Keeps the quotient finite; added outside the root. With 0 an element without gradients stays.
   * @defaultValue 1e-8
   */
  readonly eps?: Schedule | number;
  /** Added inside the root (optax' `eps_root`). @defaultValue 0 */
  readonly epsRoot?: Schedule | number;
  /**
   * Add `eps` to the root of v before its correction, as Keras does: the ε̂ of the paper's section
   * 2, in effect ε / √(1 − β₂ᵗ), which shortens the first steps. @defaultValue false
   */
  readonly epsHat?: boolean;
  /** Use the mean one step ahead, as NAdam does. @defaultValue false */
  readonly nesterov?: boolean;
  /**
   * Divide by the largest v so far, as PyTorch and Keras do, or by the largest corrected v, as
   * optax does. @defaultValue false
   */
  readonly amsgrad?: boolean | "corrected";
}

/**
 * Divides each gradient's running mean by the root of its running square.
 *
 * m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,  g ← (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ) + ε_root) +
 * ε)
 *
 * With `amsgrad`, u ← max(u, v) stands for v. With `nesterov`, β₁m / (1 − β₁ᵗ⁺¹) + (1 − β₁)g / (1 −
 * β₁ᵗ) stands for m / (1 − β₁ᵗ). A β that changes is that of the step everywhere, as in PyTorch.
 * Throws a RangeError unless β₁ and β₂ are in [0, 1) and eps and
 * epsRoot are not negative.
 *
 * Kingma & Ba (2015), Adam, algorithm 1, arXiv:1412.6980. Reddi et al. (2018), AMSGrad,
 * arXiv:1904.09237. Dozat (2016), NAdam.
 */
export function scaleByAdam(options: ScaleByAdamOptions = {}): Transform {
  return adamRule(
    "scaleByAdam",
    known("scaleByAdam", options, "beta1 beta2 eps epsRoot epsHat nesterov amsgrad"),
  );
}
