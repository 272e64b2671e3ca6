import type { Metric, NDArray } from "@tenon/contracts";
import { badArgument, oneOf, whole } from "@tenon/guards";
import type { RankingOptions } from "../rankingOptions.js";
import { checkingState } from "./checkingState.js";
import { checkSame } from "./check.js";
import { checkBinary } from "./confusion.js";
import { maxProbability } from "./ofProbabilities.js";
import { weightsOf } from "./weights.js";

/**
 * How many predictions are between each two successive thresholds, from the lowest, by true label;
 * with weights of examples, the sums of theirs.
 */
export type Ranking = {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
};

/**
 * A metric that is computed from the order of probabilities, as far as evenly spaced thresholds
 * distinguish them.
 */
export function fromRanking(
  name: string,
  { thresholds = 200, from = "probabilities" }: RankingOptions,
  result: (state: Ranking) => number,
): Metric<Ranking> {
  whole(name, "thresholds", thresholds, 2);
  oneOf(name, "from", from, ["logits", "probabilities"]);
  const none = new Array<number>(thresholds - 1).fill(0);
  return checkingState({
    name,
    start: { positives: none, negatives: none },
    update(state: Ranking, predictions: NDArray, targets: NDArray, weights?: NDArray): Ranking {
      checkSame(name, predictions, targets);
      const weight = weightsOf(name, weights, targets.shape);
      const counts = [[...state.negatives], [...state.positives]];
      for (let i = 0; i < targets.data.length; i++) {
        checkBinary(name, targets.data[i], i);
        const given = predictions.data[i];
        const prediction = from === "logits" ? 1 / (1 + Math.exp(-given)) : given;
        checkProbability(name, prediction, i);
        const place = Math.max(0, Math.ceil(Math.min(1, prediction) * (thresholds - 1)) - 1);
        counts[targets.data[i]][place] += weight(i);
      }
      return { positives: counts[1], negatives: counts[0] };
    },
    result,
  });
}

function checkProbability(who: string, prediction: number, index: number): void {
  if (!(prediction >= 0 && prediction <= maxProbability))
    throw badArgument(
      who,
      "predictions in [0, 1]",
      `${prediction} at ${index}`,
      'give from: "logits" if they are',
    );
}
