import type { Schedule } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { cosineDecay } from "./cosineDecay.js";
import { between } from "./internal/curves.js";
import { finite, notNegative, positive } from "./internal/guards.js";
import { schedule } from "./internal/schedule.js";

export interface WarmupCosineOptions {
  readonly peak: number;
  /** The number of steps of the warm-up. */
  readonly warmup: number;
  /**
   * How many steps there are in all, the warm-up among them (as in optax; Keras counts from its
   * end).
   */
  readonly steps: number;
  /** @defaultValue 0 */
  readonly start?: number;
  /** @defaultValue 0 */
  readonly end?: number;
  /** Of the half cosine. @defaultValue 1 */
  readonly exponent?: number;
}

/**
 * A straight line from `start` to `peak`, then half a cosine down to `end`, then `end`.
 *
 * With nothing but a warm-up (steps = warmup), and with no steps at all, it is at `end` where the
 * warm-up is over. Throws a RangeError unless all are finite, warmup ≥ 0 and steps ≥ warmup. Goyal
 * et al. (2017), arXiv:1706.02677, and Loshchilov & Hutter (2017), arXiv:1608.03983.
 */
export function warmupCosine(options: WarmupCosineOptions): Schedule {
  const {
    peak,
    warmup,
    steps,
    start = 0,
    end = 0,
    exponent = 1,
  } = known("warmupCosine", options, "peak warmup steps start end exponent");
  finite("warmupCosine", "peak", peak);
  finite("warmupCosine", "start", start);
  finite("warmupCosine", "end", end);
  notNegative("warmupCosine", "warmup", warmup);
  positive("warmupCosine", "exponent", exponent);
  notNegative("warmupCosine", "steps", steps);
  if (steps < warmup) {
    throw badArgument(
      "warmupCosine",
      "steps ≥ warmup",
      `${steps} steps and a warmup of ${warmup}`,
      "steps counts the warm-up too",
    );
  }
  const decay = cosineDecay({ start: peak, end, steps: steps - warmup, exponent });
  return schedule(
    "warmupCosine",
    (step) =>
      step < warmup ? between(start, peak, step / warmup, "linear") : decay(step - warmup),
    () => ({ peak, warmup, steps, start, end, exponent }),
  );
}
