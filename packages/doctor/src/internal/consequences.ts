import type { FindingId } from "../finding.js";

/** What may follow where the values in the whole network are wrong from the start. */
export const ofWrongValues: readonly FindingId[] = [
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
  "rateDecayedTooEarly",
  "nonFinite",
  "notLearning",
  "overfitting",
  "underfitting",
  "batchNormStatistics",
  "batchNotLearnt",
];
