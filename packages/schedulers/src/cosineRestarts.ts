import type { Schedule } from "@tenon/contracts";
import { badArgument, isFiniteNumber, known, shown } from "@tenon/guards";
import { pow } from "@tenon/random";
import { halfCosine } from "./internal/curves.js";
import { finite, positive } from "./internal/guards.js";
import { schedule } from "./internal/schedule.js";

export interface CosineRestartsOptions {
  readonly start: number;
  /** @defaultValue 0 */
  readonly end?: number;
  /** The number of steps of the first round. */
  readonly steps: number;
  /**
   * Each round is this much longer than the one before, at least 1. Keras' t_mul, whose default is
   * 2. @defaultValue 1
   */
  readonly stretch?: number;
  /** Each round starts this much lower (above `end`). Keras' m_mul. @defaultValue 1 */
  readonly shrink?: number;
}

/**
 * Half a cosine from `start` to `end`, again and again; each round may be longer and start lower.
 * It never ends.
 *
 * end + (start − end)·shrinkⁱ·½(1 + cos(π·t / Tᵢ)) with Tᵢ = steps·stretchⁱ and t the step within
 * round i. Throws a RangeError unless all are finite, steps > 0, stretch ≥ 1 and shrink > 0.
 *
 * Loshchilov & Hutter (2017), SGDR: stochastic gradient descent with warm restarts.
 * arXiv:1608.03983
 */
export function cosineRestarts(options: CosineRestartsOptions): Schedule {
  const {
    start,
    end = 0,
    steps,
    stretch = 1,
    shrink = 1,
  } = known("cosineRestarts", options, "start end steps stretch shrink");
  finite("cosineRestarts", "start", start);
  finite("cosineRestarts", "end", end);
  positive("cosineRestarts", "steps", steps);
  positive("cosineRestarts", "shrink", shrink);
  if (!(isFiniteNumber(stretch) && stretch >= 1))
    throw badArgument("cosineRestarts", "a finite stretch ≥ 1", shown(stretch));
  function value(step: number): number {
    if (step <= 0) return start;
    if (stretch === 1) {
      const round = Math.floor(step / steps);
      return end + (start - end) * pow(shrink, round) * halfCosine(step / steps - round);
    }
    let t = step;
    let length = steps;
    let height = start - end;
    for (; t >= length; length *= stretch) {
      t -= length;
      height *= shrink;
    }
    return end + height * halfCosine(t / length);
  }
  return schedule("cosineRestarts", value, () => ({ start, end, steps, stretch, shrink }));
}
