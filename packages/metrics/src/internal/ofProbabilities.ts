import type { Json, Metric, NDArray } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";

/**
 * The largest number that counts as a probability: a softmax or sigmoid in float32 may end some
 * units of 2⁻²³ above 1, since a GPU's division alone may be off by 2.5 of them.
 */
export const maxProbability: number = 1 + 2 ** -21;

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
      for (let i = 0; i < predictions.data.length; i++) {
        const p = predictions.data[i];
        if (p < 0 || p > maxProbability)
          throw badArgument(
            metric.name,
            "probabilities in [0, 1] as predictions",
            `${p} at ${i}`,
            'leave out from: "probabilities" for logits',
          );
      }
      return after;
    },
  };
}
