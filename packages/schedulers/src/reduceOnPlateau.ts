import type { MonitoredSchedule, Schedule } from "@tenon/contracts";
import { badArgument, known, oneOf, shown, whole } from "@tenon/guards";
import { finite, notNegative } from "./internal/guards.js";
import { described, schedule } from "./internal/schedule.js";

export interface ReduceOnPlateauOptions {
  /** What is reduced: a number or a schedule. */
  readonly start: number | Schedule;
  /** The factor of each reduction, in (0, 1). @defaultValue 0.1 */
  readonly factor?: number;
  /** Epochs without anything better until it reduces; 0 is like 1. @defaultValue 10 */
  readonly patience?: number;
  /** How much better counts as better, as a fraction of the best. @defaultValue 1e-4 */
  readonly threshold?: number;
  /** How much better counts as better, added to that. @defaultValue 0 */
  readonly minDelta?: number;
  /** Epochs after a reduction that do not count. @defaultValue 0 */
  readonly cooldown?: number;
  /** The least value that it is reduced to. @defaultValue 0 */
  readonly min?: number;
  /** A reduction of the factor by less than this is left out. @defaultValue 0 */
  readonly eps?: number;
  /** The mean of how many epochs is looked at, once for all of them. @defaultValue 1 */
  readonly every?: number;
  /**
   * The value that it monitors, by its name in the epoch's metrics. @defaultValue "validation.loss"
   */
  readonly monitor?: string;
  /** Whether less is better or more: `"max"` for an accuracy. @defaultValue "min" */
  readonly mode?: "min" | "max";
}

/**
 * Its state: the factor now, the best value so far (null if none was finite), the epochs without a
 * better one, those that do not count yet, and the sum and number of values since it last looked.
 */
export type PlateauState = {
  readonly factor: number;
  readonly best: number | null;
  readonly waited: number;
  readonly cooldown: number;
  readonly sum: number;
  readonly count: number;
};

/**
 * A rate that is reduced when a value has not become better for some epochs: `adam({ learningRate:
 * reduceOnPlateau({ start: 1e-3 }) })`. `fit` gives it the value after each epoch.
 *
 * Better is less than best − threshold · best − minDelta, or more than best + threshold · best +
 * minDelta. Keras' `ReduceLROnPlateau` is `{ threshold: 0, minDelta: 1e-4 }`, and counts one epoch
 * of its cooldown; PyTorch waits for one epoch more than its `patience`; optax:
 * `contrib.reduce_on_plateau`. Any hyper-parameter that takes a schedule takes this one. In a loop
 * of one's own: `state = plateau.observe(state, loss, epoch)`, and
 * `(step) => plateau.at(state, step)` as the rate.
 *
 * Throws a RangeError where an option is out of range.
 */
export function reduceOnPlateau(options: ReduceOnPlateauOptions): MonitoredSchedule<PlateauState> {
  const {
    start,
    factor = 0.1,
    patience = 10,
    threshold = 1e-4,
    minDelta = 0,
    cooldown = 0,
    min = 0,
    eps = 0,
    every = 1,
    monitor = "validation.loss",
    mode = "min",
  } = known(
    "reduceOnPlateau",
    options,
    "start factor patience threshold minDelta cooldown min eps every monitor mode",
  );
  if (typeof start !== "function") finite("reduceOnPlateau", "start", start);
  finite("reduceOnPlateau", "factor", factor);
  if (factor <= 0 || factor >= 1)
    throw badArgument("reduceOnPlateau", "factor in (0, 1)", shown(factor), "use 0.1");
  whole("reduceOnPlateau", "patience", patience, 0);
  whole("reduceOnPlateau", "cooldown", cooldown, 0);
  whole("reduceOnPlateau", "every", every, 1);
  for (const [name, value] of Object.entries({ threshold, minDelta, min, eps }))
    notNegative("reduceOnPlateau", name, value);
  if (typeof monitor !== "string")
    throw badArgument(
      "reduceOnPlateau",
      'monitor as a name such as "validation.loss"',
      shown(monitor),
    );
  oneOf("reduceOnPlateau", "mode", mode, ["min", "max"]);
  const sign = mode === "min" ? 1 : -1;
  const valueAt = (step: number): number => (typeof start === "function" ? start(step) : start);
  const reduced = (value: number, by: number): number =>
    value <= min ? value : Math.max(min, value * by);
  const isBetter = (value: number, than: number | null): boolean =>
    value - value === 0 &&
    (than === null || sign * value < sign * than * (1 - sign * threshold) - minDelta);
  return Object.assign(
    schedule("reduceOnPlateau", valueAt, () => ({
      start: typeof start === "function" ? described("reduceOnPlateau", start) : start,
      ...{ factor, patience, threshold, minDelta, cooldown, min, eps, every, monitor, mode },
    })),
    {
      monitor,
      start: { factor: 1, best: null, waited: 0, cooldown: 0, sum: 0, count: 0 },
      at: (state: PlateauState, step: number) => reduced(valueAt(step), state.factor),
      observe(state: PlateauState, value: number): PlateauState {
        if (typeof value !== "number")
          throw badArgument("reduceOnPlateau", "the monitored value as a number", shown(value));
        const [sum, count] = [state.sum + value, state.count + 1];
        if (count < every) return { ...state, sum, count };
        const mean = sum / count;
        const better = isBetter(mean, state.best);
        const waited = better || state.cooldown > 0 ? 0 : state.waited + 1;
        const reduces = waited >= Math.max(patience, 1);
        const next = state.factor * factor;
        return {
          factor: reduces && state.factor - next > eps ? next : state.factor,
          best: better ? mean : state.best,
          waited: reduces ? 0 : waited,
          cooldown: reduces ? cooldown : Math.max(0, state.cooldown - 1),
          sum: 0,
          count: 0,
        };
      },
    },
  );
}
