import type { Loss } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { average, isTensor, type Tensor } from "@tenon/tensor";
import { partsOf, type LossParts } from "./aggregateOf.js";
import { scalarLoss } from "./checkRun.js";

/** The targets of a batch and, where examples are weighed, their weights [n]. */
export interface Targets {
  readonly y: Tensor;
  readonly weights?: Tensor;
}

/**
 * A batch's loss, and how it is put together with those of other batches. Of examples with weights,
 * Σ weight · loss / Σ weight over examples.
 *
 * @param more added to the loss, weighted by examples
 */
export function batchLoss(
  lossOf: Loss<Tensor>,
  predictions: Tensor,
  { y, weights }: Targets,
  more: readonly Tensor[] = [],
): LossParts {
  if (!weights) return partsOf(scalarLoss(lossOf), predictions, y, more);
  const losses = lossesOf(lossOf(predictions, y), y.shape[0]!);
  const [total, weight] = [losses.mul(weights).sum(), weights.sum()];
  return {
    loss: more.reduce((sum, value) => sum.add(value), average(total, weight)),
    parts: { 0: { total, weight } },
    ...(more.length > 0 && { rest: more.reduce((sum, value) => sum.add(value)) }),
  };
}

/** The loss of each of n examples: the mean over what else a loss without reduction has. */
function lossesOf(losses: Tensor, n: number): Tensor {
  if (!isTensor(losses) || losses.shape[0] !== n)
    throw badArgument(
      "loss",
      `a loss for each of ${n} examples, since they have weights`,
      isTensor(losses) ? `one of shape [${losses.shape.join(", ")}]` : typeof losses,
      'write (predictions, targets) => crossEntropy(predictions, targets, { reduction: "none" })',
    );
  return losses.shape.length === 1 ? losses : losses.reshape([n, -1]).mean(1);
}
