import { readingOf, type Claim, type Experiment, type Judgement } from "@tenon/experiments";
import { differenceText, valueText } from "./numbers.js";
import { filled, type Texts } from "./texts.js";

/** What was measured for a claim: `accuracy: better by 0.21 %p (95 % interval …); …`. */
export function measuredText(
  { lab, tips, common }: Texts,
  of: Pick<Experiment, "id" | "measures" | "groups">,
  claim: Claim,
  { mean, interval, beats, n, missing }: Judgement,
): string {
  const measure = tips[of.id]!.measures[claim.measure]!;
  const reading = readingOf(of, claim.measure)!;
  const isDifference = "better" in claim;
  const text = (value: number): string =>
    (isDifference ? differenceText : valueText)(reading, value);
  const seeds = n + missing;
  const without = filled(lab.missing, {
    n: missing,
    missing: common.missing[reading.missing ?? "notFinite"],
  });
  const after = missing > 0 ? `; ${without}` : "";
  // Of a difference against the claim the other arm is better: by a positive number, too.
  const sign = isDifference && mean !== null && mean < 0 ? -1 : 1;
  const [low, high] = [...(interval ?? [])].map((end) => sign * end).sort((a, b) => a - b);
  const values = {
    measure,
    mean: mean === null ? "" : text(sign * mean),
    interval: interval ? filled(lab.interval, { low: text(low!), high: text(high!) }) : "",
  };
  if (!isDifference) {
    if (mean === null) return `${measure}: ${lab.noMean}${after}`;
    const claimed = claimedText(lab.claimed, claim, text);
    return filled(lab.range, { ...values, claimed }) + after;
  }
  const { by } = claim;
  const claimed = by === undefined ? "" : filled(lab.by, { by: text(by) });
  const won = beats === undefined ? "–" : Number((beats * seeds).toFixed(1));
  const differs = sign < 0 ? lab.worse : lab.better;
  const form = mean === null ? lab.onlyWon : mean === 0 ? lab.equal : differs;
  return filled(form, { ...values, won, n: seeds }) + claimed + after;
}

function claimedText(
  words: Texts["lab"]["claimed"],
  { atLeast, atMost }: Extract<Claim, { arm: string }>,
  text: (value: number) => string,
): string {
  const [low, high] = [atLeast, atMost].map((end) => (end === undefined ? undefined : text(end)));
  const form = low === undefined ? words.atMost : high === undefined ? words.atLeast : words.both;
  return filled(form, { low, high });
}
