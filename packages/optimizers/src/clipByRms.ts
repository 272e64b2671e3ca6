import type { Transform } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { positive } from "./internal/guards.js";
import { normOf } from "./internal/norms.js";
import { perParameter } from "./internal/perParameter.js";

/**
 * Scales each parameter's update down if its root mean square exceeds a threshold: g ← g / max(1,
 * rms(g) / θ).
 *
 * optax' `clip_by_block_rms`. Throws a RangeError unless θ is finite and above 0. Shazeer & Stern
 * (2018), Adafactor, section 6. arXiv:1804.04235
 */
export function clipByRms(rms: number): Transform {
  noOptions("clipByRms", arguments[1]);
  positive("clipByRms", "rms", rms);
  return perParameter("clipByRms", {}, {}, ({ g }) => {
    const { scaled, scale } = normOf([g]);
    const count = g.shape.reduce((product, size) => product * size, 1);
    const most = scaled.div(rms * Math.sqrt(Math.max(1, count))).maximum(scale);
    return { g: g.mul(scale).div(most) };
  });
}
