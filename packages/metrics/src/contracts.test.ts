import type { Metric } from "@tenon/contracts";
import { metricSuite } from "@tenon/testkit";
import * as metrics from "./index.js";

const n = 24;
const classes = 4;
const values = (length: number, seed: number): number[] =>
  Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed));
const array = (shape: number[], data: number[]) => ({
  shape,
  dtype: "float32" as const,
  data: Float32Array.from(data),
});
const labels = {
  shape: [n],
  dtype: "int32" as const,
  data: Int32Array.from(values(n, 1), (x) => Math.floor((x + 1) * 2) % classes),
};

const rows = { predictions: array([n, classes], values(n * classes, 2)), targets: labels };
const binary = {
  predictions: array(
    [n],
    values(n, 3).map((x) => (x + 1) / 2),
  ),
  targets: array(
    [n],
    values(n, 4).map((x) => (x > 0 ? 1 : 0)),
  ),
};
const real = {
  predictions: array([n, 2], values(n * 2, 5)),
  targets: array([n, 2], values(n * 2, 6)),
};

const suites = (examples: typeof rows | typeof binary, list: readonly Metric[]): void =>
  list.forEach((metric) => metricSuite(metric.name, metric, examples));

suites(rows, [
  metrics.accuracy,
  metrics.topKAccuracy(2),
  metrics.confusionMatrix(classes),
  metrics.balancedAccuracy(classes),
  metrics.cohenKappa(classes),
  metrics.matthewsCorrelation(classes),
  metrics.meanIoU(classes),
  metrics.precision({ classes }),
  metrics.recall({ classes }),
  metrics.fBeta({ classes }),
] as Metric[]);
suites(binary, [
  metrics.binaryAccuracy(),
  metrics.precision(),
  metrics.recall(),
  metrics.fBeta(),
  metrics.auc(),
] as Metric[]);
suites(real, [
  metrics.mean,
  metrics.meanSquaredError,
  metrics.rootMeanSquaredError,
  metrics.meanAbsoluteError,
  metrics.meanAbsolutePercentageError,
  metrics.r2Score,
  metrics.cosineSimilarity,
] as Metric[]);
