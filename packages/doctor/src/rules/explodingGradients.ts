import type { Rule } from "../finding.js";
import { layerOf } from "../internal/layers.js";
import { median } from "../internal/numbers.js";
import { kernelsIn, normsIn } from "../internal/observed.js";
import type { ObservedStep, RunRecord } from "../record.js";

/**
 * A gradient that is ten times as long as the values it belongs to: with the usual rates of plain
 * gradient descent, 0.01 to 0.1, a step changes the values by a tenth or all of their size.
 */
const longest = 10;
/**
 * And it does change them so much; where gradients are clipped or divided by their size, it does
 * not.
 */
const largestUpdate = 0.1;

/** Gradients that are so large that a step destroys what was learnt. */
export const explodingGradients: Rule = {
  id: "explodingGradients",
  reference:
    "Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent neural networks, " +
    "section 3.2, https://arxiv.org/abs/1211.5063",
  explains: [
    "saturatedUnits",
    "deadUnits",
    "vanishingGradients",
    "noGradient",
    "learningRateTooLow",
    "nonFinite",
    "notLearning",
    "overfitting",
    "underfitting",
    "batchNormStatistics",
    "batchNotLearnt",
  ],
  examine(record) {
    const lengths = record.observed.map((step) => normsIn(record, step));
    const index = lengths.findIndex(
      ({ value, gradient, update }) =>
        value > 0 && gradient > longest * value && update > largestUpdate * value,
    );
    if (index < 0) return undefined;
    const { value, gradient, update } = lengths[index]!;
    const observed = record.observed[index]!;
    const usual = median(lengths.map((length) => length.gradient));
    const layer = largestLayer(record, observed);
    return {
      severity: "error",
      where: layer,
      kind: gradient > longest * usual ? "spike" : "always",
      evidence: { step: observed.step, layer, gradient, value, update: update / value, usual },
    };
  },
};

/** The layer whose gradient is the longest beside its values. */
function largestLayer(record: RunRecord, observed: ObservedStep): string {
  const kernels = kernelsIn(record, observed);
  const length = ({ gradientNorm, norm }: (typeof kernels)[number]) => gradientNorm / (norm || 1);
  const [first, ...others] = kernels;
  return layerOf(others.reduce((most, k) => (length(k) > length(most) ? k : most), first!).path);
}
