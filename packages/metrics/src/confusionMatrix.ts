import type { Metric } from "@tenon/contracts";
import { badArgument, noOptions, shown } from "@tenon/guards";
import {
  fromConfusion,
  ratio,
  right,
  sum,
  support,
  taken,
  type Confusion,
} from "./internal/confusion.js";

export type { Confusion };

/** How well one class was distinguished from the others. */
export interface ClassScores {
  /** The fraction of the examples predicted as the class that are of it; 0 where there are none. */
  readonly precision: number;
  /** The fraction of the class's examples that were predicted as it; 0 where there are none. */
  readonly recall: number;
  /** The harmonic mean of both; 0 where both are 0. */
  readonly f1: number;
  /** How many were of the class. */
  readonly support: number;
}

/**
 * Counts how often each class was predicted as each. Its result is the accuracy; `confusionCounts`
 * and `classScores` read the rest.
 *
 * Predictions: [n, classes], logits or probabilities alike, or int32 labels [n]. Targets: labels
 * [n], or one-hot [n, classes]. Throws unless there are 2 classes or more, where the shapes do not
 * go together, a label is no class, or a prediction is NaN.
 */
export function confusionMatrix(classes: number): Metric<Confusion> {
  noOptions("confusionMatrix", arguments[1]);
  return fromConfusion(
    "confusionMatrix",
    classes,
    (state) => sum(right(state)) / sum(state.counts),
  );
}

/** The counts as a table: a row for each true class, a column for each predicted one. */
export function confusionCounts(confusion: Confusion): number[][] {
  const { classes, counts } = counted("confusionCounts", confusion);
  return Array.from({ length: classes }, (_, truth) =>
    counts.slice(truth * classes, (truth + 1) * classes),
  );
}

/** Precision, recall, F₁ and support of each class. */
export function classScores(confusion: Confusion): ClassScores[] {
  const [rights, takens, supports] = [
    right(counted("classScores", confusion)),
    taken(confusion),
    support(confusion),
  ];
  return rights.map((count, i) => ({
    precision: ratio(count, takens[i]),
    recall: ratio(count, supports[i]),
    f1: ratio(2 * count, takens[i] + supports[i]),
    support: supports[i],
  }));
}

/** Throws unless it is what a confusion matrix counted. */
function counted(who: string, confusion: Confusion): Confusion {
  const { classes, counts } = confusion ?? {};
  if (Number.isSafeInteger(classes) && Array.isArray(counts) && counts.length === classes ** 2)
    return confusion;
  throw badArgument(who, "the state of a confusionMatrix, { classes, counts }", shown(confusion));
}
