import type { Metric } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { meanOfValues, type MeanState } from "./internal/meanOf.js";
import { ofProbabilities } from "./internal/ofProbabilities.js";
import { checkedOptions, crossEntropies } from "./internal/surprise.js";
import type { PredictionOptions } from "./predictionOptions.js";

/**
 * Among how many equally likely answers a model of text is as unsure: e to the mean of −log p of
 * the right ones, e^`logLoss`. All tokens of all batches count the same.
 *
 * Predictions: [n, …, classes], logits or probabilities. Targets: labels [n, …], or a probability
 * for each class. `ignoring(perplexity(), padding)` leaves padding out. NaN before the first token.
 * Throws as `logLoss` does.
 *
 * Jelinek et al. (1977), Perplexity, a measure of the difficulty of speech recognition tasks.
 * doi:10.1121/1.2016299
 */
export function perplexity(options: PredictionOptions = {}): Metric<MeanState> {
  const checked = checkedOptions("perplexity", known("perplexity", options, "from eps"));
  const metric = meanOfValues(
    "perplexity",
    (predictions, targets) => crossEntropies("perplexity", predictions, targets, checked),
    Math.exp,
  );
  return ofProbabilities(metric, checked.logits);
}
