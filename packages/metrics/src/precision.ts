import type { Metric } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { averaged } from "./internal/averaged.js";
import { ratio, type Confusion } from "./internal/confusion.js";
import type { ScoreOptions } from "./scoreOptions.js";

/**
 * Of those taken for a class, the share that were of it.
 *
 * TP / (TP + FP); 0 where nothing was taken for the class. Throws as `confusionMatrix` does, or
 * where the options do not go together.
 */
export function precision(options: ScoreOptions = {}): Metric<Confusion> {
  known("precision", options, "classes average threshold");
  return averaged("precision", options, (right, taken) => ratio(right, taken));
}
