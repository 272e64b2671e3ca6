import type { Metric } from "@tenon/contracts";
import { badArgument, isFiniteNumber, known, shown } from "@tenon/guards";
import type { RankingOptions } from "../rankingOptions.js";
import { ratio, sum } from "./confusion.js";
import { fromRanking, type Ranking } from "./ranking.js";

/** What is counted at one threshold. */
export interface Counts {
  readonly threshold: number;
  /** Positives above the threshold, and negatives above it. */
  readonly truePositives: number;
  readonly falsePositives: number;
  /** How many there are of each. */
  readonly positives: number;
  readonly negatives: number;
}

/** A fraction of what is counted at a threshold; 0 where it would be of nothing. */
export type Rate = (counts: Counts) => number;

export const precisionOf: Rate = ({ truePositives, falsePositives }) =>
  ratio(truePositives, truePositives + falsePositives);
export const recallOf: Rate = ({ truePositives, positives }) => ratio(truePositives, positives);
export const specificityOf: Rate = ({ falsePositives, negatives }) =>
  ratio(negatives - falsePositives, negatives);

/** At each threshold, from the highest, above which there is nothing, to the lowest. */
export function countsOf(ranking: Ranking): Counts[] {
  const steps = ranking.positives.length;
  const [positives, negatives] = [sum(ranking.positives), sum(ranking.negatives)];
  let [truePositives, falsePositives] = [0, 0];
  return Array.from({ length: steps + 1 }, (_, k) => {
    truePositives += ranking.positives[steps - k] ?? 0;
    falsePositives += ranking.negatives[steps - k] ?? 0;
    return { threshold: 1 - k / steps, truePositives, falsePositives, positives, negatives };
  });
}

/**
 * A metric of two classes: the best rate over the thresholds at which another one is at least a
 * value.
 *
 * @param given the name of the rate that has to be at least `least`, and that rate
 */
export function bestAt(
  name: string,
  given: readonly [string, Rate],
  least: number,
  best: Rate,
  options: RankingOptions,
): Metric<Ranking> {
  known(name, options, "thresholds from");
  const [what, rate] = given;
  if (!isFiniteNumber(least) || least < 0 || least > 1)
    throw badArgument(name, `${what} in [0, 1]`, shown(least));
  return fromRanking(name, options, (ranking) =>
    countsOf(ranking).reduce(
      (found, counts) => (rate(counts) >= least ? Math.max(found, best(counts)) : found),
      0,
    ),
  );
}
