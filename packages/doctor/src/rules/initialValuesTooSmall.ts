import type { Rule } from "../finding.js";
import { gainsIn, layersOf } from "../internal/layers.js";
import { product } from "../internal/numbers.js";
import { firstStep } from "../internal/observed.js";

/** Below this product of the other layers' gains, even the largest gradient is tiny. */
const leastProduct = 1e-3;

/**
 * Initial values are too small: each layer shrinks what it is given.
 *
 * A kernel's gradient is in proportion to the product of the gains of all *other* layers. If even
 * the largest of these products is small, no layer can begin to learn; gains of Glorot's scheme are
 * about 1. Networks with residual connections are left aside: there, signals pass by the layers.
 */
export const initialValuesTooSmall: Rule = {
  id: "initialValuesTooSmall",
  reference:
    "Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural " +
    "networks, section 4.2, https://proceedings.mlr.press/v9/glorot10a.html",
  explains: [
    "deadUnits",
    "vanishingGradients",
    "noGradient",
    "dropoutTooStrong",
    "learningRateTooLow",
    "notLearning",
    "underfitting",
    "batchNotLearnt",
  ],
  examine(record) {
    const observed = firstStep(record);
    const inRow = layersOf(record).every(
      ({ path }) => !/(^|\/)(body|shortcut|branch\d+)(\/|$)/.test(path),
    );
    if (!observed || !inRow) return undefined;
    const gains = gainsIn(record, observed);
    if (gains.length < 2) return undefined;
    const sizes = gains.map(({ gain }) => gain);
    const least = Math.min(...sizes);
    const others = [...sizes];
    others.splice(sizes.indexOf(least), 1);
    if (!(product(others) < leastProduct)) return undefined;
    const { layer, gain } = gains[sizes.indexOf(least)]!;
    return {
      severity: "error",
      where: layer.path,
      evidence: { layer: layer.path, gain, product: product(others), layers: gains.length },
    };
  },
};
