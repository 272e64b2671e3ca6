import type { Rule } from "../finding.js";
import { gainsIn, layersOf, shapesOf } from "../internal/layers.js";
import { isContinued, lossAtStart } from "../internal/losses.js";
import { product } from "../internal/numbers.js";
import { firstStep } from "../internal/observed.js";
import type { ObservedStep, RunRecord } from "../record.js";

/**
 * Logits of variance v cost v / 2 more than the loss of one that says nothing. He's and Glorot's
 * schemes give v ≤ 2, thus 1; three times as much is too large.
 */
const mostExcess = 3;
/** He's scheme has √2, Glorot's at most that: this is a variance fifty times as large. */
const mostGain = 10;

/**
 * Initial values are too large: before training the network is sure of wrong answers, or a layer
 * makes its input many times larger. Nothing is said of values that were trained before: the first
 * loss on other labels is high, and soon falls.
 */
export const initialValuesTooLarge: Rule = {
  id: "initialValuesTooLarge",
  reference:
    "He, Zhang, Ren & Sun (2015), Delving deep into rectifiers, section 2.2, " +
    "https://arxiv.org/abs/1502.01852; Karpathy (2019), " +
    "https://karpathy.github.io/2019/04/25/recipe/",
  explains: [
    "learningRateTooHigh",
    "explodingGradients",
    "saturatedUnits",
    "deadUnits",
    "vanishingGradients",
    "noGradient",
    "dropoutTooStrong",
    "learningRateTooLow",
    "nonFinite",
    "notLearning",
    "overfitting",
    "underfitting",
    "batchNotLearnt",
  ],
  examine(record) {
    const [expected, loss] = [lossAtStart(record), record.losses.first[0]];
    const observed = firstStep(record);
    if (isContinued(record) || (observed && areTrained(record, observed))) return undefined;
    const gains = observed ? gainsIn(record, observed) : [];
    const widest = gains.reduce<(typeof gains)[number] | undefined>(
      (most, gain) => (most === undefined || gain.gain > most.gain ? gain : most),
      undefined,
    );
    const where = widest && widest.gain > 2 ? widest.layer.path : undefined;
    const layer = where === undefined ? {} : { layer: where, gain: widest!.gain };
    const excess = mostExcess * varianceOfDropouts(record);
    if (expected !== undefined && loss !== undefined && loss > expected + excess)
      return {
        severity: observed ? "error" : "warning",
        ...(where !== undefined && { where }),
        kind: where === undefined ? "loss" : "lossOfLayer",
        evidence: { loss, expected, ...layer },
      };
    if (!widest || !(widest.gain > mostGain)) return undefined;
    return { severity: "error", where: widest.layer.path, kind: "layer", evidence: layer };
  },
};

/**
 * Whether values were trained before: no bias is zero, and they are not all of one size. Initial
 * ones are constants.
 */
function areTrained(record: RunRecord, { params }: ObservedStep): boolean {
  const shapes = shapesOf(record);
  const sizes = Object.entries(params)
    .filter(([path]) => path.endsWith("bias") && (shapes[path]?.length ?? 1) === 1)
    .map(([, { norm, size }]) => norm / Math.sqrt(size));
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return sizes.length > 0 && least > 0 && most > 1.001 * least;
}

/**
 * A dropout of rate p multiplies the variance of what comes after it by up to 1 / (1 − p). Twice is
 * usual; what is more is not the fault of initial values.
 */
const varianceOfDropouts = (record: RunRecord): number =>
  product(layersOf(record).map(({ rate = 0 }) => Math.max(1, 0.5 / (1 - rate))));
