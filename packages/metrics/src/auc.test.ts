import type { NDArray } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  auc,
  averagePrecision,
  precisionAtRecall,
  recallAtPrecision,
  sensitivityAtSpecificity,
  specificityAtSensitivity,
  type AucOptions,
  type RankingOptions,
} from "./index.js";

const f64 = (...data: number[]): NDArray => ({
  shape: [data.length],
  dtype: "float32",
  data: Float64Array.from(data),
});
const area = (options: AucOptions, p: readonly number[], t: readonly number[]): number => {
  const metric = auc(options);
  return metric.result(metric.update(metric.start, f64(...p), f64(...t)));
};

test("the area under ROC is the chance that a positive is above a negative", () => {
  // With thresholds 0, 0.1 … 1 and predictions between them, no two fall together unless they are
  // equal.
  const place = fc.integer({ min: 0, max: 9 }).map((i) => i / 10 + 0.05);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(place, fc.constantFrom(0, 1)), { minLength: 1, maxLength: 30 }),
      (examples) => {
        const positives = examples.filter(([, truth]) => truth === 1).map(([p]) => p);
        const negatives = examples.filter(([, truth]) => truth === 0).map(([p]) => p);
        let above = 0;
        for (const a of positives)
          for (const b of negatives) above += a > b ? 1 : a === b ? 0.5 : 0;
        const pairs = positives.length * negatives.length;
        expect(
          area(
            { thresholds: 11 },
            examples.map(([p]) => p),
            examples.map(([, truth]) => truth),
          ),
        ).toBeCloseTo(pairs ? above / pairs : 0, 12);
      },
    ),
  );
});

test("of a perfect ranking both areas are 1", () => {
  for (const curve of ["roc", "pr"] as const)
    expect(area({ curve }, [0.1, 0.2, 0.8, 1, 0], [0, 0, 1, 1, 0])).toBe(1);
});

test.each([
  [{ thresholds: 1 }, "auc: expected a whole thresholds ≥ 2, got 1"],
  [{ curve: "ROC" as "roc" }, 'auc: expected curve to be "roc" or "pr", got "ROC"'],
])("refuses %j", (options, message) => expect(() => auc(options)).toThrow(message));

test("probabilities of float32 that rounding leaves a little above 1 count as 1", () => {
  const above = 1 + 4 * 2 ** -23;
  expect(area({}, [0.1, above, 0.9, 1], [0, 1, 0, 1])).toBe(1);
  expect(() => area({}, [above + 2 ** -23], [1])).toThrow("auc: expected predictions in [0, 1]");
});

test("refuses logits, and labels other than 0 and 1", () => {
  expect(() => area({}, [0.5, 3], [0, 1])).toThrow(
    'auc: expected predictions in [0, 1], got 3 at 1; give from: "logits" if they are',
  );
  expect(() => area({}, [NaN], [0])).toThrow("got NaN at 0");
  expect(() => area({}, [0.5], [2])).toThrow("auc: expected targets of 0 and 1, got 2 at 0");
});

test.each([
  ["auc", auc],
  ["auc of precision and recall", (options: RankingOptions) => auc({ ...options, curve: "pr" })],
  ["averagePrecision", averagePrecision],
  ["recallAtPrecision", (options: RankingOptions) => recallAtPrecision(0.6, options)],
  ["precisionAtRecall", (options: RankingOptions) => precisionAtRecall(0.6, options)],
  ["sensitivityAtSpecificity", (options: RankingOptions) => sensitivityAtSpecificity(0.6, options)],
  ["specificityAtSensitivity", (options: RankingOptions) => specificityAtSensitivity(0.6, options)],
] as const)("%s of logits is that of their sigmoids", (_, metricOf) => {
  const logits = [-3, -0.2, 0.1, 0.4, 2, 50, -800];
  const labels = f64(0, 1, 0, 1, 0, 1, 0);
  const sigmoids = logits.map((x) => 1 / (1 + Math.exp(-x)));
  const [plain, ofLogits] = [metricOf({}), metricOf({ from: "logits" })];
  const expected = plain.result(plain.update(plain.start, f64(...sigmoids), labels));
  expect(expected).toBeGreaterThan(0);
  const state = ofLogits.update(ofLogits.start, f64(...logits), labels);
  expect(ofLogits.result(state)).toBe(expected);
  expect(() => metricOf({ from: "scores" as "logits" })).toThrow(
    'expected from to be "logits" or "probabilities", got "scores"',
  );
});
