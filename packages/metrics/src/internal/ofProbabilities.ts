import type { Json, Metric, NDArray } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";

/**
 * A metric that takes probabilities, unless it takes logits, and refuses what is none: of logits
 * that are taken for probabilities it would be a number that means nothing. NaN stays NaN.
 */
export function ofProbabilities<S extends Json>(metric: Metric<S>, logits: boolean): Metric<S> {
  if (logits) return metric;
  return {
    ...metric,
    update(state: S, predictions: NDArray, targets: NDArray, weights?: NDArray): S {
      const after = metric.update(state, predictions, targets, weights);
      for (const [i, p] of predictions.data.entries())
        if (p < 0 || p > 1)
          throw badArgument(
            metric.name,
            "probabilities in [0, 1] as predictions",
            `${p} at ${i}`,
            'leave out from: "probabilities" for logits',
          );
      return after;
    },
  };
}
