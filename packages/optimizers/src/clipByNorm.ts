import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { checkClip, clipping, type ClipOptions } from "./internal/clipping.js";
import { normOfOrder } from "./internal/orders.js";
import { perParameter } from "./internal/perParameter.js";

export type { ClipOptions };

/**
 * Scales each parameter's gradient down if its norm exceeds a threshold.
 *
 * g ← g·θ / max(‖g‖, θ); other forms by option. Keras' `clipnorm`. It changes the direction of
 * all gradients together; `clipByGlobalNorm` does not.
 *
 * @param norm the threshold θ
 * @throws RangeError unless θ is finite and above 0
 */
export function clipByNorm(norm: Schedule | number, options: ClipOptions = {}): Transform {
  known("clipByNorm", options, "form order");
  checkClip("clipByNorm", norm, options);
  const { form, order } = options;
  return perParameter("clipByNorm", {}, { norm }, ({ g }, now) => ({
    g: clipping(normOfOrder([g], order), now.norm, form)(g),
  }));
}
