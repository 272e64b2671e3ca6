import type { NDArray } from "@tenon/contracts";
import { expect, test } from "vitest";
import {
  precisionAtRecall,
  recallAtPrecision,
  sensitivityAtSpecificity,
  specificityAtSensitivity,
} from "./index.js";

const f64 = (data: readonly number[]): NDArray => ({
  shape: [data.length],
  dtype: "float32",
  data: Float64Array.from(data),
});
const targets = f64([0, 0, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1]);
const predictions = f64([0, 0.3, 0.8, 0.3, 0.8, 0.55, 0.9, 0.61, 0.12, 0.47, 1, 1]);
const weights = f64([1, 1, 2, 2, 1, 0.5, 1, 3, 1, 1, 1, 2]);

/** Keras 3.15: of 200 thresholds and of 5, then both with weights of examples. */
test.each([
  [recallAtPrecision, 0.5, [1, 1, 1, 1]],
  [recallAtPrecision, 0.7, [0, 0, 0.69999999, 0]],
  [recallAtPrecision, 0.9, [0, 0, 0, 0]],
  [precisionAtRecall, 0.3, [0.66666669, 0.60000002, 0.75, 0.68965518]],
  [precisionAtRecall, 0.6, [0.66666669, 0.60000002, 0.69999999, 0.68965518]],
  [precisionAtRecall, 1, [0.60000002, 0.60000002, 0.68965518, 0.68965518]],
  [sensitivityAtSpecificity, 0.3, [1, 1, 1, 1]],
  [sensitivityAtSpecificity, 0.5, [0.83333331, 0.66666669, 0.69999999, 0.40000001]],
  [sensitivityAtSpecificity, 0.9, [0, 0, 0, 0]],
  [specificityAtSensitivity, 0.3, [0.83333331, 0.66666669, 0.84615386, 0.53846157]],
  [specificityAtSensitivity, 0.6, [0.66666669, 0.5, 0.53846157, 0.46153846]],
  [specificityAtSensitivity, 1, [0.33333334, 0.33333334, 0.30769232, 0.30769232]],
] as const)("%o at %d is that of Keras", (metricOf, least, theirs) => {
  const ours = [undefined, weights].flatMap((weights) =>
    [200, 5].map((thresholds) => {
      const metric = metricOf(least, { thresholds });
      return metric.result(metric.update(metric.start, predictions, targets, weights));
    }),
  );
  ours.forEach((value, i) => expect(value).toBeCloseTo(theirs[i]!, 7));
});

test.each([recallAtPrecision, precisionAtRecall, sensitivityAtSpecificity])(
  "%o of no examples is 0",
  (metricOf) => {
    const metric = metricOf(0.5);
    expect(metric.result(metric.start)).toBe(0);
  },
);

test.each([
  [() => recallAtPrecision(1.1), "recallAtPrecision: expected precision in [0, 1], got 1.1"],
  [() => precisionAtRecall(NaN), "precisionAtRecall: expected recall in [0, 1], got NaN"],
  [
    () => sensitivityAtSpecificity("0.5" as never),
    'sensitivityAtSpecificity: expected specificity in [0, 1], got "0.5"',
  ],
  [
    () => specificityAtSensitivity(0.5, { thresholds: 1 }),
    "specificityAtSensitivity: expected a whole thresholds ≥ 2, got 1",
  ],
])("refuses %s", (call, message) => expect(call).toThrow(message));
