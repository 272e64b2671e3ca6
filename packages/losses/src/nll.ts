import { known } from "@tenon/guards";
import { tensor, where, type Tensor } from "@tenon/tensor";
import { checkClassWeights, checkIgnoreIndex, checkLabels } from "./internal/check.js";
import { labelsOf, ofClass } from "./internal/classes.js";
import { reduce } from "./internal/reduce.js";
import { weighted } from "./internal/weighted.js";
import type { ReductionOptions } from "./reduction.js";

export interface NllOptions extends ReductionOptions {
  /**
   * How much each class counts. The mean divides by the sum of the labels' weights, as PyTorch's
   * does. @defaultValue all 1
   */
  readonly classWeights?: readonly number[];
  /**
   * A label that means nothing: its example adds no loss, and does not count in the mean.
   * @defaultValue none
   */
  readonly ignoreIndex?: number;
}

/**
 * How surprised a classifier that gives logarithms of probabilities is by the right answer:
 * −log p[label]. In nats. Of logits, `crossEntropy` is the same and computes less.
 *
 * @param logProbabilities `[…, classes]`, such as `logits.logSoftmax()`
 * @param labels `[…]`, int32 from 0
 * @returns a scalar; with `reduction: "none"`, the losses in the labels' shape
 */
export function nll(logProbabilities: Tensor, labels: Tensor, options: NllOptions = {}): Tensor {
  const { classWeights, ignoreIndex, reduction } = known(
    "nll",
    options,
    "classWeights ignoreIndex reduction",
  );
  const classes = checkLabels("nll", logProbabilities, labels);
  checkClassWeights("nll", classWeights, classes);
  checkIgnoreIndex("nll", ignoreIndex);
  const kept = ignoreIndex === undefined ? undefined : labels.notEqual(ignoreIndex);
  const safe = kept ? where(kept, labels, 0) : labels;
  const drop = (values: Tensor): Tensor => (kept ? where(kept, values, 0) : values);
  const surprise = drop(ofClass("nll", logProbabilities, safe).reshape(labels.shape).neg());
  const weights = classWeights && drop(tensor(classWeights).gather(safe, 0, labelsOf("nll", safe)));
  const losses = weights ? weighted(weights, surprise) : surprise;
  return reduce("nll", losses, reduction, weights ? weights.sum() : kept?.sum());
}
