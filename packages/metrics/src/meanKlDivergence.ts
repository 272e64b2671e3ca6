import type { Metric } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { meanOfRows, type MeanState, type Row } from "./internal/meanOf.js";
import { ofProbabilities } from "./internal/ofProbabilities.js";
import { checkedOptions, clipped, surprises } from "./internal/surprise.js";
import type { PredictionOptions } from "./predictionOptions.js";

/**
 * How far predicted distributions are from the true ones: the mean of Σ t log(t / p) along the last
 * axis, in nats. Keras: `KLDivergence`.
 *
 * Predictions: [n, classes], logits or probabilities; targets: probabilities of the same shape.
 * Probabilities of both are kept in [eps, 1]; with eps 0, 0 log 0 is 0. NaN before the first
 * example. Throws where the shapes differ or a predicted probability is not in [0, 1].
 *
 * Kullback & Leibler (1951), On information and sufficiency. doi:10.1214/aoms/1177729694
 */
export function meanKlDivergence(options: PredictionOptions = {}): Metric<MeanState> {
  const { logits, eps } = checkedOptions(
    "meanKlDivergence",
    known("meanKlDivergence", options, "from eps"),
  );
  const metric = meanOfRows("meanKlDivergence", (predictions: Row, targets: Row) => {
    const surprise = logits
      ? surprises(predictions, 0, predictions.length, { logits, eps })
      : (i: number) => -Math.log(clipped(predictions[i], eps, 1));
    let sum = 0;
    for (let i = 0; i < targets.length; i++) {
      const target = clipped(targets[i], eps, 1);
      if (target > 0) sum += target * (Math.log(target) + surprise(i));
    }
    return sum;
  });
  return ofProbabilities(metric, logits);
}
