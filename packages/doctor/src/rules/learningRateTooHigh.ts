import type { Rule, Sign } from "../finding.js";
import { explosionIn } from "../internal/explosion.js";
import { baseline, highestLoss, recentLoss, startingPoint } from "../internal/losses.js";
import { mean, median } from "../internal/numbers.js";
import type { RunRecord } from "../record.js";

/** Updates of a healthy run are about 1e-3 of the values: this is a hundred times as much. */
const largestRatio = 0.1;
/**
 * The loss rises if it is that many times what it was at the start. Where a step or two went too
 * far, as Adagrad's first ones do, it comes back: not before this many steps, unless it rises
 * further.
 */
const [rise, steps, steepRise] = [1.5, 16, 5];
/**
 * Without statistics; and where it is not known which loss is small, as that of a trained network.
 */
const [riseUnobserved, riseUnknown] = [2, 4];
/**
 * So much of a layer has died or is saturated that little passes; if it is not almost all, only
 * updates that exceed this multiple of the limit are the cause.
 */
const [few, most, almostAll, far] = [0.5, 0.75, 0.9, 2];
/** Above this fraction of the baseline nothing, or hardly anything, has been learnt. */
const [nothingLearnt, littleLearnt] = [0.95, 0.5];

/**
 * The learning rate is too high: updates are large in relation to the values they change, and the
 * loss rises, stays, or ends at NaN, or units die.
 */
export const learningRateTooHigh: Rule = {
  id: "learningRateTooHigh",
  reference:
    "https://cs231n.github.io/neural-networks-3/#ratio; Goodfellow, Bengio & Courville (2016), " +
    "Deep Learning, section 11.4.1",
  explains: [
    "explodingGradients",
    "saturatedUnits",
    "deadUnits",
    "vanishingGradients",
    "noGradient",
    "dropoutTooStrong",
    "learningRateTooLow",
    "rateDecayedTooEarly",
    "nonFinite",
    "notLearning",
    "overfitting",
    "underfitting",
    "batchNormStatistics",
    "batchNotLearnt",
  ],
  examine(record) {
    const { observed, losses } = record;
    const ratios = observed.map((step) => step.ratio).filter(Number.isFinite);
    const explosion = explosionIn(record);
    // Then it is the gradient, and not the rate.
    if (explosion?.sudden && !(median(ratios.slice(0, explosion.index)) > largestRatio))
      return undefined;
    const early = Math.max(...ratios.slice(0, 5));
    const late = median(ratios.slice(-5));
    const large = Math.max(early, late || 0) > largestRatio;
    const start = startingPoint(record);
    const loss = recentLoss(record, 16);
    const ratio = Math.max(early, late || 0);
    const isHigh = start === undefined || loss >= littleLearnt * start;
    const found = (kind: string, more = {}): Sign => ({
      severity: "error",
      kind,
      evidence: { ...(ratios.length > 0 && { ratio }), ...more },
    });
    if (ratios.length > 0 && !large) return undefined;
    if (losses.count >= (large ? 3 : 5) && start !== undefined) {
      const peak = Math.max(start, losses.first[0]!);
      const now = mean(losses.recent.slice(-5));
      const highest = highestLoss(record);
      const unobserved = baseline(record) === undefined ? riseUnknown : riseUnobserved;
      const lasts = losses.count >= steps && now >= nothingLearnt * start;
      const least = large ? (lasts ? rise : steepRise) : unobserved;
      if (highest > least * peak && peak > 0)
        return found(large ? "rises" : "risesUnobserved", { loss: highest, start: peak });
    }
    if (!large) return undefined;
    const accident = record.nonFinite;
    if (accident && !/batch/.test(accident.where))
      return found("nonFinite", { step: accident.step });
    const spoilt = spoiltUnits(record);
    const isSure = spoilt && (spoilt.now >= almostAll || ratio > far * largestRatio);
    if (isSure && isHigh) return { ...found("spoilt", spoilt), where: spoilt.layer };
    if (start === undefined || start <= 0) return undefined;
    // Later than the first steps, which are the largest with Adam.
    if (!(late > largestRatio)) return undefined;
    if (losses.count >= 50 && loss >= nothingLearnt * start) return found("stays", { loss, start });
    if (losses.count >= 100 && isHigh)
      return { ...found("little", { loss, start }), severity: "warning" };
    return undefined;
  },
};

/** A layer most of whose units were alive in the first step and are dead or saturated now. */
function spoiltUnits({
  observed,
}: RunRecord): { layer: string; before: number; now: number } | undefined {
  const [first, last] = [observed[0], observed.at(-1)];
  if (!first || !last || observed.length < 2) return undefined;
  for (const [layer, { dead, saturated }] of Object.entries(last.layers)) {
    const start = first.layers[layer];
    if (!start) continue;
    const [before, now] = [Math.max(start.dead, start.saturated), Math.max(dead, saturated)];
    if (before < few && now >= most) return { layer, before, now };
  }
  return undefined;
}
