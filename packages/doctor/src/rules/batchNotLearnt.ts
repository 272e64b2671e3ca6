import type { Rule } from "../finding.js";
import { lossAtStart } from "../internal/losses.js";
import { isLinear, layersOf } from "../internal/layers.js";

/**
 * Above this fraction of the first loss, or of that where all classes are equally likely, the
 * network has learnt nothing of the batch.
 */
const unmoved = 0.9;

/**
 * One batch was not learnt by heart, and the loss no longer falls. Any network that can learn at
 * all lowers the loss of a single batch; one with more parameters than the batch has examples can
 * mostly learn it by heart, but a linear one can do so only where the examples are linearly
 * separable.
 */
export const batchNotLearnt: Rule = {
  id: "batchNotLearnt",
  reference:
    "Karpathy (2019), A recipe for training neural networks, " +
    "https://karpathy.github.io/2019/04/25/recipe/ (overfit one batch)",
  explains: [],
  examine(record) {
    const { oneBatch } = record;
    if (!oneBatch || oneBatch.learnt || oneBatch.falling) return undefined;
    const { first, last, steps } = oneBatch;
    const evidence = { first, last, steps };
    const start = Math.min(first, lossAtStart(record) ?? first);
    if (!(last < unmoved * start)) return { severity: "error", kind: "stays", evidence };
    const layers = layersOf(record);
    if (layers.length > 0 && layers.every(isLinear)) return undefined;
    return { severity: "warning", kind: "rests", evidence };
  },
};
