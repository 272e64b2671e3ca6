import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay } from "./internal/guards.js";
import { mean } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";

export interface ScaleByLionOptions {
  /** The fraction of the mean in the direction. @defaultValue 0.9 */
  readonly beta1?: Schedule | number;
  /** Decay of the mean of gradients. @defaultValue 0.99 */
  readonly beta2?: Schedule | number;
}

/**
 * The sign of a mean of gradients: every element changes by the same amount.
 *
 * g ← sign(β₁m + (1 − β₁)g),  m ← β₂m + (1 − β₂)g of the old g
 *
 * Throws a RangeError unless β₁ and β₂ are in [0, 1). Chen et al. (2023), arXiv:2302.06675
 */
export function scaleByLion(options: ScaleByLionOptions = {}): Transform {
  const { beta1 = 0.9, beta2 = 0.99 } = known("scaleByLion", options, "beta1 beta2");
  decay("scaleByLion", "beta1", beta1, 0.9);
  decay("scaleByLion", "beta2", beta2, 0.99);
  return perParameter("scaleByLion", { m: 0 }, { beta1, beta2 }, ({ g, m }, now) => ({
    g: mean(m, g, now.beta1).sign(),
    m: mean(m, g, now.beta2),
  }));
}
