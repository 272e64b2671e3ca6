import { madeOf, mapped, type Hyper } from "./hyper.js";

/**
 * A rate that rises linearly from its first part and is whole from the step `warmup`, counted from
 * 1.
 */
export const warmedUp = (rate: Hyper, warmup: number): Hyper =>
  warmup > 0 ? madeOf([rate], (at) => (step) => at(step) * Math.min(1, (step + 1) / warmup)) : rate;

/**
 * The square of a rate: how much a step counts in the average of schedule-free rules, so that the
 * first steps of a warm-up count less.
 */
export const squareOf = (rate: Hyper): Hyper => mapped(rate, (value) => value * value);
