import type { Metric, NDArray } from "@tenon/contracts";
import { golden, type GoldenArray, type GoldenRow } from "@tenon/golden";
import { expectClose, goldenSuite, notCovered, toleranceOf } from "@tenon/testkit";
import { expect } from "vitest";
import * as metrics from "./index.js";

/** Keras' rows have batches and results, the others inputs and outputs. */
interface Row extends GoldenRow {
  readonly batches: readonly Readonly<Record<string, GoldenArray>>[];
  readonly results: readonly GoldenArray[];
  readonly inputs: Readonly<Record<string, GoldenArray>>;
  readonly outputs: { readonly plain: GoldenArray; readonly weighted?: GoldenArray };
}
type Options = Readonly<Record<string, unknown>>;

const scores = ({ shape, data }: GoldenArray): NDArray => ({
  shape,
  dtype: "float32",
  data: Float64Array.from(data),
});
const labels = ({ shape, data }: GoldenArray): NDArray => ({
  shape,
  dtype: "int32",
  data: Int32Array.from(data),
});

/** scikit-learn and NumPy: the result of one batch, without and with weights of examples. */
function closeTo(row: Row, metric: Metric, predictions: NDArray, targets: NDArray): void {
  const {
    inputs: { sample_weight },
    outputs: { plain, weighted },
  } = row;
  const read = (weights?: NDArray): number =>
    metric.result(metric.update(metric.start, predictions, targets, weights));
  expectClose([read()], plain.data, toleranceOf(row));
  if (weighted) expectClose([read(scores(sample_weight))], weighted.data, toleranceOf(row));
}

/** The row's options, all of which must be among the known ones. */
function optionsOf(row: Row, ...known: string[]): Options {
  for (const name of Object.keys(row.options))
    if (!known.includes(name)) notCovered(`option ${name}`);
  return row.options;
}

/**
 * Keras: after each batch of a stream the metric reads what Keras' reads; or each of several
 * metrics reads one of the values that Keras' one reads.
 */
function stream(
  make: (options: Options, classes: number) => Metric | readonly Metric[],
  known: readonly string[] = [],
  read: (values: GoldenArray) => NDArray = scores,
): (row: Row) => void {
  return (row) => {
    const { batches, results } = row;
    const each = [make(optionsOf(row, ...known), batches[0].y_pred.shape.at(-1)!)].flat();
    let states = each.map((metric) => metric.start);
    batches.forEach(({ y_pred, y_true = y_pred, sample_weight }, i) => {
      states = each.map((metric, m) =>
        metric.update(
          states[m],
          read(y_pred),
          read(y_true),
          sample_weight && scores(sample_weight),
        ),
      );
      expectClose(
        each.map((metric, m) => metric.result(states[m])),
        results[i].data,
        toleranceOf(row),
      );
    });
  };
}

/**
 * Keras adds an ε of 10⁻⁷ to every denominator; without an average it gives a score for each class.
 */
function kerasFBeta(
  { average = null, beta = 1 }: Options,
  classes: number,
): Metric | readonly Metric[] {
  const options = { classes, beta: beta as number, eps: 1e-7 };
  if (average === null)
    return Array.from({ length: classes }, (_, label) => metrics.fBeta({ ...options, label }));
  if (average !== "macro" && average !== "micro" && average !== "weighted")
    return notCovered(`average ${String(average)}`);
  return metrics.fBeta({ ...options, average });
}

function threshold(value: unknown): { threshold?: number } {
  if (value === undefined || value === null) return {};
  return typeof value === "number" ? { threshold: value } : notCovered("several thresholds");
}

function kerasAuc({ curve = "ROC", num_thresholds = 200 }: Options): Metric {
  if (curve !== "ROC" && curve !== "PR") return notCovered(`curve ${String(curve)}`);
  return metrics.auc({
    curve: curve === "ROC" ? "roc" : "pr",
    thresholds: num_thresholds as number,
  });
}

/** scikit-learn: a score of true and predicted labels. */
function ofLabels(
  make: (classes: number, options: Options) => Metric,
  known: readonly string[] = [],
): (row: Row) => void {
  return (row) => {
    const { y_true, y_pred } = row.inputs;
    const metric = make(1 + Math.max(...y_true.data, ...y_pred.data), optionsOf(row, ...known));
    closeTo(row, metric, labels(y_pred), labels(y_true));
  };
}

/** scikit-learn: an average of the classes' scores; here as there by default 0 / 0 counts 0. */
function ofClasses(make: (options: metrics.FBetaOptions) => Metric): (row: Row) => void {
  return ofLabels(
    (classes, { average, beta = 1, zero_division = 0 }) => {
      if (zero_division !== 0) notCovered("zero_division");
      if (average !== "macro" && average !== "micro" && average !== "weighted")
        return notCovered(`average ${String(average)}`);
      return make({ classes, average, beta: beta as number });
    },
    ["average", "beta", "zero_division"],
  );
}

function confusion(row: Row): void {
  optionsOf(row);
  const {
    inputs: { y_true, y_pred, sample_weight },
    outputs: { plain, weighted },
  } = row;
  const metric = metrics.confusionMatrix(plain.shape[0]);
  const counts = (weights?: NDArray): number[] =>
    metrics
      .confusionCounts(metric.update(metric.start, labels(y_pred), labels(y_true), weights))
      .flat();
  expect(counts()).toEqual(plain.data);
  if (weighted) expectClose(counts(scores(sample_weight)), weighted.data, toleranceOf(row));
}

/**
 * A score of the order of predictions, exact: no two that differ may fall between the same two
 * thresholds.
 */
function ofRanking(make: (options: { thresholds: number }) => Metric): (row: Row) => void {
  return (row) => {
    optionsOf(row);
    const { y_true, y_score } = row.inputs;
    const sorted = [...new Set(y_score.data)].sort((a, b) => a - b);
    if (sorted.some((score, i) => score - sorted[i - 1] < 2 ** -15))
      notCovered("scores nearer to each other than thresholds");
    closeTo(row, make({ thresholds: 2 ** 16 + 1 }), scores(y_score), labels(y_true));
  };
}

/** A score of probabilities of the class 1. */
function ofScores(metric: Metric): (row: Row) => void {
  return (row) => {
    optionsOf(row);
    closeTo(row, metric, scores(row.inputs.y_score), scores(row.inputs.y_true));
  };
}

function calibration(row: Row): void {
  const { bins } = optionsOf(row, "bins");
  const metric = metrics.calibrationError({ bins: bins as number, from: "probabilities" });
  closeTo(row, metric, scores(row.inputs.probabilities), labels(row.inputs.labels));
}

goldenSuite("metrics", golden<Row>("metrics"), {
  "keras/keras.metrics.AUC": stream(kerasAuc, ["curve", "num_thresholds"]),
  "keras/keras.metrics.BinaryAccuracy": stream(
    (options) => metrics.binaryAccuracy(threshold(options.threshold)),
    ["threshold"],
  ),
  "keras/keras.metrics.BinaryCrossentropy": stream(() =>
    metrics.binaryLogLoss({ from: "probabilities" }),
  ),
  "keras/keras.metrics.CategoricalAccuracy": stream(() => metrics.accuracy),
  "keras/keras.metrics.CategoricalCrossentropy": stream(() =>
    metrics.logLoss({ from: "probabilities" }),
  ),
  "keras/keras.metrics.CosineSimilarity": stream(() => metrics.cosineSimilarity),
  "keras/keras.metrics.F1Score": stream(kerasFBeta, ["average"]),
  "keras/keras.metrics.FBetaScore": stream(kerasFBeta, ["average", "beta"]),
  "keras/keras.metrics.KLDivergence": stream(() =>
    metrics.meanKlDivergence({ from: "probabilities" }),
  ),
  // Keras holds log 2 in float32.
  "keras/keras.metrics.LogCoshError": stream(() => ({
    ...(metrics.meanLogCosh as Metric),
    result: (state) =>
      (metrics.meanLogCosh as Metric).result(state) + Math.LN2 - Math.fround(Math.LN2),
  })),
  "keras/keras.metrics.Mean": stream(() => metrics.mean),
  "keras/keras.metrics.MeanAbsoluteError": stream(() => metrics.meanAbsoluteError),
  "keras/keras.metrics.MeanAbsolutePercentageError": stream(
    () => metrics.meanAbsolutePercentageError,
  ),
  "keras/keras.metrics.MeanIoU": stream(
    (options) => metrics.meanIoU(options.num_classes as number),
    ["num_classes"],
    labels,
  ),
  "keras/keras.metrics.MeanSquaredError": stream(() => metrics.meanSquaredError),
  "keras/keras.metrics.Poisson": stream(() => metrics.meanPoissonLoss()),
  "keras/keras.metrics.Precision": stream(
    (options) => metrics.precision(threshold(options.thresholds)),
    ["thresholds"],
  ),
  "keras/keras.metrics.R2Score": stream(() => metrics.r2Score),
  "keras/keras.metrics.Recall": stream(
    (options) => metrics.recall(threshold(options.thresholds)),
    ["thresholds"],
  ),
  "keras/keras.metrics.RootMeanSquaredError": stream(() => metrics.rootMeanSquaredError),
  "keras/keras.metrics.SparseCategoricalAccuracy": stream(() => metrics.accuracy),
  "keras/keras.metrics.SparseTopKCategoricalAccuracy": stream(
    ({ k = 5 }) => metrics.topKAccuracy(k as number),
    ["k"],
  ),
  "keras/keras.metrics.TopKCategoricalAccuracy": stream(
    ({ k = 5 }) => metrics.topKAccuracy(k as number),
    ["k"],
  ),
  "sklearn/sklearn.metrics.accuracy_score": ofLabels(() => metrics.accuracy),
  "sklearn/sklearn.metrics.balanced_accuracy_score": ofLabels((classes) =>
    metrics.balancedAccuracy(classes),
  ),
  "sklearn/sklearn.metrics.average_precision_score": ofRanking(metrics.averagePrecision),
  "sklearn/sklearn.metrics.brier_score_loss": ofScores(metrics.meanSquaredError),
  "sklearn/sklearn.metrics.cohen_kappa_score": ofLabels((classes) => metrics.cohenKappa(classes)),
  "sklearn/sklearn.metrics.confusion_matrix": confusion,
  "sklearn/sklearn.metrics.f1_score": ofClasses(({ classes, average }) =>
    metrics.fBeta({ classes: classes!, average: average! }),
  ),
  "sklearn/sklearn.metrics.fbeta_score": ofClasses(metrics.fBeta),
  "sklearn/sklearn.metrics.jaccard_score": ofLabels(
    (classes, { average, zero_division = 0 }) =>
      average === "macro" && zero_division === 0
        ? metrics.meanIoU(classes)
        : notCovered(`average ${String(average)}`),
    ["average", "zero_division"],
  ),
  "sklearn/sklearn.metrics.matthews_corrcoef": ofLabels((classes) =>
    metrics.matthewsCorrelation(classes),
  ),
  "sklearn/sklearn.metrics.precision_score": ofClasses(({ classes, average }) =>
    metrics.precision({ classes: classes!, average: average! }),
  ),
  "sklearn/sklearn.metrics.recall_score": ofClasses(({ classes, average }) =>
    metrics.recall({ classes: classes!, average: average! }),
  ),
  "sklearn/sklearn.metrics.log_loss": ofScores(metrics.binaryLogLoss({ from: "probabilities" })),
  "sklearn/sklearn.metrics.roc_auc_score": ofRanking(metrics.auc),
  "numpy/expected_calibration_error": calibration,
});
