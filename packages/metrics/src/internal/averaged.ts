import type { Metric } from "@tenon/contracts";
import { badArgument, shown, whole, wholeIn } from "@tenon/guards";
import type { ScoreOptions } from "../scoreOptions.js";
import {
  fromConfusion,
  fromThreshold,
  ratio,
  right,
  sum,
  support,
  taken,
  type Confusion,
} from "./confusion.js";

/**
 * A score of a class, by the counts of its true positives, its predictions, its examples, and the
 * examples of all classes.
 */
export type Score = (right: number, taken: number, support: number, count: number) => number;

/**
 * The score of class 1 of two, or the average of all classes' scores; eps keeps the average's own
 * denominator from 0.
 */
export function averaged(
  name: string,
  { classes, average, label, threshold }: ScoreOptions,
  score: Score,
  eps: number = 0,
): Metric<Confusion> {
  if (classes === undefined) {
    for (const [option, value] of Object.entries({ average, label }))
      if (value !== undefined)
        throw badArgument(
          name,
          `classes with ${option} ${shown(value)}`,
          "none",
          "leave both out for two classes and one prediction each",
        );
    return fromThreshold(name, threshold ?? 0.5, scoreOf(1, score));
  }
  if (threshold !== undefined)
    throw badArgument(
      name,
      "either classes or a threshold",
      "both",
      "with classes the largest prediction decides",
    );
  if (label !== undefined) {
    if (average !== undefined)
      throw badArgument(name, "either an average or a label", "both", "leave one of them out");
    whole(name, "classes", classes, 2);
    wholeIn(name, "label", label, 0, classes - 1);
    return fromConfusion(`${name}Of${label}`, classes, scoreOf(label, score));
  }
  const read = new Map(Object.entries(averages)).get(average ?? "macro");
  if (!read)
    throw badArgument(name, 'average to be "macro", "micro" or "weighted"', shown(average));
  return fromConfusion(name, classes, (state) =>
    read(right(state), taken(state), support(state), score, eps),
  );
}

const scoreOf = (label: number, score: Score) => (state: Confusion) =>
  score(right(state)[label], taken(state)[label], support(state)[label], sum(state.counts));

type Average = (
  rights: readonly number[],
  takens: readonly number[],
  supports: readonly number[],
  score: Score,
  eps: number,
) => number;

const averages: Readonly<Record<string, Average>> = {
  macro: (rights, takens, supports, score) =>
    sum(rights.map((right, i) => score(right, takens[i], supports[i], sum(supports)))) /
    rights.length,
  // Each example is counted once for each class.
  micro: (rights, takens, supports, score) =>
    score(sum(rights), sum(takens), sum(supports), rights.length * sum(supports)),
  weighted: (rights, takens, supports, score, eps) =>
    ratio(
      sum(
        rights.map((right, i) => supports[i] * score(right, takens[i], supports[i], sum(supports))),
      ),
      sum(supports) + eps,
    ),
};
