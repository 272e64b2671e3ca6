import { startingPoint } from "../internal/losses.js";
import type { Rule } from "../finding.js";

/** The validation loss lies this fraction above its lowest: Prechelt's criterion GL₂₀. */
const worse = 0.2;
/** And did so in this many epochs in a row. */
const persists = 2;
/** Below this fraction of where the loss began, a rise does no harm. */
const small = 0.1;
/** The training loss is at most this fraction of the validation loss. */
const gap = 0.5;

/**
 * The network learns its training examples by heart: their loss still falls, that of others rises.
 */
export const overfitting: Rule = {
  id: "overfitting",
  reference:
    "Prechelt (1998), Early stopping, but when?, section 2, " +
    "https://doi.org/10.1007/3-540-49430-8_3",
  explains: [],
  examine(record) {
    const { epochs } = record;
    const lines = epochs.flatMap(({ epoch, train, validation }) => {
      const [own, other] = [train["loss"], validation?.["loss"]];
      return own !== undefined && other !== undefined ? [{ epoch, own, other }] : [];
    });
    if (lines.length <= persists) return undefined;
    const best = lines.reduce((least, line) => (line.other < least.other ? line : least));
    const [last, first] = [lines.at(-1)!, lines[0]!];
    const rises = lines.slice(-persists).every(({ other }) => other > (1 + worse) * best.other);
    if (!rises || last.own > gap * last.other || last.own >= first.own) return undefined;
    const start = startingPoint(record) ?? first.other;
    if (last.other < small * start) return undefined;
    return {
      severity: "warning",
      evidence: {
        epoch: last.epoch,
        loss: last.own,
        validation: last.other,
        best: best.epoch,
        lowest: best.other,
        rise: last.other / best.other - 1,
      },
    };
  },
};
