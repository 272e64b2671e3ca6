import type { Rule } from "./finding.js";
import { batchNormOfOne } from "./rules/batchNormOfOne.js";
import { batchNormStatistics } from "./rules/batchNormStatistics.js";
import { batchNotLearnt } from "./rules/batchNotLearnt.js";
import { constantInputs } from "./rules/constantInputs.js";
import { deadUnits } from "./rules/deadUnits.js";
import { decayOfBiases } from "./rules/decayOfBiases.js";
import { dropoutTooStrong } from "./rules/dropoutTooStrong.js";
import { equalUnits } from "./rules/equalUnits.js";
import { explodingGradients } from "./rules/explodingGradients.js";
import { initialValuesTooLarge } from "./rules/initialValuesTooLarge.js";
import { initialValuesTooSmall } from "./rules/initialValuesTooSmall.js";
import { labelsOutOfRange } from "./rules/labelsOutOfRange.js";
import { learningRateTooHigh } from "./rules/learningRateTooHigh.js";
import { learningRateTooLow } from "./rules/learningRateTooLow.js";
import { lossDoesNotFit } from "./rules/lossDoesNotFit.js";
import { missingClass } from "./rules/missingClass.js";
import { noGradient } from "./rules/noGradient.js";
import { nonFinite } from "./rules/nonFinite.js";
import { noNonlinearity } from "./rules/noNonlinearity.js";
import { notLearning } from "./rules/notLearning.js";
import { overfitting } from "./rules/overfitting.js";
import { penaltyTooStrong } from "./rules/penaltyTooStrong.js";
import { rateDecayedTooEarly } from "./rules/rateDecayedTooEarly.js";
import { saturatedUnits } from "./rules/saturatedUnits.js";
import { underfitting } from "./rules/underfitting.js";
import { unscaledInputs } from "./rules/unscaledInputs.js";
import { vanishingGradients } from "./rules/vanishingGradients.js";

/** All rules, causes before what they cause: a rule may explain only those after it. */
export const rules: readonly Rule[] = [
  lossDoesNotFit,
  batchNormOfOne,
  labelsOutOfRange,
  missingClass,
  constantInputs,
  unscaledInputs,
  initialValuesTooLarge,
  initialValuesTooSmall,
  equalUnits,
  learningRateTooHigh,
  explodingGradients,
  penaltyTooStrong,
  saturatedUnits,
  deadUnits,
  vanishingGradients,
  noGradient,
  dropoutTooStrong,
  decayOfBiases,
  learningRateTooLow,
  rateDecayedTooEarly,
  nonFinite,
  noNonlinearity,
  batchNormStatistics,
  notLearning,
  overfitting,
  underfitting,
  batchNotLearnt,
];
