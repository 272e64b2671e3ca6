import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { checkClip, clipping, type ClipOptions } from "./internal/clipping.js";
import { mapPaths } from "./internal/mapPaths.js";
import { normOfOrder } from "./internal/orders.js";
import { stateless } from "./internal/stateless.js";

/**
 * Scales the gradients of all parameters down if their common norm exceeds a threshold; the
 * direction stays.
 *
 * ‖g‖ = √Σ over everything,  g ← g·θ / max(‖g‖, θ); other forms by option
 *
 * @param norm the threshold θ
 * @throws RangeError unless θ is finite and above 0
 *
 * Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent neural networks,
 * arXiv:1211.5063
 */
export function clipByGlobalNorm(norm: Schedule | number, options: ClipOptions = {}): Transform {
  known("clipByGlobalNorm", options, "form order");
  checkClip("clipByGlobalNorm", norm, options);
  return stateless("clipByGlobalNorm", { norm }, (updates, now) => {
    return mapPaths(
      updates,
      clipping(normOfOrder(Object.values(updates), options.order), now.norm, options.form),
    );
  });
}
