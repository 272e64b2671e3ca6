import type { MeanOverSeeds, StudyResults } from "@tenon/trainer";

/**
 * What an experiment claims, about one measure. Its words are in the experiment's word files, under
 * its id.
 */
export type Claim =
  | {
      readonly id: string;
      readonly measure: string;
      /** This arm has a better value … */
      readonly better: string;
      /** … than this one with the same seed, */
      readonly than: string;
      /** by more than this, in units of the measure. @defaultValue 0 */
      readonly by?: number;
    }
  | {
      readonly id: string;
      readonly measure: string;
      /** The mean of this arm is in a range. */
      readonly arm: string;
      /** @defaultValue −∞ */
      readonly atLeast?: number;
      /** @defaultValue ∞ */
      readonly atMost?: number;
    };

/**
 * What the runs say about a claim: it holds if the 95 % interval lies within what is claimed, it
 * does not if the interval lies outside, and else these runs do not decide it.
 */
export type Verdict = "holds" | "doesNotHold" | "undecided";

export interface Judgement extends MeanOverSeeds {
  readonly id: string;
  readonly verdict: Verdict;
  /** Of a difference: the fraction of seeds in which the first arm is better. */
  readonly beats?: number;
}

/**
 * Judges a claim by the summary of a study. `mean` and `interval` of a difference are of how much
 * better the first arm is, so that a positive number speaks for the claim.
 *
 * A run may have no value: it ended with what is not finite, or what was counted to never happened.
 * It is worse than any other, and two such runs are alike. Where arms have such runs, it decides
 * whether the first arm is better, by what is claimed, in all seeds or in none, of six or more: of
 * arms that are alike, one or the other is better six times in a row in 1 of 32 studies (the sign
 * test), about as rarely as an interval of 95 % is wrong. Fewer seeds decide nothing.
 */
export function judge(claim: Claim, results: StudyResults): Judgement {
  return "better" in claim ? judgeDifference(claim, results) : judgeRange(claim, results);
}

function judgeDifference(
  { id, measure, better, than, by = 0 }: Extract<Claim, { better: string }>,
  results: StudyResults,
): Judgement {
  const { better: directions, pairs, arms } = results;
  const pair = pairs.find(
    ({ a, b }) => (a === better && b === than) || (a === than && b === better),
  );
  const difference = pair?.measures[measure];
  if (!pair || !difference)
    throw new RangeError(`judge: no measure ${measure} of the arms ${better} and ${than}`);
  const { n, missing, mean, std, interval, beats } = difference;
  const isFirst = pair.a === better;
  const sign = isFirst === (directions[measure] === "higher") ? 1 : -1;
  const ends = interval?.map((end) => sign * end + 0).sort((a, b) => a - b);
  const share = beats === null ? undefined : isFirst ? beats : 1 - beats;
  const isIncomplete = [better, than].some((arm) => arms[arm]!.measures[measure]!.missing > 0);
  const valuesOf = (arm: string) => valuesBySeed(results, arm, measure);
  return {
    id,
    verdict: isIncomplete
      ? seedsVerdict(valuesOf(better), valuesOf(than), by)
      : intervalVerdict(ends, by, Infinity),
    ...{ n, missing, std },
    mean: mean === null ? null : sign * mean + 0,
    interval: ends ? [ends[0]!, ends[1]!] : null,
    ...(share !== undefined && { beats: share }),
  };
}

function judgeRange(
  { id, measure, arm, atLeast = -Infinity, atMost = Infinity }: Extract<Claim, { arm: string }>,
  { arms }: StudyResults,
): Judgement {
  const found = arms[arm]?.measures[measure];
  if (!found) throw new RangeError(`judge: no measure ${measure} of the arm ${arm}`);
  const isNowhere = found.n === 0 && found.missing >= leastSeeds;
  const verdict =
    found.missing === 0
      ? intervalVerdict(found.interval, atLeast, atMost)
      : isNowhere
        ? "doesNotHold"
        : "undecided";
  return { id, verdict, ...found };
}

/**
 * The value of an arm's run with each seed, so that a higher one is better; −∞ where it has none.
 */
function valuesBySeed(
  { runs, better }: StudyResults,
  arm: string,
  measure: string,
): ReadonlyMap<number, number> {
  const sign = better[measure] === "higher" ? 1 : -1;
  return new Map(
    runs.flatMap((run) => {
      const value = run.measures[measure] ?? null;
      return run.arm === arm ? [[run.seed, value === null ? -Infinity : sign * value]] : [];
    }),
  );
}

/** The seeds from which on runs without a value decide. */
const leastSeeds = 6;

function seedsVerdict(
  first: ReadonlyMap<number, number>,
  second: ReadonlyMap<number, number>,
  by: number,
): Verdict {
  const seeds = [...first.keys()].filter((seed) => second.has(seed));
  const differences = seeds.map((seed) => first.get(seed)! - second.get(seed)!);
  if (seeds.length < leastSeeds) return "undecided";
  if (differences.every((difference) => difference > by)) return "holds";
  return differences.every((difference) => difference < by) ? "doesNotHold" : "undecided";
}

function intervalVerdict(
  interval: readonly number[] | null | undefined,
  low: number,
  high: number,
): Verdict {
  if (!interval) return "undecided";
  const [from, to] = interval as readonly [number, number];
  if (from > low && to < high) return "holds";
  return to <= low || from >= high ? "doesNotHold" : "undecided";
}

/** Whether all claims hold, one does not, or not all are decided. */
export function overall(judgements: readonly Judgement[]): Verdict {
  const verdicts = judgements.map(({ verdict }) => verdict);
  if (verdicts.includes("doesNotHold")) return "doesNotHold";
  return verdicts.includes("undecided") ? "undecided" : "holds";
}
