import type { Rule } from "../finding.js";
import { hasKernel, isInRow, isLinear, layersOf } from "../internal/layers.js";

/**
 * Layers with kernels follow each other without a nonlinear function between them: their product is
 * one linear map, W₂(W₁x) = (W₂W₁)x. More layers add nothing. Networks with branches are left
 * aside: there, what one layer gives is taken by several.
 */
export const noNonlinearity: Rule = {
  id: "noNonlinearity",
  reference: "Goodfellow, Bengio & Courville (2016), Deep Learning, section 6.1",
  explains: ["notLearning", "underfitting", "batchNotLearnt"],
  examine(record) {
    const layers = layersOf(record);
    const positions = layers.flatMap((layer, i) => (hasKernel(layer) ? [i] : []));
    const [first, last] = [positions[0], positions.at(-1)];
    if (first === undefined || last === undefined || first === last) return undefined;
    if (!layers.every(isInRow) || !layers.slice(first, last).every(isLinear)) return undefined;
    return {
      severity: "warning",
      where: layers[first]!.path,
      evidence: { layers: positions.length, first: layers[first]!.path, last: layers[last]!.path },
    };
  },
};
