import type { NDArray } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import type { InMemoryDataset } from "./dataset.js";
import { labelsOf } from "./internal/byClass.js";
import { checkInMemory, checkNumbers } from "./internal/check.js";
import { view } from "./internal/view.js";

export interface WeighOptions {
  /** A weight for each class. @defaultValue 1 for all */
  readonly classes?: ArrayLike<number>;
  /** A weight for each example, in the order of the dataset. @defaultValue 1 for all */
  readonly examples?: ArrayLike<number>;
}

/**
 * The same examples with weights: how much each counts in a loss and in metrics, its own weight
 * times that of its class. No example is copied. Keras: `sample_weight` and `class_weight` of
 * `fit`.
 *
 * A loss takes them as `weighted(loss)` of `@tenon/losses`. Throws where the dataset has weights
 * already, there are not as many as examples or classes, or one is negative or not finite.
 */
export function weigh(dataset: InMemoryDataset, options: WeighOptions): InMemoryDataset {
  const { classes, examples } = known("weigh", options, "classes examples");
  checkInMemory("weigh", dataset);
  if (dataset.weights) throw badArgument("weigh", "a dataset without weights", "one that has them");
  if (!classes && !examples) throw badArgument("weigh", "classes or examples", "neither");
  const { source, order, size } = dataset;
  const each = new Float64Array(size).fill(1);
  if (examples) {
    checkNumbers("weigh", "examples", examples);
    if (examples.length !== size)
      throw badArgument("weigh", `${size} weights, one for each example`, examples.length);
    for (let i = 0; i < size; i++) each[i] = examples[i];
  }
  if (classes) {
    checkNumbers("weigh", "classes", classes);
    labelsOf("weigh", dataset).forEach((label, i) => {
      if (label >= classes.length)
        throw badArgument("weigh", `weights of classes up to ${label}`, classes.length);
      each[i] *= classes[label];
    });
  }
  checkWeights(each);
  // Of the source's examples, of which an example may be in the dataset more than once.
  const data = new Float32Array(source.x.shape[0]).fill(1);
  for (let i = 0; i < size; i++) data[order ? order[i] : i] = each[i];
  const other = each.findIndex((weight, i) => Math.fround(weight) !== data[order ? order[i] : i]);
  if (other >= 0)
    throw badArgument(
      "weigh",
      "one weight for an example that comes more than once",
      `another one at ${other}`,
    );
  const weights: NDArray = { shape: [data.length], dtype: "float32", data };
  return view("weigh", { ...source, weights }, order, dataset.units);
}

/** Throws unless these are finite, not negative, and not all 0. */
function checkWeights(weights: Float64Array): void {
  const wrong = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (wrong >= 0)
    throw badArgument(
      "weigh",
      "weights of classes and examples to be finite and ≥ 0",
      `${weights[wrong]} at ${wrong}`,
    );
  if (weights.every((weight) => weight === 0))
    throw badArgument("weigh", "a weight above 0", "0 for all examples");
}
