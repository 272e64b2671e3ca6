import type { Metric } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { fromConfusion, right, sum, support, type Confusion } from "./internal/confusion.js";

/**
 * The mean of the classes' recalls, over the classes that occur: accuracy as if all classes were
 * equally frequent.
 *
 * NaN before the first example. Throws as `confusionMatrix` does.
 *
 * Brodersen et al. (2010), The balanced accuracy and its posterior distribution.
 * doi:10.1109/ICPR.2010.764
 */
export function balancedAccuracy(classes: number): Metric<Confusion> {
  noOptions("balancedAccuracy", arguments[1]);
  return fromConfusion("balancedAccuracy", classes, (state) => {
    const supports = support(state);
    const recalls = right(state)
      .map((count, i) => count / supports[i])
      .filter((_, i) => supports[i] > 0);
    return sum(recalls) / recalls.length;
  });
}
