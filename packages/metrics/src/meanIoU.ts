import type { Metric } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { fromConfusion, right, sum, support, taken, type Confusion } from "./internal/confusion.js";

/**
 * The mean over classes of intersection over union (Jaccard's index), over the classes that occur
 * or were predicted.
 *
 * TP / (TP + FP + FN). NaN before the first example. Throws as `confusionMatrix` does.
 *
 * Everingham et al. (2010), The PASCAL visual object classes challenge.
 * doi:10.1007/s11263-009-0275-4
 */
export function meanIoU(classes: number): Metric<Confusion> {
  noOptions("meanIoU", arguments[1]);
  return fromConfusion("meanIoU", classes, (state) => {
    const [supports, takens] = [support(state), taken(state)];
    const ratios = right(state)
      .map((count, i) => count / (supports[i] + takens[i] - count))
      .filter((value) => !Number.isNaN(value));
    return sum(ratios) / ratios.length;
  });
}
