import type { Json, StepStatistics } from "@tenon/contracts";
import { finalOf, type Better, type Measure, type MeasuredEvent } from "@tenon/trainer";
import type { ReadableMeasure } from "./experiment.js";

/** A measure that is a fraction, to be written as a percentage. */
export const asPercent = <S extends Json>(measure: Measure<S>): ReadableMeasure<S> => ({
  ...measure,
  percent: true,
});

/** The accuracy on the validation data after the last epoch. */
export const finalAccuracy = (): ReadableMeasure =>
  asPercent(finalOf("validation.accuracy", "higher"));

/** The training loss of each step so far, for its mean: a sum and how many. */
type Mean = { readonly sum: number; readonly n: number };

/** The training loss, averaged over all steps of a run: the lower, the sooner it fell. */
export const meanLoss = (): Measure<Mean> => ({
  better: "lower",
  description: { type: "meanLoss" },
  start: { sum: 0, n: 0 },
  update: ({ sum, n }, event) =>
    event.type === "step" ? { sum: sum + event.loss, n: n + 1 } : { sum, n },
  result: (_, { sum, n }) => sum / n,
});

type Recent = {
  readonly losses: readonly number[];
  /** The step after which the threshold was first reached. */
  readonly reached: number | null;
};

/** The losses of the last steps, with that of an event. */
const withLoss = (losses: readonly number[], event: MeasuredEvent, most: number) =>
  event.type === "step" ? [...losses, event.loss].slice(-most) : losses;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The steps after which the training loss, averaged over the last `over` steps, first was at most a
 * threshold; NaN where it never was, or where the run ended with what is not finite.
 */
export function stepsToLoss(threshold: number, over = 10): ReadableMeasure<Recent> {
  return {
    better: "lower",
    missing: "never",
    description: { type: "stepsToLoss", threshold, over, never: "NaN" },
    start: { losses: [], reached: null },
    update({ losses, reached }, event) {
      if (event.type !== "step" || reached !== null) return { losses, reached };
      const recent = withLoss(losses, event, over);
      const isReached = recent.length === over && mean(recent) <= threshold;
      return { losses: recent, reached: isReached ? event.step : null };
    },
    result: ({ reason }, { reached }) => (reason === "nonFinite" ? NaN : (reached ?? NaN)),
  };
}

/** The training loss, averaged over the last steps of a run. */
export const endLoss = (over = 20): Measure<readonly number[]> => ({
  better: "lower",
  description: { type: "endLoss", over },
  start: [],
  update: (losses, event) => withLoss(losses, event, over) as readonly number[],
  result: (_, losses) => mean(losses),
});

/**
 * A number that is computed of the statistics of the first step, before anything was learned; `fit`
 * observes the first step whenever it observes any.
 */
export function atFirstStep(
  name: string,
  better: Better,
  value: (statistics: StepStatistics) => number,
): ReadableMeasure<number | null> {
  return {
    better,
    isOfFirstStep: true,
    description: { type: "atFirstStep", name },
    start: null,
    update: (found, event) =>
      found === null && event.type === "statistics" ? value(event) : found,
    result: (_, found) => found ?? NaN,
  };
}

/** The training loss of the first step, before anything was learned. */
export const startLoss = (): ReadableMeasure<number | null> => ({
  better: "lower",
  isOfFirstStep: true,
  description: { type: "startLoss" },
  start: null,
  update: (found, event) => (found === null && event.type === "step" ? event.loss : found),
  result: (_, found) => found ?? NaN,
});

/** The training loss, averaged over some steps, counted from 1; NaN of a run that ends before. */
export const lossOfSteps = (from: number, to: number): Measure<Mean> => ({
  better: "lower",
  description: { type: "lossOfSteps", from, to },
  start: { sum: 0, n: 0 },
  update: ({ sum, n }, event) =>
    event.type === "step" && event.step >= from && event.step <= to
      ? { sum: sum + event.loss, n: n + 1 }
      : { sum, n },
  result: (_, { sum, n }) => (n === to - from + 1 ? sum / n : NaN),
});
