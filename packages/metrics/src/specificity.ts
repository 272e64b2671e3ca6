import type { Metric } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { averaged } from "./internal/averaged.js";
import { ratio, type Confusion } from "./internal/confusion.js";
import type { ScoreOptions } from "./scoreOptions.js";

/**
 * The fraction of the examples that are not of a class that were not predicted as it.
 *
 * TN / (TN + FP); 0 where all examples are of the class. torchmetrics: `Specificity`. Throws as
 * `confusionMatrix` does, or where the options do not go together.
 */
export function specificity(options: ScoreOptions = {}): Metric<Confusion> {
  known("specificity", options, "classes average label threshold");
  return averaged("specificity", options, (right, taken, support, count) =>
    ratio(count - support - taken + right, count - support),
  );
}
