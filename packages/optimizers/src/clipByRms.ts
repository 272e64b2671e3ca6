import type { Schedule, Transform } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { positiveRate } from "./internal/guards.js";
import { normOf } from "./internal/norms.js";
import { perParameter } from "./internal/perParameter.js";

/**
 * Scales each parameter's update down if its root mean square exceeds a threshold: g ← g / max(1,
 * rms(g) / θ).
 *
 * optax' `clip_by_block_rms`. Throws a RangeError unless θ is finite and above 0. Shazeer & Stern
 * (2018), Adafactor, section 6. arXiv:1804.04235
 */
export function clipByRms(rms: Schedule | number): Transform {
  noOptions("clipByRms", arguments[1]);
  positiveRate("clipByRms", "rms", rms);
  return perParameter("clipByRms", {}, { rms }, ({ g }, now) => {
    const { scaled, scale } = normOf([g]);
    const count = g.shape.reduce((product, size) => product * size, 1);
    const root = Math.sqrt(Math.max(1, count));
    const most = scaled
      .div(typeof now.rms === "number" ? now.rms * root : now.rms.mul(root))
      .maximum(scale);
    return { g: g.mul(scale).div(most) };
  });
}
