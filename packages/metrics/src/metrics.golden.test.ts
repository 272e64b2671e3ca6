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
  readonly outputs: { readonly plain: GoldenArray };
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

const close = (row: Row, got: number, expected: GoldenArray): void =>
  expectClose([got], expected.data, toleranceOf(row));

/** The row's options, all of which must be among the known ones. */
function optionsOf(row: Row, ...known: string[]): Options {
  for (const name of Object.keys(row.options))
    if (!known.includes(name)) notCovered(`option ${name}`);
  return row.options;
}

/** Keras: after each batch of a stream the metric reads what Keras' reads. */
function stream(
  make: (options: Options, classes: number) => Metric,
  known: readonly string[] = [],
  read: (values: GoldenArray) => NDArray = scores,
): (row: Row) => void {
  return (row) => {
    const { batches, results } = row;
    const metric = make(optionsOf(row, ...known), batches[0].y_pred.shape.at(-1)!);
    if (batches.some((batch) => batch.sample_weight)) notCovered("weights of examples");
    let state = metric.start;
    batches.forEach(({ y_pred, y_true = y_pred }, i) => {
      state = metric.update(state, read(y_pred), read(y_true));
      close(row, metric.result(state), results[i]);
    });
  };
}

/**
 * Keras adds an ε of 10⁻⁷ to every denominator; without an average it gives a score for each class.
 */
function kerasFBeta({ average, beta = 1 }: Options, classes: number): Metric {
  if (average !== "macro" && average !== "micro" && average !== "weighted")
    return notCovered("a score for each class, with ε");
  return metrics.fBeta({ classes, average, beta: beta as number, eps: 1e-7 });
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
    const {
      inputs: { y_true, y_pred },
      outputs,
    } = row;
    const metric = make(1 + Math.max(...y_true.data, ...y_pred.data), optionsOf(row, ...known));
    close(
      row,
      metric.result(metric.update(metric.start, labels(y_pred), labels(y_true))),
      outputs.plain,
    );
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
    inputs: { y_true, y_pred },
    outputs: { plain },
  } = row;
  const metric = metrics.confusionMatrix(plain.shape[0]);
  expect(
    metrics.confusionCounts(metric.update(metric.start, labels(y_pred), labels(y_true))).flat(),
  ).toEqual(plain.data);
}

/** The exact area under ROC: no two scores that differ may fall between the same two thresholds. */
function exactAuc(row: Row): void {
  optionsOf(row);
  const {
    inputs: { y_true, y_score },
    outputs: { plain },
  } = row;
  const metric = metrics.auc({ thresholds: 2 ** 16 + 1 });
  const sorted = [...new Set(y_score.data)].sort((a, b) => a - b);
  if (sorted.some((score, i) => score - sorted[i - 1] < 2 ** -15))
    notCovered("scores nearer to each other than thresholds");
  close(row, metric.result(metric.update(metric.start, scores(y_score), labels(y_true))), plain);
}

function brier(row: Row): void {
  optionsOf(row);
  const {
    inputs: { y_true, y_score },
    outputs: { plain },
  } = row;
  const metric: Metric = metrics.meanSquaredError;
  close(row, metric.result(metric.update(metric.start, scores(y_score), scores(y_true))), plain);
}

goldenSuite("metrics", golden<Row>("metrics"), {
  "keras/keras.metrics.AUC": stream(kerasAuc, ["curve", "num_thresholds"]),
  "keras/keras.metrics.BinaryAccuracy": stream(
    (options) => metrics.binaryAccuracy(threshold(options.threshold)),
    ["threshold"],
  ),
  "keras/keras.metrics.CategoricalAccuracy": stream(() => metrics.accuracy),
  "keras/keras.metrics.CosineSimilarity": stream(() => metrics.cosineSimilarity),
  "keras/keras.metrics.F1Score": stream(kerasFBeta, ["average"]),
  "keras/keras.metrics.FBetaScore": stream(kerasFBeta, ["average", "beta"]),
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
  "sklearn/sklearn.metrics.brier_score_loss": brier,
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
  "sklearn/sklearn.metrics.roc_auc_score": exactAuc,
});
