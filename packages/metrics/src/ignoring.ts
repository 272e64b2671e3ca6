import type { Json, Metric, NDArray } from "@tenon/contracts";
import { badArgument, made, noOptions, shown } from "@tenon/guards";
import { checkArrays, show } from "./internal/check.js";
import { weightsOf } from "./internal/weights.js";

/**
 * A metric that leaves out examples with a certain label, as `crossEntropy` does with
 * `ignoreIndex`.
 *
 * Targets: labels, of any shape; a weight of an example is that of its labels. Predictions: one
 * value for each of them, or a row of values along the last axis. Throws where the shapes do not go
 * together, or the label is NaN.
 */
export function ignoring<S extends Json>(metric: Metric<S>, label: number): Metric<S> {
  noOptions("ignoring", arguments[2]);
  made("ignoring", "a metric", metric, "update result", "accuracy");
  if (typeof label !== "number" || Number.isNaN(label))
    throw badArgument("ignoring", "a label", shown(label));
  return {
    ...metric,
    update(state: S, predictions: NDArray, targets: NDArray, weights?: NDArray): S {
      checkArrays("ignoring", ["predictions", predictions], ["targets", targets]);
      const count = targets.data.length;
      const width = count === 0 ? 1 : predictions.data.length / count;
      if (!Number.isInteger(width)) {
        throw badArgument(
          "ignoring",
          "a value or a row of predictions for each label",
          `${show(predictions.shape)} for ${show(targets.shape)}`,
        );
      }
      const kept = Array.from(targets.data, (_, i) => i).filter((i) => targets.data[i] !== label);
      if (kept.length === count) return metric.update(state, predictions, targets, weights);
      const rows = ({ dtype, data }: NDArray, size: number, shape: readonly number[]): NDArray => {
        const values = data.slice(0, kept.length * size);
        kept.forEach((i, row) => values.set(data.subarray(i * size, (i + 1) * size), row * size));
        return { shape, dtype, data: values };
      };
      const keptShape =
        predictions.shape.length > targets.shape.length || width > 1
          ? [kept.length, width]
          : [kept.length];
      const weight = weightsOf("ignoring", weights, targets.shape);
      return metric.update(
        state,
        rows(predictions, width, keptShape),
        rows(targets, 1, [kept.length]),
        weights && {
          shape: [kept.length],
          dtype: "float32",
          data: Float64Array.from(kept, weight),
        },
      );
    },
  };
}
