import type { Metric } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { meanOfValues, type MeanState } from "./internal/meanOf.js";
import { ofProbabilities } from "./internal/ofProbabilities.js";
import { checkedOptions, crossEntropies } from "./internal/surprise.js";
import type { PredictionOptions } from "./predictionOptions.js";

/**
 * How surprised a classifier is by the right answers: the mean of −Σ t log p, in nats. Keras:
 * `CategoricalCrossentropy`, `SparseCategoricalCrossentropy`; scikit-learn: `log_loss`.
 *
 * Predictions: [n, classes], logits, or probabilities, which are divided by their sum. Targets:
 * labels [n], or a probability for each class [n, classes]. NaN before the first example. Throws
 * where the shapes do not go together, a label is no class or a probability is not in [0, 1].
 */
export function logLoss(options: PredictionOptions = {}): Metric<MeanState> {
  const checked = checkedOptions("logLoss", known("logLoss", options, "from eps"));
  const metric = meanOfValues("logLoss", (predictions, targets) =>
    crossEntropies("logLoss", predictions, targets, checked),
  );
  return ofProbabilities(metric, checked.logits);
}
