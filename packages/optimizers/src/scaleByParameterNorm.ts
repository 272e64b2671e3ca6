import type { Schedule, Transform } from "@tenon/contracts";
import { flag, known } from "@tenon/guards";
import { rate } from "./internal/guards.js";
import { normOf } from "./internal/norms.js";
import { perParameter } from "./internal/perParameter.js";

export interface ScaleByParameterNormOptions {
  /** The least norm that counts, so that zeros can be learned. @defaultValue 1e-3 */
  readonly min?: Schedule | number;
  /** Whether to take the root of the mean square in place of the norm. @defaultValue false */
  readonly rms?: boolean;
}

/**
 * Scales each parameter's update by the parameter's norm: g ← g·max(‖w‖, min).
 *
 * optax' `scale_by_param_block_norm`, and with `rms` its `scale_by_param_block_rms`. Throws a
 * RangeError unless min ≥ 0.
 */
export function scaleByParameterNorm(options: ScaleByParameterNormOptions = {}): Transform {
  const { min = 1e-3, rms = false } = known("scaleByParameterNorm", options, "min rms");
  rate("scaleByParameterNorm", "min", min);
  flag("scaleByParameterNorm", "rms", rms);
  return perParameter("scaleByParameterNorm", {}, { min }, ({ g, w }, now) => {
    const { scaled, unscale } = normOf([w]);
    const count = w.shape.reduce((product, size) => product * size, 1);
    const norm = rms ? scaled.div(Math.sqrt(Math.max(1, count))) : scaled;
    return { g: g.mul(norm.mul(unscale).maximum(now.min)) };
  });
}
