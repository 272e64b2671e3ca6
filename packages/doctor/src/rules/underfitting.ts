import type { Rule } from "../finding.js";
import { median } from "../internal/numbers.js";
import { baseline, isContinued, plannedSteps } from "../internal/losses.js";

/**
 * A training loss above this fraction of the baseline: the larger part is not explained. Far above
 * the baseline, something else is wrong.
 */
const [much, near] = [0.5, 1.2];
/** Only in this last part of a run is it said: there may be plateaus on the way. */
const late = 0.75;
/** The loss has come to rest if the last epochs made less than this of it. */
const [rest, restEpochs] = [0.02, 4];

/**
 * The training loss has come to rest at a high value, and other examples do as badly: the network
 * is too small for the task, or what it is given does not suffice. A hint: no network explains
 * noise, and how much of it there is cannot be seen.
 */
export const underfitting: Rule = {
  id: "underfitting",
  reference: "Goodfellow, Bengio & Courville (2016), Deep Learning, section 5.2",
  explains: ["batchNotLearnt"],
  examine(record) {
    const start = baseline(record);
    const lines = record.epochs;
    const [last, before] = [lines.at(-1), lines.at(-1 - restEpochs)];
    const [mean, earlier] = [last?.train["loss"], before?.train["loss"]];
    // Of a run that was continued the end is all that is seen, where any loss rests.
    if (record.oneBatch || isContinued(record)) return undefined;
    if (!start || mean === undefined || earlier === undefined) return undefined;
    // Single examples with a huge loss do not count.
    const loss = Math.min(mean, median([mean, ...record.losses.recent]));
    // A rate that falls at the end of a run brings a last improvement.
    const steps = plannedSteps(record);
    if (steps !== undefined && last!.step < late * steps) return undefined;
    if (loss < much * start || loss > near * start || mean < (1 - rest) * earlier) return undefined;
    const validation = last!.validation?.["loss"];
    return {
      severity: "hint",
      kind: validation === undefined ? "train" : "both",
      evidence: {
        loss,
        start,
        fraction: loss / start,
        epoch: last!.epoch,
        ...(validation !== undefined && { validation }),
      },
    };
  },
};
