import type { Schedule } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { finite, positive } from "./internal/guards.js";
import { schedule } from "./internal/schedule.js";

export interface InverseSqrtOptions {
  /** The highest value, at the end of the warm-up. */
  readonly peak: number;
  /** How many steps the value rises from 0. @defaultValue 4000 */
  readonly warmup?: number;
}

/**
 * Rises linearly, then decays with the root of the step: peak · min(step / warmup, √(warmup /
 * step)), the schedule of the first transformers (Noam's).
 *
 * Throws a RangeError unless both are finite and warmup > 0. Vaswani et al. (2017), Attention is
 * all you need, equation 3, which counts steps from 1. arXiv:1706.03762
 */
export function inverseSqrt(options: InverseSqrtOptions): Schedule {
  const { peak, warmup = 4000 } = known("inverseSqrt", options, "peak warmup");
  finite("inverseSqrt", "peak", peak);
  positive("inverseSqrt", "warmup", warmup);
  return schedule(
    "inverseSqrt",
    (step) => peak * (step < warmup ? step / warmup : Math.sqrt(warmup / step)),
    () => ({ peak, warmup }),
  );
}
