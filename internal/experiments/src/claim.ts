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
 * What the runs say about a claim: it holds if the 95 % interval lies within what is claimed, it does
 * not if the interval lies outside, and else these runs do not decide it.
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
 * A run that ended with what is not finite has no value. Where arms have such runs, it decides whether
 * the first arm is better in all seeds or in none, of five or more: of arms that are alike, one
 * is better five times in a row in 1 of 32 studies (the sign test). Fewer seeds decide nothing.
 */
export function judge(claim: Claim, results: StudyResults): Judgement {
  return "better" in claim ? judgeDifference(claim, results) : judgeRange(claim, results);
}

function judgeDifference(
  { id, measure, better, than, by = 0 }: Extract<Claim, { better: string }>,
  { better: directions, pairs, arms }: StudyResults,
): Judgement {
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
  const seeds = Math.min(arms[better]!.runs, arms[than]!.runs);
  const hasFailed = [better, than].some((arm) => arms[arm]!.measures[measure]!.missing > 0);
  return {
    id,
    verdict: hasFailed ? shareVerdict(share, seeds) : intervalVerdict(ends, by, Infinity),
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
  const verdict =
    found.missing > 0 && found.missing + found.n > 1
      ? "doesNotHold"
      : intervalVerdict(found.interval, atLeast, atMost);
  return { id, verdict, ...found };
}

function shareVerdict(share: number | undefined, seeds: number): Verdict {
  if (seeds < 5) return "undecided";
  return share === 1 ? "holds" : share === 0 ? "doesNotHold" : "undecided";
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
