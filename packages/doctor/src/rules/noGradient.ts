import type { Rule } from "../finding.js";
import { isNorm, layerOf, layersOf, sourceOf } from "../internal/layers.js";

/**
 * It has to stay so in this many observed steps; a last layer of zeros passes no gradient at first.
 */
const persists = 3;

/**
 * A parameter whose gradient is exactly 0 in every observed step: the loss does not depend on it.
 */
export const noGradient: Rule = {
  id: "noGradient",
  reference: "https://docs.pytorch.org/docs/stable/notes/autograd.html",
  explains: ["learningRateTooLow", "notLearning", "underfitting", "batchNotLearnt"],
  examine(record) {
    const { observed } = record;
    if (observed.length < persists) return undefined;
    const normed = layersOf(record)
      .filter(isNorm)
      .map((layer) => sourceOf(record, layer));
    const paths = Object.keys(observed[0]!.params);
    const still = paths.filter((path) =>
      observed.every(({ params }) => params[path]?.gradientNorm === 0),
    );
    // A normalization takes away whatever a bias in front of it adds.
    const stuck = still.filter(
      (path) => !(path.endsWith("bias") && normed.includes(layerOf(path))),
    );
    if (stuck.length === 0) return undefined;
    return {
      severity: "warning",
      where: stuck[0]!,
      evidence: {
        parameter: stuck[0]!,
        count: stuck.length,
        of: paths.length,
        steps: observed.length,
      },
    };
  },
};
