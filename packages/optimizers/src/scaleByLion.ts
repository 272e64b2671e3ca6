import type { Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { decay } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";

export interface ScaleByLionOptions {
  /** The fraction of the mean in the direction. @defaultValue 0.9 */
  readonly beta1?: number;
  /** Decay of the mean of gradients. @defaultValue 0.99 */
  readonly beta2?: number;
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
  return perParameter("scaleByLion", { m: 0 }, {}, ({ g, m }) => ({
    g: m
      .mul(beta1)
      .add(g.mul(1 - beta1))
      .sign(),
    m: m.mul(beta2).add(g.mul(1 - beta2)),
  }));
}
