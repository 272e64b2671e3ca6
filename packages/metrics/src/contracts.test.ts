import type { Metric } from "@tenon/contracts";
import { everyExport, metricSuite } from "@tenon/testkit";
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
const whole = {
  predictions: array([n, 2], values(n * 2, 7).map(Math.abs)),
  targets: array([n, 2], values(n * 2, 8).map(Math.abs)),
};
const sequences = {
  predictions: array([n, 6, classes], values(n * 6 * classes, 9)),
  targets: {
    shape: [n, 3],
    dtype: "int32" as const,
    data: Int32Array.from(values(n * 3, 10), (x) => Math.floor((x + 1) * 2) % classes),
  },
};
const words = (length: number, seed: number) => ({
  shape: [n, length],
  dtype: "int32" as const,
  data: Int32Array.from(values(n * length, seed), (x) => 1 + Math.floor((x + 1) * 1.4)),
});
const texts = { predictions: words(6, 11), targets: words(5, 12) };
const real = {
  predictions: array([n, 2], values(n * 2, 5)),
  targets: array([n, 2], values(n * 2, 6)),
};

const { precision, recall, fBeta, binaryLogLoss, calibrationError } = metrics;
const ofRows = {
  accuracy: metrics.accuracy,
  topKAccuracy: metrics.topKAccuracy(2),
  confusionMatrix: metrics.confusionMatrix(classes),
  balancedAccuracy: metrics.balancedAccuracy(classes),
  cohenKappa: metrics.cohenKappa(classes),
  matthewsCorrelation: metrics.matthewsCorrelation(classes),
  meanIoU: metrics.meanIoU(classes),
  "precision, of classes": precision({ classes }),
  "recall, of classes": recall({ classes }),
  "fBeta, of classes": fBeta({ classes }),
  "fBeta, of one class": fBeta({ classes, label: 1 }),
  ignoring: metrics.ignoring(metrics.accuracy, 1),
  logLoss: metrics.logLoss(),
  perplexity: metrics.perplexity(),
  "specificity, of classes": metrics.specificity({ classes }),
  "exactMatch, of classes": metrics.exactMatch(),
  calibrationError: calibrationError({ bins: 4 }),
  "calibrationError, the largest": calibrationError({ bins: 4, norm: "maximum" }),
};
const ofTwoClasses = {
  binaryAccuracy: metrics.binaryAccuracy(),
  precision: precision(),
  recall: recall(),
  specificity: metrics.specificity(),
  exactMatch: metrics.exactMatch(),
  fBeta: fBeta(),
  auc: metrics.auc(),
  averagePrecision: metrics.averagePrecision(),
  recallAtPrecision: metrics.recallAtPrecision(0.5),
  precisionAtRecall: metrics.precisionAtRecall(0.5),
  sensitivityAtSpecificity: metrics.sensitivityAtSpecificity(0.5),
  specificityAtSensitivity: metrics.specificityAtSensitivity(0.5),
  binaryLogLoss: binaryLogLoss(),
  "binaryLogLoss, of probabilities": binaryLogLoss({ from: "probabilities" }),
};
const ofPositives = {
  meanKlDivergence: metrics.meanKlDivergence({ from: "probabilities" }),
  meanPoissonLoss: metrics.meanPoissonLoss(),
  meanSquaredLogError: metrics.meanSquaredLogError,
};
const ofNumbers = {
  mean: metrics.mean,
  meanSquaredError: metrics.meanSquaredError,
  rootMeanSquaredError: metrics.rootMeanSquaredError,
  meanAbsoluteError: metrics.meanAbsoluteError,
  meanAbsolutePercentageError: metrics.meanAbsolutePercentageError,
  meanLogCosh: metrics.meanLogCosh,
  r2Score: metrics.r2Score,
  cosineSimilarity: metrics.cosineSimilarity,
  pearsonCorrelation: metrics.pearsonCorrelation,
  concordanceCorrelation: metrics.concordanceCorrelation,
  explainedVariance: metrics.explainedVariance,
  symmetricMeanAbsolutePercentageError: metrics.symmetricMeanAbsolutePercentageError,
};

const ofSequences = { labelErrorRate: metrics.labelErrorRate() };
const ofTexts = {
  bleu: metrics.bleu({ order: 2 }),
  "bleu, smoothed": metrics.bleu({ order: 3, smoothing: "add-one" }),
  rouge: metrics.rouge(),
  "rouge, of pairs": metrics.rouge({ order: 2 }),
};

for (const [table, examples] of [
  [ofRows, rows],
  [ofTwoClasses, binary],
  [ofPositives, whole],
  [ofNumbers, real],
  [ofSequences, sequences],
  [ofTexts, texts],
] as const)
  for (const [title, metric] of Object.entries(table))
    metricSuite(title, metric as Metric, examples);

const titles = [ofRows, ofTwoClasses, ofPositives, ofNumbers, ofSequences, ofTexts].flatMap(
  Object.keys,
);
everyExport(metrics, titles, {
  besides: ["confusionCounts", "classScores", "ctcDecode", "rocCurve"],
  add: "add it to the table of its examples in packages/metrics/src/contracts.test.ts",
});
