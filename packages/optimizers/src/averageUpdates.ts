import type { Schedule, Transform } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { decay } from "./internal/guards.js";
import { correction, mapped, mean } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";

export interface AverageUpdatesOptions {
  /** Whether to divide by 1 − βᵗ, which the mean of zeros lacks. @defaultValue true */
  readonly debias?: boolean;
  /** Use the mean one step ahead, as NAdam does. @defaultValue false */
  readonly nesterov?: boolean;
}

/**
 * The moving average of updates: m ← βm + (1 − β)g,  g ← m / (1 − βᵗ); with `nesterov`, βm / (1 −
 * βᵗ⁺¹) + (1 − β)g / (1 − βᵗ) stands for the quotient. Without `debias` nothing is divided.
 *
 * optax' `ema`. Throws a RangeError unless β is in [0, 1).
 */
export function averageUpdates(
  beta: Schedule | number,
  options: AverageUpdatesOptions = {},
): Transform {
  const { debias = true, nesterov = false } = known("averageUpdates", options, "debias nesterov");
  flag("averageUpdates", "nesterov", nesterov);
  decay("averageUpdates", "beta", beta, 0.9);
  flag("averageUpdates", "debias", debias);
  return perParameter(
    "averageUpdates",
    { m: 0 },
    {
      factor: correction(beta),
      ahead: correction(beta, 2),
      kept: beta,
      taken: mapped(beta, (value) => 1 - value),
    },
    ({ g, m }, { factor, ahead, kept, taken }) => {
      m = mean(m, g, kept);
      if (!nesterov) return { g: debias ? m.mul(factor) : m, m };
      const [late, now] = [m.mul(kept), g.mul(taken)];
      return { g: debias ? late.mul(ahead).add(now.mul(factor)) : late.add(now), m };
    },
  );
}
