import type { RunRecord } from "../record.js";
import { entropy, mean } from "./numbers.js";

/** The losses of values, not of classes, by their names. */
export const lossesOfValues: readonly string[] = ["mse", "mae", "huber", "smoothL1", "logCosh"];

/**
 * The loss of the best answer that does not depend on the input: what is reached without learning
 * anything from the examples.
 *
 * Cross entropy: the entropy of the labels, ln(classes) where their counts are not known; binary
 * cross entropy: that of the mean target; mean squared error: the variance of the targets.
 * Undefined for other losses, and where penalties are added.
 */
export function baseline({ setup, data }: RunRecord): number | undefined {
  if (setup.penalties) return undefined;
  const counts = data?.classCounts;
  switch (setup.loss) {
    case "crossEntropy":
      if (counts) return entropy(counts);
      return setup.classes && Math.log(setup.classes);
    case "binaryCrossEntropy": {
      const p = data?.targets.mean;
      return p !== undefined && p > 0 && p < 1 ? entropy([p, 1 - p]) : Math.LN2;
    }
    case "mse":
      return data && data.targets.std ** 2;
    default:
      return undefined;
  }
}

/** The loss of a classifier that says nothing yet: all classes are equally likely. */
export function lossAtStart({ setup }: RunRecord): number | undefined {
  if (setup.penalties) return undefined;
  if (setup.loss === "crossEntropy") return setup.classes && Math.log(setup.classes);
  return setup.loss === "binaryCrossEntropy" ? Math.LN2 : undefined;
}

/** What losses are compared with: the baseline, else the loss of the first step. */
export function startingPoint(record: RunRecord): number | undefined {
  return baseline(record) ?? record.losses.first[0];
}

/**
 * The mean loss of the last `most` steps, or of all where there are fewer. NaN before the first.
 */
export function recentLoss({ losses }: RunRecord, most: number = 32): number {
  return mean(losses.recent.slice(-most));
}

/** The highest mean of five losses in a row, or of five blocks of them; of all where fewer. */
export function highestLoss({ losses: { curve, recent } }: RunRecord): number {
  const means = curve.slice(4).map((_, i) => mean(curve.slice(i, i + 5)));
  return Math.max(mean(recent.slice(-5)), ...means);
}

/** The loss of a step, if it is one of the last. */
export function lossAt({ losses, step: last }: RunRecord, step: number): number | undefined {
  return losses.recent[losses.recent.length - 1 - (last - step)];
}

/** Whether the record begins in the middle of a run: one that was continued from a snapshot. */
export const isContinued = ({ step, losses, nonFinite }: RunRecord): boolean =>
  step > losses.count + (nonFinite ? 1 : 0);

/** How many steps the run will have, if that is known. */
export function plannedSteps({ setup: { epochs, stepsPerEpoch } }: RunRecord): number | undefined {
  return epochs !== undefined && stepsPerEpoch !== undefined ? epochs * stepsPerEpoch : undefined;
}
