import type { Metric } from "@tenon/contracts";
import { badArgument, isFiniteNumber, known, shown } from "@tenon/guards";
import { averaged } from "./internal/averaged.js";
import { ratio, type Confusion } from "./internal/confusion.js";
import type { ScoreOptions } from "./scoreOptions.js";

export interface FBetaOptions extends ScoreOptions {
  /** How many times as much recall counts as precision. @defaultValue 1 */
  readonly beta?: number;
  /**
   * Added to each denominator, that of a weighted average too; Keras has 1e-7. @defaultValue 0, and
   * 0 / 0 is 0
   */
  readonly eps?: number;
}

/**
 * The weighted harmonic mean of precision and recall; with beta 1 it is F₁.
 *
 * P = TP / (TP + FP + ε),  R = TP / (TP + FN + ε),  F = (1 + β²) P R / (β² P + R + ε)
 *
 * Throws as `confusionMatrix` does, unless beta is positive and eps is not negative, or where the
 * options do not go together.
 *
 * Van Rijsbergen (1979), Information Retrieval, chapter 7.
 */
export function fBeta(options: FBetaOptions = {}): Metric<Confusion> {
  const {
    beta = 1,
    eps = 0,
    ...rest
  } = known("fBeta", options, "beta eps classes average label threshold");
  if (!isFiniteNumber(beta) || beta <= 0)
    throw badArgument("fBeta", "beta to be positive", shown(beta), "use 1 for F₁");
  if (!isFiniteNumber(eps) || eps < 0)
    throw badArgument("fBeta", "eps of at least 0", shown(eps), "use 0");
  return averaged(
    "fBeta",
    rest,
    (right, taken, support) => {
      const precision = ratio(right, taken + eps);
      const recall = ratio(right, support + eps);
      return ratio((1 + beta * beta) * precision * recall, beta * beta * precision + recall + eps);
    },
    eps,
  );
}
