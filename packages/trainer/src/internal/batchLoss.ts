import type { Loss } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { average, isTensor, type Tensor } from "@tenon/tensor";
import { partsOf, type LossParts } from "./partsOf.js";

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
  const given = lossOf(predictions, y);
  return partsOf(weights ? weighed(given, weights) : scalar(given), more);
}

/** A loss; throws where it is something else than one number. */
function scalar(loss: Tensor): Tensor {
  if (!isTensor(loss) || loss.shape.length > 0)
    throw badArgument(
      "loss",
      "a function that gives one number, a scalar tensor",
      `one that gives ${shown(loss)}`,
      typeof loss === "function" ? "call the function that makes it" : "",
    );
  return loss;
}

/** Of the loss of each of n examples, the mean over what else a loss without reduction has. */
function weighed(losses: Tensor, weights: Tensor): Tensor {
  const [n] = weights.shape;
  if (!isTensor(losses) || losses.shape[0] !== n)
    throw badArgument(
      "loss",
      `a loss for each of ${n} examples, since they have weights`,
      shown(losses),
      'write (predictions, targets) => crossEntropy(predictions, targets, { reduction: "none" })',
    );
  const each = losses.shape.length === 1 ? losses : losses.reshape([n!, -1]).mean(1);
  return average(each.mul(weights).sum(), weights.sum());
}
