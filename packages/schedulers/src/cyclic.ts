import type { Schedule } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { pow } from "@tenon/random";
import { finite, notNegative, oneOf, positive } from "./internal/guards.js";
import { schedule } from "./internal/schedule.js";

export interface CyclicOptions {
  readonly low: number;
  readonly high: number;
  /** Steps from `low` to `high`; with 0 each cycle starts at `high`. */
  readonly steps: number;
  /** Steps back; with 0 the next cycle starts instead of `high`. @defaultValue steps */
  readonly stepsDown?: number;
  /**
   * How the height of the triangles changes: `"triangular"` stays, `"triangular2"` halves with each
   * cycle, `"expRange"` is multiplied by `decayRate` at each step. @defaultValue "triangular"
   */
  readonly mode?: "triangular" | "triangular2" | "expRange";
  /** For `"expRange"`. @defaultValue 1 */
  readonly decayRate?: number;
}

/**
 * Up and down between `low` and `high` in triangles. It never ends.
 *
 * low + (high − low)·triangle(step)·scale, scale = 1, 2⁻ᶜʸᶜˡᵉ or decayRate^step. With `high` below
 * `low` it is the momentum that PyTorch's CyclicLR moves the other way. Throws a RangeError unless
 * all are finite, steps and stepsDown ≥ 0 and not both 0, decayRate > 0.
 *
 * Smith (2017), Cyclical learning rates for training neural networks. arXiv:1506.01186
 */
export function cyclic(options: CyclicOptions): Schedule {
  const {
    low,
    high,
    steps,
    stepsDown = steps,
    mode = "triangular",
    decayRate = 1,
  } = known("cyclic", options, "low high steps stepsDown mode decayRate");
  finite("cyclic", "low", low);
  finite("cyclic", "high", high);
  notNegative("cyclic", "steps", steps);
  notNegative("cyclic", "stepsDown", stepsDown);
  if (steps + stepsDown === 0)
    throw badArgument(
      "cyclic",
      "steps or stepsDown > 0",
      "0 for both",
      "use constant for one value",
    );
  oneOf("cyclic", "mode", mode, ["triangular", "triangular2", "expRange"]);
  positive("cyclic", "decayRate", decayRate);
  const period = steps + stepsDown;
  function value(step: number): number {
    const cycle = Math.floor(step / period);
    const t = step - cycle * period;
    const height = steps > 0 && t <= steps ? t / steps : (period - t) / stepsDown;
    const scale =
      mode === "triangular" ? 1 : mode === "triangular2" ? pow(0.5, cycle) : pow(decayRate, step);
    return low + (high - low) * height * scale;
  }
  return schedule("cyclic", value, () => ({ low, high, steps, stepsDown, mode, decayRate }));
}
