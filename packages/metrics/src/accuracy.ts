import type { Metric, NDArray } from "@tenon/contracts";
import { checkingState } from "./internal/checkingState.js";
import { eachPair } from "./internal/pairs.js";

/** How many predictions were right, of how many; with weights of examples, the sums of theirs. */
export type Tally = { readonly right: number; readonly count: number };

/**
 * The fraction of examples whose largest prediction is that of their class; of equal ones the first
 * is the largest.
 *
 * Predictions: [n, classes], logits or probabilities alike. Targets: labels [n], or one-hot [n,
 * classes]. A row that holds NaN is not right. NaN before the first example. Throws where the
 * shapes do not go together or a label is no class.
 */
export const accuracy: Metric<Tally> = /* @__PURE__ */ checkingState({
  name: "accuracy",
  start: { right: 0, count: 0 },
  update(state: Tally, predictions: NDArray, targets: NDArray, weights?: NDArray): Tally {
    let { right, count } = state;
    eachPair("accuracy", predictions, targets, weights, undefined, (truth, predicted, weight) => {
      if (truth === predicted) right += weight;
      count += weight;
    });
    return { right, count };
  },
  result: ({ right, count }) => right / count,
});
