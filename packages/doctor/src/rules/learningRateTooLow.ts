import type { Rule } from "../finding.js";
import { plannedSteps, recentLoss } from "../internal/losses.js";
import { median } from "../internal/numbers.js";

/**
 * So little, in units of their size, can values move in the whole run, if all steps go the same
 * way. At the usual 1e-3 a step, 200 steps go further.
 */
const leastWay = 0.2;
/** Where it is not known how long the run will be: a tenth of the usual ratio. */
const smallest = 1e-4;
/** The loss has hardly moved above this fraction of what it was at the start. */
const unmoved = 0.9;
/** Not before so many steps: a rate may grow at first. */
const leastSteps = 50;

/** The learning rate is too low: values hardly change, and neither does the loss. */
export const learningRateTooLow: Rule = {
  id: "learningRateTooLow",
  reference: "https://cs231n.github.io/neural-networks-3/#ratio",
  explains: ["notLearning", "underfitting", "batchNotLearnt"],
  examine(record) {
    const { observed, losses } = record;
    const ratios = observed.map((step) => step.ratio).filter(Number.isFinite);
    if (ratios.length < 3 || losses.count < leastSteps) return undefined;
    const ratio = Math.max(...ratios);
    const steps = plannedSteps(record);
    const start = median(losses.first);
    const loss = recentLoss(record);
    const isLow = steps === undefined ? ratio < smallest : ratio * steps < leastWay;
    if (!isLow || loss < unmoved * start) return undefined;
    return {
      severity: "error",
      kind: steps === undefined ? "open" : "planned",
      evidence: { ratio, start, loss, ...(steps !== undefined && { steps, way: ratio * steps }) },
    };
  },
};
