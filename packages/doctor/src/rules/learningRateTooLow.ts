import type { Rule } from "../finding.js";
import { baseline, isContinued, plannedSteps, recentLoss } from "../internal/losses.js";
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
/** Not before this many steps and observed steps: a rate may grow at first. */
const [leastSteps, leastObserved] = [50, 3];
/** At the end of a run of fewer, values must have had so little of the way that is asked for. */
const shortWay = 0.01;

/**
 * The learning rate is too low: values hardly change, and neither does the loss.
 *
 * Nothing is said of a run that was continued, nor where the loss begins well below what is reached
 * without looking at the input: small steps are right where most has been learnt before.
 */
export const learningRateTooLow: Rule = {
  id: "learningRateTooLow",
  reference: "https://cs231n.github.io/neural-networks-3/#ratio",
  explains: ["notLearning", "underfitting", "batchNotLearnt"],
  examine(record) {
    const { observed, losses } = record;
    const ratios = observed.map((step) => step.ratio).filter(Number.isFinite);
    const isLong = ratios.length >= leastObserved && losses.count >= leastSteps;
    if (ratios.length === 0 || isContinued(record)) return undefined;
    if (!isLong && record.ended === undefined) return undefined;
    const ratio = Math.max(...ratios);
    const steps = plannedSteps(record);
    const start = median(losses.first);
    const loss = recentLoss(record);
    const chance = baseline(record);
    if (chance !== undefined && start < unmoved * chance) return undefined;
    const isLow = steps === undefined ? ratio < smallest : ratio * steps < leastWay;
    if (!isLow || !(loss >= unmoved * start)) return undefined;
    if (!isLong && !(ratio * losses.count < shortWay * leastWay)) return undefined;
    return {
      // Without a baseline it is not known how much had been learnt before.
      severity: chance === undefined ? "warning" : "error",
      kind: steps === undefined ? "open" : "planned",
      evidence: { ratio, start, loss, ...(steps !== undefined && { steps, way: ratio * steps }) },
    };
  },
};
