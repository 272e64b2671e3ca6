import { badArgument, known } from "@tenon/guards";
import { axisOf, sizeOf, tensor, where, zeros, type Tensor } from "@tenon/tensor";
import { checkClassWeights, checkFraction, checkIgnoreIndex } from "./internal/check.js";
import { checkTensors, sameShape, show } from "./internal/check.js";
import { labelsOf } from "./internal/classes.js";
import { reduce } from "./internal/reduce.js";
import { weighted } from "./internal/weighted.js";
import type { Reduction, ReductionOptions } from "./reduction.js";

export interface CrossEntropyOptions extends ReductionOptions {
  /**
   * Label smoothing: the fraction ε of each target that is divided evenly among all classes: (1 −
   * ε) t + ε / classes. In [0, 1]. @defaultValue 0
   */
  readonly labelSmoothing?: number;
  /**
   * How much each class counts. With labels, the mean divides by the sum of the labels' weights, as
   * PyTorch's does. @defaultValue all 1
   */
  readonly classWeights?: readonly number[];
  /**
   * A label that means nothing: its example adds no loss, and does not count in the mean.
   * @defaultValue none
   */
  readonly ignoreIndex?: number;
  /** The axis of the classes. @defaultValue -1 */
  readonly axis?: number;
}

/**
 * How surprised a classifier is by the right answer: −Σ t log p, with p = softmax(logits). In nats.
 *
 * Targets are distinguished by their shape. That of the logits without the class axis: labels,
 * int32 from 0, and the loss of each is log Σ eˣ − x[label]. That of the logits: a probability for
 * each class, one-hot or not. Its gradient is (p − t) / n.
 *
 * Label smoothing: Szegedy et al. (2016), Rethinking the Inception architecture, section 7.
 * arXiv:1512.00567
 *
 * @param logits `[n, classes]`, before any softmax; more axes may stand between
 * @returns a scalar; with `reduction: "none"`, the losses in the logits' shape without the class
 *   axis
 * @throws if the targets' shape or kind fits neither reading
 */
export function crossEntropy(
  logits: Tensor,
  targets: Tensor,
  options: CrossEntropyOptions = {},
): Tensor {
  const {
    labelSmoothing = 0,
    classWeights,
    ignoreIndex,
    axis = -1,
    reduction,
  } = known("crossEntropy", options, "labelSmoothing classWeights ignoreIndex axis reduction");
  checkTensors("crossEntropy", logits, targets);
  const classAxis = axisOf("crossEntropy", axis, logits.shape.length);
  const classes = logits.shape[classAxis]!;
  checkFraction("crossEntropy", "labelSmoothing", labelSmoothing);
  checkIgnoreIndex("crossEntropy", ignoreIndex);
  checkClassWeights("crossEntropy", classWeights, classes);
  const given = { labelSmoothing, classWeights, ignoreIndex, reduction, classAxis };
  return sameShape(targets.shape, logits.shape)
    ? ofProbabilities(logits, targets, given)
    : ofLabels(logits, targets, given);
}

/** The options, checked, with the axis of the classes counted from the front. */
interface Given {
  readonly labelSmoothing: number;
  readonly classWeights: readonly number[] | undefined;
  readonly ignoreIndex: number | undefined;
  readonly reduction: Reduction | undefined;
  readonly classAxis: number;
}

/** x − max, whose exponentials do not overflow, and log Σ of them: −log p is sums − centred. */
function parts(x: Tensor, axis: number): { readonly sums: Tensor; readonly centred: Tensor } {
  const centred = x.sub(x.max(axis, true).detach());
  return { sums: centred.exp().sum(axis, true).log(), centred };
}

/** The weights of classes along their axis, whichever it is. */
const alongClasses = (weights: readonly number[], { shape }: Tensor, axis: number): Tensor =>
  tensor(weights, [shape[axis]!, ...shape.slice(axis + 1).map(() => 1)]);

function ofProbabilities(
  logits: Tensor,
  targets: Tensor,
  { labelSmoothing, classWeights, ignoreIndex, reduction, classAxis }: Given,
): Tensor {
  if (ignoreIndex !== undefined)
    throw badArgument(
      "crossEntropy",
      "no ignoreIndex with probabilities",
      "one",
      "give the examples to ignore zeros as targets",
    );
  const { sums, centred } = parts(logits, classAxis);
  const even = labelSmoothing / logits.shape[classAxis]!;
  const smooth = labelSmoothing > 0 ? targets.mul(1 - labelSmoothing).add(even) : targets;
  const weights = classWeights && alongClasses(classWeights, logits, classAxis);
  return reduce(
    "crossEntropy",
    weighted(weights ? smooth.mul(weights) : smooth, sums.sub(centred)).sum(classAxis),
    reduction,
  );
}

function ofLabels(
  logits: Tensor,
  targets: Tensor,
  { labelSmoothing, classWeights, ignoreIndex, reduction, classAxis }: Given,
): Tensor {
  const without = logits.shape.filter((_, i) => i !== classAxis);
  if (!sameShape(targets.shape, without) || targets.dtype !== "int32")
    throw badArgument(
      "crossEntropy",
      `targets as int32 labels ${show(without)} or as probabilities ${show(logits.shape)}`,
      `${targets.dtype} ${show(targets.shape)}`,
      targets.dtype === "int32" || sizeOf(targets.shape) !== sizeOf(without)
        ? ""
        : "cast labels to int32; columnsOf's categories makes them of a table's numbers",
    );
  const kept = ignoreIndex === undefined ? undefined : targets.notEqual(ignoreIndex);
  const labels = kept ? where(kept, targets, 0) : targets;
  const drop = (losses: Tensor): Tensor => (kept ? where(kept, losses, 0) : losses);
  // What is ignored may be anything, even NaN, and must not come back in the gradients as 0 · NaN.
  const { sums, centred } = parts(
    kept ? where(kept.expandDims(classAxis), logits, 0) : logits,
    classAxis,
  );
  const sum = sums.reshape(without);
  const use = labelsOf("crossEntropy", targets);
  const targetLogits = centred
    .takeAlong(labels.expandDims(classAxis), classAxis, use)
    .reshape(without);
  const weights = classWeights && alongClasses(classWeights, logits, classAxis);
  const targetWeights = classWeights && tensor(classWeights).gather(labels, 0, use);

  // The term of the target class, then that of all classes; 0 times an infinite loss is 0, not NaN.
  const fraction = 1 - labelSmoothing;
  const scaled = (losses: Tensor): Tensor =>
    fraction === 0 ? zeros(without) : fraction === 1 ? losses : losses.mul(fraction);
  let losses = targetWeights
    ? scaled(weighted(targetWeights, sum.sub(targetLogits)))
    : sum.sub(scaled(targetLogits));
  if (labelSmoothing > 0)
    losses = targetWeights
      ? losses.add(weighted(weights!, sums.sub(centred)).mean(classAxis).mul(labelSmoothing))
      : losses.sub(centred.mean(classAxis).mul(labelSmoothing));
  const count = targetWeights ? drop(targetWeights).sum() : kept?.sum();
  return reduce("crossEntropy", drop(losses), reduction, count);
}
