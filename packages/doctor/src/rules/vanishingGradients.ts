import type { Rule } from "../finding.js";
import { layerOf, layersOf } from "../internal/layers.js";
import { kernelsIn, type Kernel } from "../internal/observed.js";

/** A sigmoid's gradient is at most 1/4: five of them leave 4⁻⁵ ≈ 1e-3. */
const smallest = 1e-3;
/**
 * It has to stay so in this many observed steps; a last layer of zeros passes no gradient at first.
 */
const persists = 3;
/** Functions whose gradient is small far from 0; without them it is the values of kernels. */
const flat = /sigmoid|tanh|softsign/i;
/** In two layers there is nothing to vanish along. */
const leastLayers = 3;

/** The gradient gets smaller from layer to layer, so that the first ones hardly learn. */
export const vanishingGradients: Rule = {
  id: "vanishingGradients",
  reference:
    "Hochreiter (1998), The vanishing gradient problem, " +
    "https://doi.org/10.1142/S0218488598000094; " +
    "Nielsen (2015), http://neuralnetworksanddeeplearning.com/chap5.html",
  explains: ["noGradient", "learningRateTooLow", "notLearning", "underfitting", "batchNotLearnt"],
  examine(record) {
    const { observed, ended } = record;
    // At the end of a short run, all but the first.
    const few = ended !== undefined && observed.length < persists;
    const steps = few ? observed.filter(({ step }) => step > 1) : observed.slice(-persists);
    if (steps.length < (few ? 1 : persists)) return undefined;
    const found = steps.map((step) => weakest(kernelsIn(record, step)));
    const last = found.at(-1);
    if (!last || !found.every((weak) => weak !== undefined && weak.ratio < smallest))
      return undefined;
    const { early, late, ratio, layers } = last;
    const known = layersOf(record);
    const isOfKernels = known.length > 0 && !known.some(({ type }) => flat.test(type));
    return {
      severity: "error",
      where: layerOf(early.path),
      ...(isOfKernels && { kind: "kernels" }),
      evidence: {
        first: layerOf(early.path),
        last: layerOf(late.path),
        gradient: early.gradientSize,
        lastGradient: late.gradientSize,
        ratio,
        layers,
        step: steps.at(-1)!.step,
      },
    };
  },
};

interface Weakest {
  readonly early: Kernel;
  readonly late: Kernel;
  readonly ratio: number;
  readonly layers: number;
}

/**
 * The kernel of the first half with the smallest gradient, and the one with the largest of those
 * after it.
 */
function weakest(kernels: readonly Kernel[]): Weakest | undefined {
  if (kernels.length < leastLayers) return undefined;
  const sizes = kernels.map(({ gradientSize }) => gradientSize);
  const head = sizes.slice(0, Math.ceil(sizes.length / 2));
  const early = head.indexOf(Math.min(...head));
  const tail = sizes.slice(early + 1);
  const late = early + 1 + tail.indexOf(Math.max(...tail));
  if (!(sizes[late]! > 0)) return undefined;
  return {
    early: kernels[early]!,
    late: kernels[late]!,
    ratio: sizes[early]! / sizes[late]!,
    layers: kernels.length,
  };
}
