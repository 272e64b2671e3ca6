import type { Json, Metric, NDArray } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as metrics from "./index.js";

/** Every metric, with the kind of data it is for. */
const all: [Metric, "rows" | "binary" | "real"][] = [
  [metrics.accuracy, "rows"],
  [metrics.topKAccuracy(2), "rows"],
  [metrics.confusionMatrix(4), "rows"],
  [metrics.balancedAccuracy(4), "rows"],
  [metrics.cohenKappa(4), "rows"],
  [metrics.matthewsCorrelation(4), "rows"],
  [metrics.meanIoU(4), "rows"],
  [metrics.precision({ classes: 4 }), "rows"],
  [metrics.recall({ classes: 4, average: "weighted" }), "rows"],
  [metrics.fBeta({ classes: 4, average: "micro" }), "rows"],
  [metrics.precision({ classes: 4, label: 2 }), "rows"],
  [metrics.logLoss(), "rows"],
  [metrics.perplexity(), "rows"],
  [metrics.calibrationError(), "rows"],
  [metrics.averagePrecision(), "binary"],
  [metrics.binaryLogLoss({ from: "probabilities" }), "binary"],
  [metrics.meanLogCosh, "real"],
  [metrics.precision(), "binary"],
  [metrics.recall(), "binary"],
  [metrics.fBeta({ beta: 2 }), "binary"],
  [metrics.binaryAccuracy(), "binary"],
  [metrics.auc(), "binary"],
  [metrics.auc({ curve: "pr", thresholds: 20 }), "binary"],
  [metrics.mean, "real"],
  [metrics.meanSquaredError, "real"],
  [metrics.meanAbsoluteError, "real"],
  [metrics.rootMeanSquaredError, "real"],
  [metrics.meanAbsolutePercentageError, "real"],
  [metrics.cosineSimilarity, "real"],
  [metrics.r2Score, "real"],
].map(([metric, kind]) => [metric as Metric, kind as "rows"]);

const array = (shape: number[], data: number[]): NDArray => ({
  shape,
  dtype: "float32",
  data: Float64Array.from(data),
});

const widths = { rows: [4, 1], binary: [1, 1], real: [2, 2] };
const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const elements = {
  rows: fc.tuple(
    fc.array(value, { minLength: 4, maxLength: 4 }),
    fc.array(fc.nat(3), { minLength: 1, maxLength: 1 }),
  ),
  binary: fc.tuple(
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 1 }),
    fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 1 }),
  ),
  real: fc.tuple(
    fc.array(value, { minLength: 2, maxLength: 2 }),
    fc.array(value, { minLength: 2, maxLength: 2 }),
  ),
};

test.each(all.map(([metric, kind]) => [metric.name, kind, metric] as const))(
  "%s of %s: any batches, and a state through JSON, give the same to the last bit",
  (_, kind, metric) => {
    fc.assert(
      fc.property(
        fc.array(elements[kind], { minLength: 1, maxLength: 30 }),
        fc.array(fc.nat(30), { maxLength: 4 }),
        (examples, cuts) => {
          const update = (state: Json, part: typeof examples): Json => {
            const before = JSON.stringify(state);
            const [p, t] = widths[kind];
            const after = metric.update(
              state,
              array(
                [part.length, p],
                part.flatMap(([row]) => row),
              ),
              array(
                [part.length, t],
                part.flatMap(([, row]) => row),
              ),
            );
            expect(JSON.stringify(state)).toBe(before);
            return after;
          };
          const whole = metric.result(update(metric.start, examples));
          const places = [
            0,
            ...cuts.map((cut) => cut % (examples.length + 1)).sort((a, b) => a - b),
            examples.length,
          ];
          let state = metric.start;
          for (let i = 1; i < places.length; i++)
            state = JSON.parse(
              JSON.stringify(update(state, examples.slice(places[i - 1], places[i]))),
            ) as Json;
          expect(metric.result(state)).toBe(whole);
        },
      ),
    );
  },
);
