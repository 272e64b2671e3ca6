import { badArgument } from "@tenon/guards";
import { arange, matmul, norm, where, type Tensor } from "@tenon/tensor";
import { checkLabels, show } from "./check.js";

/** All pairs of the examples of a batch, each [n, n]. */
export interface Pairs {
  /** The cosine of the angle between both embeddings. */
  readonly cosines: Tensor;
  /** Whether both have one label. */
  readonly isAlike: Tensor;
  /** Whether both have one label and are not the same example. */
  readonly isPartner: Tensor;
}

/**
 * A score that counts as −∞ in a sum of exponentials: its own is 0, and unlike −∞ it has
 * differences that are numbers.
 */
export const never = -1e9;

/** The pairs of embeddings [n, features] with int32 labels [n]. Throws where they are none. */
export function pairsOf(name: string, embeddings: Tensor, labels: Tensor): Pairs {
  checkLabels(name, embeddings, labels);
  if (labels.shape.length !== 1)
    throw badArgument(name, "embeddings [n, features]", show(embeddings.shape));
  const places = arange(labels.shape[0]!);
  const directions = embeddings.div(norm(embeddings, -1, true).maximum(1e-6));
  const isAlike = labels.expandDims(1).equal(labels.expandDims(0));
  return {
    cosines: matmul(directions, directions.transpose()),
    isAlike,
    isPartner: where(places.expandDims(1).equal(places), 0, isAlike),
  };
}
