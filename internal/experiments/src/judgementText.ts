import type { Claim, Judgement } from "./claim.js";
import type { Readable } from "./experiment.js";
import { differenceText, valueText } from "./numbers.js";
import { filled, nameOfArm, type CommonWords, type Words } from "./words.js";

/** What was measured for a claim: `accuracy: dropout 0.5 is better by 0.21 points (95 % …`. */
export function judgementText(
  { judgement: words, missing: notThere }: Pick<CommonWords, "judgement" | "missing">,
  { measures, arms }: Pick<Words, "measures" | "arms">,
  reading: Readable,
  claim: Claim,
  { mean, interval, beats, n, missing }: Judgement,
): string {
  const measure = measures[claim.measure]!;
  const isDifference = "better" in claim;
  const text = (value: number): string =>
    isDifference ? differenceText(reading, value, words.points) : valueText(reading, value);
  const seeds = n + missing;
  const without = filled(words.missing, {
    n: missing,
    missing: notThere[reading.missing ?? "notFinite"],
  });
  const after = missing > 0 ? `; ${without}` : "";
  // Of a difference against the claim the second arm is better: by a positive number, too.
  const sign = isDifference && mean !== null && mean < 0 ? -1 : 1;
  const [low, high] = [...(interval ?? [])].map((end) => sign * end).sort((a, b) => a - b);
  const values = {
    measure,
    mean: mean === null ? "" : text(sign * mean),
    interval: interval ? filled(words.interval, { low: text(low!), high: text(high!) }) : "",
  };
  if (!isDifference) {
    if (mean === null) return `${measure}: ${words.noMean}${after}`;
    const claimed = claimedText(words.claimed, claim, text);
    return filled(words.range, { ...values, claimed }) + after;
  }
  const { by } = claim;
  const claimed = by === undefined ? "" : filled(words.by, { by: text(by) });
  const count = (fraction: number): number | string =>
    beats === undefined ? "–" : Number((fraction * seeds).toFixed(1));
  const [won, lost] = [count(beats ?? 0), count(1 - (beats ?? 0))];
  const [first, second] = [claim.better, claim.than].map((arm) => nameOfArm({ arms }, arm));
  const differs = sign < 0 ? words.worse : words.better;
  const form = mean === null ? words.onlyWon : mean === 0 ? words.equal : differs;
  return filled(form, { ...values, first, second, won, lost, n: seeds }) + claimed + after;
}

function claimedText(
  words: CommonWords["judgement"]["claimed"],
  { atLeast, atMost }: Extract<Claim, { arm: string }>,
  text: (value: number) => string,
): string {
  const [low, high] = [atLeast, atMost].map((end) => (end === undefined ? undefined : text(end)));
  const form = low === undefined ? words.atMost : high === undefined ? words.atLeast : words.both;
  return filled(form, { low, high });
}
