import type { Json } from "@tenon/contracts";
import { finite, nothing, oneOf } from "@tenon/guards";
import type { CheckpointEvent, EndEvent, FitEvent, NonFiniteEvent, StartEvent } from "./events.js";
import { valueReader } from "./internal/monitored.js";

/** Whether a higher or a lower value of a measure is the better one. */
export type Better = "higher" | "lower";

const directions = ["higher", "lower"] as const;

/** The events that a measure sees while a run goes on: steps, epochs, and what was observed. */
export type MeasuredEvent = Exclude<
  FitEvent,
  StartEvent | CheckpointEvent | NonFiniteEvent | EndEvent
>;

/**
 * A number that a run is judged by. `result` is computed from the run's last event; a measure that
 * needs the steps as well has a state, plain data that is saved with the run's snapshots, so that a
 * resumed run measures the same.
 */
export interface Measure<S extends Json = Json> {
  readonly better: Better;
  /** The state before the first step. @defaultValue null */
  readonly start?: S;
  /** The state after one more event. @defaultValue the state stays */
  update?(state: S, event: MeasuredEvent): S;
  /** The value for a run that ended; NaN where there is none. */
  result(end: EndEvent, state: S): number;
  /**
   * What the measure was made with. A study that continues refuses runs that were stored with
   * another description under the same name. @defaultValue null
   */
  readonly description?: Json;
}

/**
 * The value of the last epoch, such as `finalOf("validation.accuracy", "higher")`; NaN without an
 * epoch.
 *
 * @throws RangeError if the run has no value of that name
 */
export function finalOf(monitor: string, better: Better): Measure {
  oneOf("finalOf", "better", better, directions);
  const value = valueReader("finalOf", monitor);
  return {
    better,
    description: { type: "finalOf", monitor },
    result: ({ history }) => (history.length > 0 ? value(history.at(-1)!) : NaN),
  };
}

/**
 * The best value of all epochs, of those that are finite; NaN without one. Compare arms by it with
 * care: the best of many noisy epochs is better than what the model can do.
 *
 * @throws RangeError if the run has no value of that name
 */
export function bestOf(monitor: string, better: Better): Measure {
  oneOf("bestOf", "better", better, directions);
  const value = valueReader("bestOf", monitor);
  return {
    better,
    description: { type: "bestOf", monitor },
    result({ history }) {
      const values = history.map(value).filter(Number.isFinite);
      if (values.length === 0) return NaN;
      return values.reduce((best, x) => ((better === "higher" ? x > best : x < best) ? x : best));
    },
  };
}

/**
 * The area under the curve of the training loss: Σ loss of each step, before its update; each step
 * is one unit wide. The lower, the sooner the loss fell. It compares runs of as many steps.
 */
export function areaUnderLoss(): Measure<number> {
  nothing("areaUnderLoss", arguments);
  return {
    better: "lower",
    description: { type: "areaUnderLoss" },
    start: 0,
    update: (sum, event) => (event.type === "step" ? sum + event.loss : sum),
    result: (_, sum) => sum,
  };
}

/**
 * The number of steps after which a value first reached a threshold; NaN if it never did.
 * `stepsTo("validation.accuracy", 0.95, "higher")` looks at the end of each epoch;
 * `"running.accuracy"`, the training value of the epoch so far, is looked at after each step.
 *
 * @param better whether the value rises or falls to the threshold
 * @throws RangeError if the run has no value of that name
 */
export function stepsTo(
  monitor: string,
  threshold: number,
  better: Better,
): Measure<number | null> {
  oneOf("stepsTo", "better", better, directions);
  const value = valueReader("stepsTo", monitor, "running");
  finite("stepsTo", "threshold", threshold);
  const isRunning = monitor.startsWith("running.");
  const isReached = (x: number): boolean => (better === "higher" ? x >= threshold : x <= threshold);
  return {
    better: "lower",
    description: { type: "stepsTo", monitor, threshold, better },
    start: null,
    update(reached, event) {
      if (reached !== null || event.type !== (isRunning ? "step" : "epoch")) return reached;
      return isReached(value(event)) ? event.step : null;
    },
    result: (_, reached) => reached ?? NaN,
  };
}
