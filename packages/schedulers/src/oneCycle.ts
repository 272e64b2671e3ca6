import type { Schedule } from "@tenon/contracts";
import { badArgument, flag, known, shown } from "@tenon/guards";
import { between } from "./internal/curves.js";
import { finite, notNegative, oneOf } from "./internal/guards.js";
import { schedule } from "./internal/schedule.js";

export interface OneCycleOptions {
  readonly peak: number;
  /** How many steps the run has; the last one, steps − 1, is at `end`. With 0 all are. */
  readonly steps: number;
  /** @defaultValue peak / 25 */
  readonly start?: number;
  /** @defaultValue start / 10⁴ */
  readonly end?: number;
  /** The fraction of the steps that rises, from 0 (none) to 1 (all of them). @defaultValue 0.3 */
  readonly rise?: number;
  /** @defaultValue "cosine" */
  readonly interpolation?: "linear" | "cosine";
  /**
   * Come down to `start` in as many steps as the rise, and use the remaining steps to reach `end`.
   * @defaultValue false
   */
  readonly threePhases?: boolean;
}

/**
 * Up from `start` to `peak` and down to `end`, once, then `end`: PyTorch's OneCycleLR.
 *
 * The peak is at step rise·steps − 1, which may be before the first step: a run of 2 starts on its
 * way down. The momentum that goes the other way is one too: `oneCycle({ start: 0.95, peak: 0.85,
 * end: 0.95, steps })`. optax' form reaches peak and end a step later: it is
 * `piecewiseInterpolate({ boundaries: [0, rise·steps, steps], values: [start, peak, end],
 * interpolation: "cosine" })`. Throws a RangeError unless all are finite, steps ≥ 0 and 0 ≤ rise ≤
 * 1 (≤ ½ with three phases).
 *
 * Smith & Topin (2018), Super-convergence. arXiv:1708.07120
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const {
    peak,
    steps,
    rise = 0.3,
    interpolation = "cosine",
    threePhases = false,
  } = known("oneCycle", options, "peak steps start end rise interpolation threePhases");
  finite("oneCycle", "peak", peak);
  notNegative("oneCycle", "steps", steps);
  const { start = peak / 25 } = options;
  finite("oneCycle", "start", start);
  const { end = start / 1e4 } = options;
  finite("oneCycle", "end", end);
  flag("oneCycle", "threePhases", threePhases);
  oneOf("oneCycle", "interpolation", interpolation, ["linear", "cosine"]);
  const most = threePhases ? 0.5 : 1;
  if (typeof rise !== "number" || !(rise >= 0 && rise <= most))
    throw badArgument("oneCycle", `rise from 0 to ${most}`, shown(rise));
  const top = rise * steps - 1;
  const last = steps - 1;
  const phases = threePhases
    ? [
        [top, start, peak],
        [2 * rise * steps - 2, peak, start],
        [last, start, end],
      ]
    : [
        [top, start, peak],
        [last, peak, end],
      ];
  function value(step: number): number {
    let from = 0;
    for (const [to, a, b] of phases) {
      if (step <= to)
        return to > from ? between(a, b, (step - from) / (to - from), interpolation) : b;
      from = to;
    }
    return end;
  }
  return schedule("oneCycle", value, () => ({
    peak,
    steps,
    start,
    end,
    rise,
    interpolation,
    threePhases,
  }));
}
