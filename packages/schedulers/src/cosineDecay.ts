import type { Schedule } from "@tenon/contracts";
import { checked, flag } from "@tenon/guards";
import { halfCosine, power } from "./internal/curves.js";
import { finite, notNegative, positive } from "./internal/guards.js";

export interface CosineDecayOptions {
  readonly start: number;
  /** Keras and optax have alpha = end / start instead. @defaultValue 0 */
  readonly end?: number;
  /**
   * The number of steps from `start` to `end`; with 0, as in a run of no epochs, the value is
   * `end`.
   */
  readonly steps: number;
  /** Of the half cosine. @defaultValue 1 */
  readonly exponent?: number;
  /**
   * Swing back up after the end and down again, as PyTorch's CosineAnnealingLR does, instead of
   * staying. @defaultValue false
   */
  readonly periodic?: boolean;
}

/**
 * From `start` to `end` along half a cosine, then `end`.
 *
 * end + (start − end)·(½(1 + cos(π·step / steps)))^exponent. Throws a RangeError unless all are
 * finite, steps ≥ 0, exponent > 0.
 *
 * Loshchilov & Hutter (2017), SGDR: stochastic gradient descent with warm restarts.
 * arXiv:1608.03983
 */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const all = checked("cosineDecay", options, {
    start: [finite],
    end: [finite, 0],
    steps: [notNegative],
    exponent: [positive, 1],
    periodic: [flag, false],
  });
  const { start, end, steps, exponent, periodic } = all;
  return Object.assign(
    (step: number) => {
      finite("cosineDecay", "step", step);
      const t = step / steps;
      if (t <= 0) return start;
      return t < 1 || (periodic && steps)
        ? end + (start - end) * power(halfCosine(t), exponent)
        : end;
    },
    { toJSON: () => ({ ...all }) },
  );
}
