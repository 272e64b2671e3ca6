import type { Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { averaging } from "./internal/averaging.js";
import { whole } from "./internal/guards.js";

export interface SwaOptions {
  /**
   * Steps (from 0) before the first that counts; until then the average is the parameters
   * themselves. @defaultValue 0
   */
  readonly start?: number;
  /**
   * Averages after each such number of steps from there, such as the last of each epoch.
   * @defaultValue 1
   */
  readonly every?: number;
}

/**
 * Keeps the plain average of the parameters along the way: a ← a + (w − a) / n, at the nth step
 * that counts.
 *
 * Last in the chain, with a learning rate that stays high or cycles; `averageOf(slots)` is the
 * average. Running statistics of a normalization have to be measured again with it. Throws a
 * RangeError unless start ≥ 0 and every ≥ 1 are whole.
 *
 * Izmailov et al. (2018), Averaging weights leads to wider optima, arXiv:1803.05407
 */
export function swa(options: SwaOptions = {}): Transform {
  const { start = 0, every = 1 } = known("swa", options, "start every");
  whole("swa", "start", start, 0);
  whole("swa", "every", every, 1);
  const taken = (step: number): number => {
    if (step < start) return 1;
    return (step - start) % every === 0 ? 1 / ((step - start) / every + 1) : 0;
  };
  return averaging("swa", { start: "parameter", kept: (step) => 1 - taken(step), taken });
}
