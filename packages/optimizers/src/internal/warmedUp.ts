import type { Schedule } from "@tenon/contracts";

/**
 * A rate that rises linearly from its first part and is whole from the step `warmup`, counted from
 * 1.
 */
export function warmedUp(rate: number, warmup: number): Schedule | number {
  return warmup > 0 ? (step) => rate * Math.min(1, (step + 1) / warmup) : rate;
}

/**
 * The square of a rate that only rises: how much a step counts in the average of schedule-free
 * rules, so that the first steps count less.
 */
export function squareOf(rate: Schedule | number): Schedule | number {
  return typeof rate === "number" ? rate * rate : (step) => rate(step) ** 2;
}
