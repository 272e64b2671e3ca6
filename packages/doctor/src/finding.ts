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
  | "equalUnits"
  | "learningRateTooHigh"
  | "explodingGradients"
  | "penaltyTooStrong"
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

/** A sickness of a run, with the figures that show it and what to try first. */
export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  /** The path of the layer or the parameter that it concerns. */
  readonly where?: string;
  /** Which of several texts fits, where a finding has several. */
  readonly kind?: string;
  /** Plain figures and paths, by name. Fractions are parts of 1. */
  readonly evidence: Evidence;
  /** What to try first, in English; `describe` has the other languages. */
  readonly tip: string;
  /** Where the threshold comes from, or the sickness is described. */
  readonly reference: string;
  /** The finding that is the cause of this one. */
  readonly explainedBy?: FindingId;
}
