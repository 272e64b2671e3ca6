import type { Metric } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { averaged } from "./internal/averaged.js";
import { ratio, type Confusion } from "./internal/confusion.js";
import type { ScoreOptions } from "./scoreOptions.js";

/**
 * The fraction of a class's examples that were predicted as it.
 *
 * TP / (TP + FN); 0 where no example is of the class. Throws as `confusionMatrix` does, or where
 * the options do not go together.
 */
export function recall(options: ScoreOptions = {}): Metric<Confusion> {
  known("recall", options, "classes average label threshold");
  return averaged("recall", options, (right, _, support) => ratio(right, support));
}
