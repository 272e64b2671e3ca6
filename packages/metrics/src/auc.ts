import type { Metric } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { ratio, sum } from "./internal/confusion.js";
import { fromRanking, type Ranking } from "./internal/ranking.js";
import type { RankingOptions } from "./rankingOptions.js";

export interface AucOptions extends RankingOptions {
  /** True against false positive rates, or precision against recall. @defaultValue "roc" */
  readonly curve?: "roc" | "pr";
}

export type { Ranking };

/**
 * The area under the curve that a classifier of two classes draws as its threshold falls, at evenly
 * spaced thresholds.
 *
 * Predictions: probabilities in [0, 1], or logits, and targets, 0 or 1, of their shape. A
 * prediction above a threshold is positive. ROC: trapezoids. PR: the interpolation of Davis &
 * Goadrich. Both as in Keras; 0 where the curve is not defined.
 *
 * Throws unless there are 2 thresholds or more, where the shapes differ, or a value is out of
 * range.
 *
 * Davis & Goadrich (2006), The relationship between precision-recall and ROC curves.
 * doi:10.1145/1143844.1143874
 */
export function auc(options: AucOptions = {}): Metric<Ranking> {
  const { curve = "roc" } = known("auc", options, "curve thresholds from");
  const area = { roc: rocArea, pr: prArea }[curve];
  if (!area) throw badArgument("auc", 'curve to be "roc" or "pr"', shown(curve));
  return fromRanking("auc", options, area);
}

function rocArea({ positives, negatives }: Ranking): number {
  const whole = 2 * sum(positives) * sum(negatives);
  let [twice, above] = [0, 0];
  for (let i = positives.length - 1; i >= 0; i--) {
    twice += negatives[i] * (2 * above + positives[i]);
    above += positives[i];
  }
  return ratio(twice, whole);
}

function prArea({ positives, negatives }: Ranking): number {
  let [area, truePositives, predicted] = [0, 0, 0];
  for (let i = positives.length - 1; i >= 0; i--) {
    const more = positives[i] + negatives[i];
    const grad = ratio(positives[i], more);
    const intercept = truePositives - grad * predicted;
    // Between two thresholds true positives grow in proportion to what is predicted.
    area +=
      grad *
      (positives[i] +
        (predicted > 0 && more > 0 ? intercept * Math.log((predicted + more) / predicted) : 0));
    truePositives += positives[i];
    predicted += more;
  }
  return ratio(area, truePositives);
}
