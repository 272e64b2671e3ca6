import type { RunRecord } from "./record.js";

/** The name of what is found, in the order of `rules`. */
export type FindingId =
  | "lossDoesNotFit"
  | "batchNormOfOne"
  | "labelsOutOfRange"
  | "missingClass"
  | "constantInputs"
  | "unscaledInputs"
  | "initialValuesTooLarge"
  | "initialValuesTooSmall"
  | "learningRateTooHigh"
  | "explodingGradients"
  | "saturatedUnits"
  | "deadUnits"
  | "vanishingGradients"
  | "noGradient"
  | "dropoutTooStrong"
  | "decayOfBiases"
  | "learningRateTooLow"
  | "rateDecayedTooEarly"
  | "nonFinite"
  | "noNonlinearity"
  | "batchNormStatistics"
  | "notLearning"
  | "overfitting"
  | "underfitting"
  | "batchNotLearnt";

/**
 * `"error"`: as it is, the run leads to nothing. `"warning"`: it costs much. `"hint"`: it is worth
 * a look.
 */
export type Severity = "error" | "warning" | "hint";

/** Figures, paths and words, by name. Fractions are parts of 1. */
export type Evidence = Readonly<Record<string, number | string>>;

/** What a rule has found. */
export interface Sign {
  readonly severity: Severity;
  /** The path of a layer or a parameter. */
  readonly where?: string;
  /** Which of several texts fits, where a rule has several. */
  readonly kind?: string;
  readonly evidence: Evidence;
  /** Which findings it is the cause of, where this depends on the figures. */
  readonly explains?: readonly FindingId[];
}

/**
 * A rule: a pure function of what is known of a run. It knows nothing of other rules, but for the
 * names of the findings whose cause its own is; these rules come later in the list.
 */
export interface Rule {
  readonly id: FindingId;
  /** Where the threshold comes from, or the sickness is described. */
  readonly reference: string;
  readonly explains: readonly FindingId[];
  examine(record: RunRecord): Sign | undefined;
}
