import type { Rule } from "../finding.js";

/**
 * Labels are the indices of classes, 0 … C − 1. Another label selects no output: its loss is of
 * another class or of nothing. A binary cross entropy takes probabilities: with a target outside
 * [0, 1] it has no minimum.
 */
export const labelsOutOfRange: Rule = {
  id: "labelsOutOfRange",
  reference: "https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html",
  explains: [
    "missingClass",
    "initialValuesTooLarge",
    "learningRateTooHigh",
    "explodingGradients",
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
  examine({ setup: { loss, classes }, data }) {
    if (loss === "binaryCrossEntropy" && data) {
      const { min, max } = data.targets;
      if (min >= 0 && max <= 1) return undefined;
      return { severity: "error", kind: "binary", evidence: { min, max } };
    }
    if (loss !== "crossEntropy" || classes === undefined || !data?.classCounts) return undefined;
    const { min, max } = data.targets;
    // Other negative labels may be those that a loss ignores.
    const fromMinusOne = min === -1 && max === classes - 2;
    if (max < classes && !fromMinusOne) return undefined;
    const kind = min === 1 && max === classes ? "fromOne" : "other";
    return { severity: "error", kind, evidence: { min, max, classes, largest: classes - 1 } };
  },
};
