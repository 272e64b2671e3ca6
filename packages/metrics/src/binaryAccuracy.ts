import type { Metric } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { fromThreshold, right, sum, type Confusion } from "./internal/confusion.js";

export interface BinaryAccuracyOptions {
  /** Above it a prediction is of class 1. Logits have theirs at 0. @defaultValue 0.5 */
  readonly threshold?: number;
}

/**
 * The fraction of predictions on the right side of the threshold.
 *
 * Predictions and targets, 0 or 1, have one shape. NaN before the first example.
 * Throws where a target is neither 0 nor 1, a prediction is NaN, or the shapes differ.
 */
export function binaryAccuracy(options: BinaryAccuracyOptions = {}): Metric<Confusion> {
  const { threshold = 0.5 } = known("binaryAccuracy", options, "threshold");
  return fromThreshold(
    "binaryAccuracy",
    threshold,
    (state) => sum(right(state)) / sum(state.counts),
  );
}
