import { badArgument, flag, known, shown } from "@tenon/guards";
import {
  arange,
  concat,
  cumprod,
  full,
  type IndexUse,
  isTensor,
  logSumExp,
  pad,
  scan,
  slice,
  stack,
  type Tensor,
  where,
  zeros,
} from "@tenon/tensor";
import { checkTensors, sameShape, show } from "./internal/check.js";
import { labelsOf } from "./internal/classes.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface CtcOptions extends ReductionOptions {
  /** The class that means no label. @defaultValue 0 */
  readonly blank?: number;
  /** How many steps each example has, int32 [n]; more than there are are all. @defaultValue all */
  readonly inputLengths?: Tensor;
  /**
   * How many labels each example has, int32 [n]. @defaultValue those in front of its first label
   * that is the blank or negative
   */
  readonly targetLengths?: Tensor;
  /**
   * Whether the loss of an example with more labels than its steps can hold is 0 instead of
   * infinite. Neither has a gradient. @defaultValue false
   */
  readonly zeroInfinity?: boolean;
}

/** What stands for the logarithm of a probability of 0, whose differences have to be numbers. */
const never = -1e30;

/**
 * Connectionist temporal classification: how surprising a short sequence of labels is, of which a
 * long sequence of predictions does not say where they are. −log Σ Π p over all alignments, which
 * are the labels with repetitions and with blanks between them. In nats.
 *
 * With s over the labels and the blanks around them, αₜ(s) = p(s) (αₜ₋₁(s) + αₜ₋₁(s − 1) +
 * αₜ₋₁(s − 2)), the last one only for a label that is not the one before it; in logarithms.
 *
 * The mean is over examples, each divided by its number of labels, as PyTorch's; `"sum"` and
 * `"none"` do not divide. PyTorch takes logarithms of probabilities, [steps, n, classes]; so may
 * this loss, since their softmax is themselves. PyTorch: `ctc_loss`; Keras: `CTC`; optax:
 * `ctc_loss`.
 *
 * Graves et al. (2006), Connectionist temporal classification, equations 6 to 8,
 * doi:10.1145/1143844.1143891
 *
 * @param predictions logits `[n, steps, classes]`
 * @param targets int32 labels `[n, labels]`, filled up at the end with the blank or with −1
 * @returns a scalar; with `reduction: "none"`, the losses `[n]`
 * @throws when it runs, where a label is no class, or a length is negative or, of targets, more
 *   than there are
 */
export function ctc(predictions: Tensor, targets: Tensor, options: CtcOptions = {}): Tensor {
  const {
    blank = 0,
    inputLengths,
    targetLengths,
    zeroInfinity = false,
    reduction,
  } = known("ctc", options, "blank inputLengths targetLengths zeroInfinity reduction");
  const [n, steps, classes] = checkSequences(predictions, targets);
  if (!Number.isInteger(blank) || blank < 0 || blank >= classes)
    throw badArgument("ctc", `blank as a class from 0 to ${classes - 1}`, shown(blank));
  checkLengths("inputLengths", inputLengths, n);
  checkLengths("targetLengths", targetLengths, n);
  flag("ctc", "zeroInfinity", zeroInfinity);

  const isLabel = targetLengths
    ? arange(targets.shape[1]!).less(targetLengths.expandDims(1))
    : cumprod(targets.notEqual(blank).mul(targets.greaterEqual(0)), 1);
  const lengths = targetLengths ? countsOf(targetLengths, targets) : isLabel.sum(1).cast("int32");
  const labels = checked(where(isLabel, targets, blank), classes, labelsOf("ctc", targets));
  const last = lastAlphas(predictions, aroundEach(labels, blank), {
    blank,
    isStep: arange(steps)
      .expandDims(1)
      .less(inputLengths ? stepsOf(inputLengths, steps) : steps),
  });

  const end = lengths.mul(2).expandDims(1); // the blank behind the last label
  const atLabel = last.takeAlong(end.sub(1).maximum(0), 1);
  const ends = [last.takeAlong(end, 1), where(end.greater(0), atLabel, never)];
  const logs = logSumExp(stack(ends), 0).reshape([n]);
  const losses = where(logs.less(never / 10), zeroInfinity ? 0 : Infinity, logs.neg());
  return reduce(
    "ctc",
    reduction === undefined || reduction === "mean" ? losses.div(lengths.maximum(1)) : losses,
    reduction,
  );
}

/** The same indices, which an engine that finds one outside [0, n) refuses with these words. */
const checked = (indices: Tensor, n: number, use: IndexUse): Tensor =>
  arange(n).gather(indices, 0, use);

/** How many labels each example has: at most those that there are. */
const countsOf = (lengths: Tensor, { shape }: Tensor): Tensor =>
  checked(lengths, shape[1]! + 1, {
    by: "ctc",
    indices: "targetLengths",
    limit: "one more than there are labels",
  });

/** How many steps each example has: all, where more are given than there are. */
const stepsOf = (lengths: Tensor, steps: number): Tensor =>
  checked(lengths.minimum(steps), steps + 1, {
    by: "ctc",
    indices: "inputLengths",
    limit: "one more than there are steps",
  });

interface Places {
  readonly blank: number;
  /** Whether an example has a step, [steps, n] or [steps, 1]. */
  readonly isStep: Tensor;
}

/**
 * αₜ after the last step of each example, [n, places]: logarithms of the probabilities that the
 * predictions so far are the places up to s.
 *
 * @param places labels and the blanks around them, int32 [n, places]
 */
function lastAlphas(predictions: Tensor, places: Tensor, { blank, isStep }: Places): Tensor {
  const [n, count] = places.shape as [number, number];
  const steps = predictions.shape[1]!;
  const logs = predictions
    .logSoftmax()
    .takeAlong(places.expandDims(1).broadcastTo([n, steps, count]), 2)
    .maximum(never);
  /** What was some places before; in front of the first there is `none`. */
  const before = (x: Tensor, by: number, none: number): Tensor =>
    slice(pad(x, [[0, 0], [by, 0]], none), [0, 0], [n, count]); // prettier-ignore
  const canSkip = places.notEqual(blank).mul(places.notEqual(before(places, 2, blank)));
  const start = concat([zeros([n, 1]), full([n, count - 1], never)], 1);
  return scan(
    (alpha: Tensor, { p, goes }: { readonly p: Tensor; readonly goes: Tensor }) => {
      const skipped = where(canSkip, before(alpha, 2, never), never);
      const next = logSumExp(stack([alpha, before(alpha, 1, never), skipped]), 0).add(p);
      return { state: where(goes.expandDims(1), next, alpha), outputs: {} };
    },
    start,
    { p: logs.transpose([1, 0, 2]), goes: isStep },
  ).state;
}

/** Labels [n, m] with a blank around each, [n, 2 m + 1]. */
function aroundEach(labels: Tensor, blank: number): Tensor {
  const [n, m] = labels.shape as [number, number];
  const pairs = stack([full([n, m], blank, "int32"), labels], 2).reshape([n, 2 * m]);
  return concat([pairs, full([n, 1], blank, "int32")], 1);
}

/** The sizes [n, steps, classes] of the predictions. Throws unless there are targets for them. */
function checkSequences(predictions: Tensor, targets: Tensor): [number, number, number] {
  checkTensors("ctc", predictions, targets);
  const { shape } = predictions;
  if (shape.length !== 3) throw badArgument("ctc", "predictions [n, steps, classes]", show(shape));
  if (targets.shape.length !== 2 || targets.shape[0] !== shape[0] || targets.dtype !== "int32")
    throw badArgument(
      "ctc",
      `targets as int32 labels [${shape[0]}, labels]`,
      `${targets.dtype} ${show(targets.shape)}`,
    );
  return shape as readonly number[] as [number, number, number];
}

function checkLengths(what: string, lengths: Tensor | undefined, n: number): void {
  if (lengths === undefined) return;
  if (!isTensor(lengths) || lengths.dtype !== "int32" || !sameShape(lengths.shape, [n]))
    throw badArgument("ctc", `${what} as an int32 tensor [${n}]`, shown(lengths));
}
