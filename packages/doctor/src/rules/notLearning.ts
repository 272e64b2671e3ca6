import type { Rule } from "../finding.js";
import { baseline } from "../internal/losses.js";
import { median, sum } from "../internal/numbers.js";
import type { RunRecord } from "../record.js";

/** Above this fraction of the baseline nothing has been learnt from the inputs. */
const nothing = 0.97;
/** Not before so many steps, and the end of an epoch. */
const leastSteps = 100;
/** So far, in units of their size, values can have moved, if all steps went the same way. */
const leastWay = 0.1;
/** After so many epochs the loss of other examples should have been below the baseline. */
const leastEpochs = 3;

/**
 * The loss is what one gets without looking at the inputs: the labels do not belong to the
 * examples, or nothing of them passes through the network.
 */
export const notLearning: Rule = {
  id: "notLearning",
  reference:
    "Karpathy (2019), A recipe for training neural networks, " +
    "https://karpathy.github.io/2019/04/25/recipe/ (input-independent baseline)",
  explains: ["overfitting", "underfitting", "batchNotLearnt"],
  examine(record) {
    const [start, scores] = [baseline(record), record.epochs.at(-1)];
    if (!start || !scores || record.losses.count < leastSteps) return undefined;
    const ratios = record.observed.map(({ ratio }) => ratio).filter(Number.isFinite);
    // Values that have hardly moved are not to blame on the targets.
    if (median(ratios) * record.losses.count < leastWay) return undefined;
    const loss = median(record.losses.recent);
    const stays = loss >= nothing * start;
    const others = record.epochs.map(({ validation }) => validation?.["loss"] ?? NaN);
    const best = Math.min(...others);
    const byHeart = record.epochs.length >= leastEpochs && others.at(-1)! > start;
    const unrelated = byHeart && best >= nothing * start;
    if (!stays && !unrelated) return undefined;
    const evidence = { loss, start, steps: record.losses.count, epoch: scores.epoch };
    if (!stays)
      return { severity: "error", kind: "byHeart", evidence: { ...evidence, validation: best } };
    const accuracy = (scores.validation ?? scores.train)["accuracy"];
    const most = mostFrequent(record);
    return accuracy !== undefined && most !== undefined && Math.abs(accuracy - most) < 0.01
      ? { severity: "error", kind: "same", evidence: { ...evidence, accuracy, most } }
      : { severity: "error", kind: "stays", evidence };
  },
};

/**
 * The fraction of the most frequent class, where it is half as much again as an even share: only
 * then does an accuracy tell.
 */
function mostFrequent({ data }: RunRecord): number | undefined {
  const counts = data?.classCounts;
  if (!counts) return undefined;
  const most = Math.max(...counts) / sum(counts);
  return most > 1.5 / counts.length ? most : undefined;
}
