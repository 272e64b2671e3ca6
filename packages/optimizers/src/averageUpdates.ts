import type { Transform } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { decay } from "./internal/guards.js";
import { perParameter } from "./internal/perParameter.js";
import { power } from "./internal/power.js";

export interface AverageUpdatesOptions {
  /** Whether to divide by 1 − βᵗ, which the mean of zeros lacks. @defaultValue true */
  readonly debias?: boolean;
}

/**
 * The moving average of updates: m ← βm + (1 − β)g,  g ← m / (1 − βᵗ).
 *
 * optax' `ema`. Throws a RangeError unless β is in [0, 1).
 */
export function averageUpdates(beta: number, options: AverageUpdatesOptions = {}): Transform {
  const { debias = true } = known("averageUpdates", options, "debias");
  decay("averageUpdates", "beta", beta, 0.9);
  flag("averageUpdates", "debias", debias);
  return perParameter(
    "averageUpdates",
    { m: 0 },
    { factor: (step) => (debias ? 1 / (1 - power(beta, step + 1)) : 1) },
    ({ g, m }, { factor }) => {
      m = m.mul(beta).add(g.mul(1 - beta));
      return { g: debias ? m.mul(factor) : m, m };
    },
  );
}
