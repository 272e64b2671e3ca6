import type { Rule } from "../finding.js";
import { baseline, plannedSteps } from "../internal/losses.js";
import { median, sum } from "../internal/numbers.js";
import type { RunRecord } from "../record.js";

/**
 * Above this fraction of the baseline nothing has been learnt from the inputs; far above it,
 * something else is wrong.
 */
const [nothing, near] = [0.97, 1.2];
/** Only in this last part of a run is it said that the loss stays: there may be plateaus. */
const late = 0.75;
/** How many epochs have to be past then; and where the length of the run is unknown. */
const [restEpochs, openEpochs] = [3, 10];
/** Without other examples: the loss is at rest if two epochs made less than this of it. */
const rest = 0.01;
/** Not before this many steps and the end of an epoch. */
const leastSteps = 100;
/** So far, in units of their size, values can have moved, if all steps went the same way. */
const leastWay = 0.1;
/**
 * Of targets that have nothing to do with the inputs, p parameters explain p/n of the variance of n
 * examples. What explains this multiple of it has learnt something, be it little.
 */
const byChance = 3;
/** After this many epochs the loss of other examples should have been below the baseline. */
const leastEpochs = 3;
/**
 * It is above the baseline and above its lowest value by more than chance makes it; and so far that
 * nothing of what was learnt holds.
 */
const [above, farAbove] = [1.02, 1.1];

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
    const others = record.epochs.map(({ validation }) => validation?.["loss"] ?? NaN);
    const [best, last] = [Math.min(...others), others.at(-1)!];
    const evidence = { loss, start, steps: record.losses.count, epoch: scores.epoch };
    const isWorse = last > above * start && last > above * best;
    if (loss < nothing * start) {
      const byHeart = record.epochs.length >= leastEpochs && isWorse && best >= nothing * start;
      if (!byHeart) return undefined;
      const severity = last > farAbove * start ? "error" : "warning";
      return { severity, kind: "byHeart", evidence: { ...evidence, validation: best } };
    }
    if (explainsMore(record, start)) return undefined;
    if (!(loss <= near * start) || !isLate(record) || !isAtRest(record, nothing * start))
      return undefined;
    const accuracy = (scores.validation ?? scores.train)["accuracy"];
    const most = mostFrequent(record);
    return accuracy !== undefined && most !== undefined && Math.abs(accuracy - most) < 0.01
      ? { severity: "warning", kind: "same", evidence: { ...evidence, accuracy, most } }
      : { severity: "warning", kind: "stays", evidence };
  },
};

/** Whether the training loss is below the baseline by more than chance makes it. */
function explainsMore({ epochs, observed, setup }: RunRecord, start: number): boolean {
  const params = Object.values(observed.at(-1)?.params ?? {});
  const fraction = 1 - epochs.at(-1)!.train["loss"]! / start;
  const chance = byChance * sum(params.map(({ size }) => size));
  return params.length > 0 && fraction * (setup.examples ?? 0) > chance;
}

/** Whether a plateau would have been left by now. */
function isLate(record: RunRecord): boolean {
  const [steps, epochs] = [plannedSteps(record), record.epochs];
  if (steps === undefined && record.ended === undefined) return epochs.length >= openEpochs;
  return epochs.length >= restEpochs && epochs.at(-1)!.step >= late * (steps ?? 0);
}

/**
 * Whether the loss of other examples was never below `least`; where there are none, whether that of
 * the training examples no longer falls.
 */
function isAtRest({ epochs }: RunRecord, least: number): boolean {
  const others = epochs.flatMap(({ validation }) => validation?.["loss"] ?? []);
  if (others.length > 0) return others.every((loss) => loss >= least);
  const [last, before] = [epochs.at(-1)?.train["loss"], epochs.at(-3)?.train["loss"]];
  return last !== undefined && before !== undefined && last >= (1 - rest) * before;
}

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
