import type { Rule } from "../finding.js";

/**
 * Above this fraction of constant features there is little left to learn from. Images have constant
 * borders: a tenth of MNIST's pixels are always 0, half of them in a few hundred digits.
 */
const mostConstant = 0.9;

/**
 * Inputs that are the same in every example: a constant feature acts as a bias and carries nothing
 * about the target.
 */
export const constantInputs: Rule = {
  id: "constantInputs",
  reference: "https://scikit-learn.org/stable/modules/feature_selection.html (variance threshold)",
  explains: [
    "unscaledInputs",
    "initialValuesTooLarge",
    "initialValuesTooSmall",
    "learningRateTooHigh",
    "explodingGradients",
    "saturatedUnits",
    "deadUnits",
    "vanishingGradients",
    "noGradient",
    "dropoutTooStrong",
    "learningRateTooLow",
    "notLearning",
    "overfitting",
    "underfitting",
    "batchNormStatistics",
    "batchNotLearnt",
  ],
  examine({ data, observed }) {
    const batch = observed.at(-1)?.input;
    if (data && data.examples > 1) {
      const { constantFeatures, features, examples } = data;
      if (constantFeatures < mostConstant || (constantFeatures < 1 && features < 10))
        return undefined;
      return {
        severity: constantFeatures === 1 ? "error" : "warning",
        kind: constantFeatures === 1 ? "all" : "most",
        evidence: { constant: constantFeatures, features, examples },
        ...(constantFeatures < 1 && { explains: [] }),
      };
    }
    if (batch?.std !== 0 || batch.nonFinite > 0) return undefined;
    return { severity: "error", kind: "batch", evidence: { value: batch.mean } };
  },
};
