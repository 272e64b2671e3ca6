import type { Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { checkClip, clipping, type ClipOptions } from "./internal/clipping.js";
import { normOf } from "./internal/norms.js";
import { perParameter } from "./internal/perParameter.js";

export type { ClipOptions };

/**
 * Shortens each parameter's gradient whose norm is past a threshold, each on its own.
 *
 * g ← g·θ / max(‖g‖, θ); other forms by option. Keras' `clipnorm`. It changes the direction of the
 * whole; `clipByGlobalNorm` does not.
 *
 * @param norm the threshold θ
 * @throws RangeError unless θ is finite and above 0
 */
export function clipByNorm(norm: number, options: ClipOptions = {}): Transform {
  known("clipByNorm", options, "form order");
  checkClip("clipByNorm", norm, options);
  const { form, order } = options;
  return perParameter("clipByNorm", {}, {}, ({ g }) => ({
    g: clipping(normOf([g], order), norm, form)(g),
  }));
}
