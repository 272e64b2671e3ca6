import type { Metric } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { averaged } from "./internal/averaged.js";
import { ratio, type Confusion } from "./internal/confusion.js";
import type { ScoreOptions } from "./scoreOptions.js";

/**
 * The fraction of the examples predicted as a class that are of it.
 *
 * TP / (TP + FP); 0 where no prediction is of the class. Throws as `confusionMatrix` does, or
 * where the options do not go together.
 */
export function precision(options: ScoreOptions = {}): Metric<Confusion> {
  known("precision", options, "classes average label threshold");
  return averaged("precision", options, (right, taken) => ratio(right, taken));
}
