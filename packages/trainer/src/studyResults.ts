import type { ByPath, Json } from "@tenon/contracts";
import { badArgument, list, oneOf, shown } from "@tenon/guards";
import type { EndEvent } from "./events.js";
import { studentQuantile } from "./internal/studentQuantile.js";
import type { Better } from "./measures.js";

/** A run of a study that has ended. */
export interface FinishedRun {
  readonly arm: string;
  readonly seed: number;
  /** Why it ended. */
  readonly reason: Exclude<EndEvent["reason"], "aborted">;
  readonly steps: number;
  readonly epochs: number;
  /** What each measure gave, by its name; null where that was not finite. */
  readonly measures: ByPath<number | null>;
  /** What each recorder kept, by its name; where there are recorders. */
  readonly records?: ByPath<Json>;
}

/** A mean over seeds and how sure it is. */
export interface MeanOverSeeds {
  /** How many seeds it is a mean over. */
  readonly n: number;
  /** How many seeds have no finite value, or a run that ended with what was not finite. */
  readonly missing: number;
  /** Null where n is 0. */
  readonly mean: number | null;
  /** The standard deviation, √(Σ (x − mean)² / (n − 1)); null where n < 2. */
  readonly std: number | null;
  /**
   * The 95 % interval of the mean, mean ± t · std / √n; null where n < 2 or it has no finite
   * bounds.
   */
  readonly interval: readonly [number, number] | null;
}

/** The difference between two arms, a − b, over the seeds that both have. */
export interface PairedDifference extends MeanOverSeeds {
  /**
   * The fraction of the seeds in which arm a has the better value; ties count half. Null without a
   * seed.
   */
  readonly beats: number | null;
}

/** An arm over its seeds. */
export interface ArmSummary {
  /** How many of its runs have ended. */
  readonly runs: number;
  /** How many of them ended with what was not finite. */
  readonly nonFinite: number;
  readonly measures: ByPath<MeanOverSeeds>;
}

/** Two arms, seed by seed. */
export interface PairSummary {
  readonly a: string;
  readonly b: string;
  readonly measures: ByPath<PairedDifference>;
}

/** Plain data: as JSON, the same runs give the same bytes. */
export interface StudyResults {
  /** Which values of each measure are the better ones. */
  readonly better: ByPath<Better>;
  /**
   * Arm by arm, in the order in which they were given; of names that are whole numbers, such as
   * "64", JavaScript's objects come in the order of the numbers, before other names.
   */
  readonly runs: readonly FinishedRun[];
  readonly arms: ByPath<ArmSummary>;
  /** Every two arms once, `a` before `b` in the order of the arms. */
  readonly pairs: readonly PairSummary[];
}

/**
 * What the runs of a study say: for each arm mean, standard deviation (of n − 1) and 95 % interval
 * of each measure; for every two arms the differences of runs with the same seed, with mean,
 * interval, and the fraction of seeds in which the first is better.
 *
 * The intervals are mean ± t · std / √n, t the quantile of Student's distribution with n − 1
 * degrees of freedom: they hold for values that are about normal, for one comparison. Of twenty
 * differences that are none, one interval leaves out 0.
 *
 * A run that ended with what was not finite, and a value that is NaN or infinite, are no part of a
 * mean or a difference: `missing` and `nonFinite` count them. In `beats` such a run loses against
 * any other, and two of them are a tie, so that an arm that diverges does not look better for it.
 *
 * @param runs of each arm and seed at most one; arms are in the order of their first runs
 * @param better for each measure whether a higher or a lower value is the better one
 * @throws RangeError if a run comes twice, or has no number or null for a measure
 */
export function summarizeStudy(runs: readonly FinishedRun[], better: ByPath<Better>): StudyResults {
  const byArm = groupedRuns(runs, better);
  const names = Object.keys(better);
  const each = <V>(summary: (measure: string) => V): ByPath<V> =>
    Object.fromEntries(names.map((measure) => [measure, summary(measure)]));
  const arms = [...byArm].map(([arm, bySeed]): [string, ArmSummary] => {
    const runsOfArm = [...bySeed.values()];
    return [
      arm,
      {
        runs: runsOfArm.length,
        nonFinite: runsOfArm.filter(({ reason }) => reason === "nonFinite").length,
        measures: each((measure) => meanOf(runsOfArm.map((run) => valueOf(run, measure)))),
      },
    ];
  });
  const entries = [...byArm];
  const pairs = entries.flatMap(([a, runsOfA], i) =>
    entries.slice(i + 1).map(([b, runsOfB]): PairSummary => ({
      a,
      b,
      measures: each((measure) => differenceOf(runsOfA, runsOfB, measure, better[measure]!)),
    })),
  );
  return {
    better: { ...better },
    runs: entries.flatMap(([, bySeed]) => [...bySeed.values()]),
    arms: Object.fromEntries(arms),
    pairs,
  };
}

type BySeed = ReadonlyMap<number, FinishedRun>;

/** The runs by arm and seed, in their order. Throws where one does not fit the others. */
function groupedRuns(
  runs: readonly FinishedRun[],
  better: ByPath<Better>,
): ReadonlyMap<string, BySeed> {
  list("summarizeStudy", "runs", runs);
  if (typeof better !== "object" || better === null || Array.isArray(better))
    throw badArgument(
      "summarizeStudy",
      'which values are better by measure, such as { loss: "lower" }',
      shown(better),
    );
  for (const [measure, direction] of Object.entries(better))
    oneOf("summarizeStudy", `better for ${shown(measure)}`, direction, ["higher", "lower"]);
  const byArm = new Map<string, Map<number, FinishedRun>>();
  for (const run of runs) {
    const { arm, seed, measures } = run;
    const bySeed = byArm.get(arm) ?? new Map<number, FinishedRun>();
    byArm.set(arm, bySeed);
    if (bySeed.has(seed))
      throw badArgument(
        "summarizeStudy",
        "one run of each arm and seed",
        `arm ${shown(arm)} with seed ${seed} twice`,
      );
    for (const measure of Object.keys(better)) {
      const value: unknown = measures?.[measure];
      if (value === null || typeof value === "number") continue;
      throw badArgument(
        "summarizeStudy",
        `a value of ${shown(measure)} for arm ${shown(arm)} with seed ${seed}, or null`,
        value === undefined ? "nothing" : shown(value),
      );
    }
    bySeed.set(seed, run);
  }
  return byArm;
}

/** A finite value of a run that did not end with what is not finite; else null. */
function valueOf({ reason, measures }: FinishedRun, measure: string): number | null {
  const value = measures[measure]!;
  return reason === "nonFinite" || !Number.isFinite(value) ? null : value;
}

function meanOf(valuesOrNull: readonly (number | null)[]): MeanOverSeeds {
  const finite = valuesOrNull.filter((value) => value !== null);
  // Squares of large values, and sums of the largest, overflow: they are computed in other units.
  const unit = finite.some((value) => Math.abs(value) > 2 ** 500) ? 2 ** 550 : 1;
  const values = finite.map((value) => value / unit);
  const n = values.length;
  const missing = valuesOrNull.length - n;
  if (n === 0) return { n, missing, mean: null, std: null, interval: null };
  const sum = (terms: readonly number[]): number => terms.reduce((total, x) => total + x, 0);
  // The mean of the distances from a first mean removes its rounding error.
  const first = sum(values) / n;
  const mean = first + sum(values.map((x) => x - first)) / n;
  if (n === 1) return { n, missing, mean: mean * unit, std: null, interval: null };
  const std = Math.sqrt(sum(values.map((x) => (x - mean) ** 2)) / (n - 1));
  const half = (studentQuantile(n - 1, 0.95) * std) / Math.sqrt(n);
  const interval = [(mean - half) * unit, (mean + half) * unit] as const;
  return {
    n,
    missing,
    mean: mean * unit,
    std: std * unit,
    interval: interval.every(Number.isFinite) ? interval : null,
  };
}

function differenceOf(
  runsOfA: BySeed,
  runsOfB: BySeed,
  measure: string,
  better: Better,
): PairedDifference {
  const pairs = [...runsOfA.values()].flatMap((runOfA) => {
    const runOfB = runsOfB.get(runOfA.seed);
    return runOfB ? [[valueOf(runOfA, measure), valueOf(runOfB, measure)] as const] : [];
  });
  const difference = meanOf(pairs.map(([a, b]) => (a === null || b === null ? null : a - b)));
  const won = pairs.reduce((total, [a, b]) => total + wonBy(a, b, better), 0);
  return { ...difference, beats: pairs.length === 0 ? null : won / pairs.length };
}

/** 1 where a is better than b, 0 where it is worse, ½ for a tie. */
function wonBy(a: number | null, b: number | null, better: Better): number {
  if (a === b) return 0.5;
  if (a === null || b === null) return b === null ? 1 : 0;
  return a > b === (better === "higher") ? 1 : 0;
}
