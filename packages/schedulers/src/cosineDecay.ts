import type { Schedule } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { pow } from "@tenon/random";
import { halfCosine, fractionOf } from "./internal/curves.js";
import { finite, notNegative, positive } from "./internal/guards.js";
import { schedule } from "./internal/schedule.js";

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
  const {
    start,
    end = 0,
    steps,
    exponent = 1,
    periodic = false,
  } = known("cosineDecay", options, "start end steps exponent periodic");
  finite("cosineDecay", "start", start);
  finite("cosineDecay", "end", end);
  notNegative("cosineDecay", "steps", steps);
  positive("cosineDecay", "exponent", exponent);
  function value(step: number): number {
    const t = fractionOf(step, steps);
    if (t <= 0) return start;
    if (t >= 1 && !periodic) return end;
    return end + (start - end) * pow(halfCosine(t), exponent);
  }
  return schedule(value, () => ({ type: "cosineDecay", start, end, steps, exponent, periodic }));
}
