import type { Rule } from "../finding.js";
import { plannedSteps } from "../internal/losses.js";

/**
 * A decay that takes this much in the course of the run, in units of the value, holds a parameter
 * near zero: without a gradient it would fall to 1/e.
 */
const strong = 1;
/** What takes less than this of a value in the whole run cannot be noticed. */
const negligible = 0.1;
/** How many steps a run is assumed to have where that is unknown: as many as `setupOf` reads. */
const usualSteps = 1000;

/**
 * Weight decay acts on biases or on the parameters of a normalization. There it does not restrain
 * what the network can do, it shifts and shrinks its outputs.
 */
export const decayOfBiases: Rule = {
  id: "decayOfBiases",
  reference:
    "He, Zhang, Zhang, Zhang, Xie & Li (2019), Bag of tricks for image classification, section " +
    "3.1, https://arxiv.org/abs/1812.01187",
  explains: ["notLearning", "overfitting", "underfitting", "batchNotLearnt"],
  examine(record) {
    const steps = plannedSteps(record);
    // A decay without a known rate is one by Adam, which makes all steps alike, or by a penalty.
    const decays = (record.setup.decays ?? []).filter(
      ({ shape, rate = 1 }) => shape.length <= 1 && rate * (steps ?? usualSteps) >= negligible,
    );
    const [first] = decays;
    if (!first) return undefined;
    const rate = Math.max(...decays.map((decay) => decay.rate ?? 0));
    const isStrong = steps !== undefined && rate * steps >= strong;
    return {
      severity: isStrong ? "warning" : "hint",
      where: first.path,
      kind: isStrong ? "strong" : "weak",
      evidence: {
        parameter: first.path,
        count: decays.length,
        rate,
        ...(steps !== undefined && { steps }),
      },
      ...(!isStrong && { explains: [] }),
    };
  },
};
