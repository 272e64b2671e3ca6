import type { Metric } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import {
  fromConfusion,
  ratio,
  right,
  sum,
  support,
  taken,
  type Confusion,
} from "./internal/confusion.js";

/**
 * The correlation of predicted and true classes, from −1 to 1.
 *
 * With s examples, c of them right, tₖ of class k and pₖ predicted as it: (c s − Σ tₖ pₖ) / √((s² −
 * Σ pₖ²)(s² − Σ tₖ²)); 0 where the root is 0. Throws as `confusionMatrix` does.
 *
 * Gorodkin (2004), Comparing two K-category assignments by a K-category correlation coefficient.
 * doi:10.1016/j.compbiolchem.2004.09.006
 */
export function matthewsCorrelation(classes: number): Metric<Confusion> {
  noOptions("matthewsCorrelation", arguments[1]);
  return fromConfusion("matthewsCorrelation", classes, (state) => {
    const [count, supports, predictions] = [sum(state.counts), support(state), taken(state)];
    const variance = (counts: readonly number[]): number =>
      count * count - sum(counts.map((n) => n * n));
    const covariance =
      count * sum(right(state)) - sum(supports.map((counts, i) => counts * predictions[i]));
    return ratio(covariance, Math.sqrt(variance(predictions) * variance(supports)));
  });
}
