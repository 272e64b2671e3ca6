import { flag, known } from "@tenon/guards";
import { where, type Tensor } from "@tenon/tensor";
import { checkSame } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import { weighted } from "./internal/weighted.js";
import type { ReductionOptions } from "./reduction.js";

export interface KlDivergenceOptions extends ReductionOptions {
  /** Whether the targets are logarithms too. @defaultValue false */
  readonly logTargets?: boolean;
}

/**
 * How far a guessed distribution is from the true one: Σ t (log t − log p) over the last axis,
 * averaged over examples. In nats.
 *
 * The mean is over examples (PyTorch's `"batchmean"`), not over their entries. For a loss of each
 * entry, give both an axis of one: `klDivergence(p.expandDims(-1), t.expandDims(-1))`.
 *
 * Kullback & Leibler (1951), On information and sufficiency.
 *
 * @param logProbabilities `[…, classes]`, such as `logits.logSoftmax()`
 * @param targets of the same shape; 0 log 0 is 0, also where the guess is log 0
 * @returns a scalar; with `reduction: "none"`, the losses without the last axis
 */
export function klDivergence(
  logProbabilities: Tensor,
  targets: Tensor,
  options: KlDivergenceOptions = {},
): Tensor {
  const { logTargets = false, reduction } = known("klDivergence", options, "logTargets reduction");
  checkSame("klDivergence", logProbabilities, targets);
  flag("klDivergence", "logTargets", logTargets);
  const logs = logTargets
    ? where(targets.equal(-Infinity), 0, targets)
    : where(targets.greater(0), targets, 1).log();
  const losses = weighted(logTargets ? targets.exp() : targets, logs.sub(logProbabilities));
  return reduce("klDivergence", losses.sum(-1), reduction);
}
