import type { Rule } from "../finding.js";
import { explosionIn } from "../internal/explosion.js";
import { layerOf } from "../internal/layers.js";
import { median } from "../internal/numbers.js";
import { kernelsIn } from "../internal/observed.js";
import type { ObservedStep, RunRecord } from "../record.js";

/** This multiple of its usual norm is a spike. */
const spike = 10;

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
    const explosion = explosionIn(record);
    if (!explosion) return undefined;
    const { index, norms } = explosion;
    const { value, gradient, update } = norms[index]!;
    const observed = record.observed[index]!;
    const usual = median(norms.map((step) => step.gradient));
    const layer = largestLayer(record, observed);
    return {
      severity: "error",
      where: layer,
      kind: gradient > spike * usual ? "spike" : "always",
      evidence: { step: observed.step, layer, gradient, value, update: update / value, usual },
    };
  },
};

/** The layer whose gradient has the largest norm in relation to its values. */
function largestLayer(record: RunRecord, observed: ObservedStep): string {
  const kernels = kernelsIn(record, observed);
  const length = ({ gradientNorm, norm }: (typeof kernels)[number]) => gradientNorm / (norm || 1);
  const [first, ...others] = kernels;
  return layerOf(others.reduce((most, k) => (length(k) > length(most) ? k : most), first!).path);
}
