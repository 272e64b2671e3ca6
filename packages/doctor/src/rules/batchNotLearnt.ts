import type { Rule } from "../finding.js";

/**
 * One batch could not be learnt by heart: any network that can learn at all can do that, since it
 * has more parameters than the batch has examples.
 */
export const batchNotLearnt: Rule = {
  id: "batchNotLearnt",
  reference:
    "Karpathy (2019), A recipe for training neural networks, " +
    "https://karpathy.github.io/2019/04/25/recipe/ (overfit one batch)",
  explains: [],
  examine({ oneBatch }) {
    if (!oneBatch || oneBatch.learnt) return undefined;
    const { first, last, steps } = oneBatch;
    return { severity: "error", evidence: { first, last, steps } };
  },
};
