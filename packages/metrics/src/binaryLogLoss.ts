import type { Metric } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { meanOf, type MeanState } from "./internal/meanOf.js";
import { ofProbabilities } from "./internal/ofProbabilities.js";
import { checkedOptions, clipped, weighted } from "./internal/surprise.js";
import type { PredictionOptions } from "./predictionOptions.js";

/**
 * How surprised many yes-or-no predictions are by the answers: the mean of −t log p − (1 − t) log(1
 * − p), in nats. Keras: `BinaryCrossentropy`; scikit-learn: `log_loss`.
 *
 * Predictions: logits or probabilities, of any shape; targets, in [0, 1], of the same. Of logits it
 * is max(x, 0) − t x + log(1 + e^−|x|), in which nothing overflows. NaN before the first value.
 * Throws where the shapes differ or a probability is not in [0, 1].
 */
export function binaryLogLoss(options: PredictionOptions = {}): Metric<MeanState> {
  const { logits, eps } = checkedOptions(
    "binaryLogLoss",
    known("binaryLogLoss", options, "from eps"),
  );
  const metric = meanOf(
    "binaryLogLoss",
    logits
      ? (x, t) => weighted(1 - t, Math.max(x, 0)) + weighted(t, Math.max(-x, 0)) + softplus(x)
      : (p, t) => {
          const kept = clipped(p, eps, 1 - eps);
          return -weighted(t, Math.log(kept)) - weighted(1 - t, Math.log1p(-kept));
        },
  );
  return ofProbabilities(metric, logits);
}

/** log(1 + e^−|x|) */
const softplus = (x: number): number => Math.log1p(Math.exp(-Math.abs(x)));
