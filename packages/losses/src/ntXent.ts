import { badArgument, known } from "@tenon/guards";
import { arange, matmul, norm, where, type Tensor } from "@tenon/tensor";
import { checkLabels, checkPositive, show } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import { softplus } from "./internal/softplus.js";
import type { ReductionOptions } from "./reduction.js";

export interface NtXentOptions extends ReductionOptions {
  /** What cosines are divided by: the smaller, the more the nearest count. @defaultValue 0.07 */
  readonly temperature?: number;
}

/**
 * Contrastive loss: an example lies nearer to those of its label, such as other views of one image,
 * than to all others. For example i the mean over its partners j of
 * −log (e^(cᵢⱼ/τ) / (e^(cᵢⱼ/τ) + Σ e^(cᵢₖ/τ))), with cosines c and k over the examples of other labels.
 *
 * An example without a partner in the batch costs 0. optax: `ntxent`, which takes the mean over all
 * pairs: the same where labels are equally frequent.
 *
 * Chen, Kornblith, Norouzi & Hinton (2020), A simple framework for contrastive learning of visual
 * representations, eq. 1. arXiv:2002.05709
 *
 * @param embeddings `[n, features]`
 * @param labels `[n]`, int32
 * @returns a scalar; with `reduction: "none"`, `[n]`
 */
export function ntXent(embeddings: Tensor, labels: Tensor, options: NtXentOptions = {}): Tensor {
  const { temperature = 0.07, reduction } = known("ntXent", options, "temperature reduction");
  checkLabels("ntXent", embeddings, labels);
  if (labels.shape.length !== 1)
    throw badArgument("ntXent", "embeddings [n, features]", show(embeddings.shape));
  checkPositive("ntXent", "temperature", temperature);
  const n = labels.shape[0]!;
  const directions = embeddings.div(norm(embeddings, -1, true).maximum(1e-6));
  const cosines = matmul(directions, directions.transpose()).div(temperature);
  const isAlike = labels.expandDims(1).equal(labels.expandDims(0));
  const isPartner = where(arange(n).expandDims(1).equal(arange(n)), 0, isAlike.cast("float32"));
  // −1e9 for −∞, whose differences would be NaN: its exponential is 0 all the same.
  const others = where(isAlike, -1e9, cosines).logSumExp(-1, true);
  const pairs = softplus(others.sub(cosines)).mul(isPartner).sum(-1);
  return reduce("ntXent", pairs.div(isPartner.sum(-1).maximum(1)), reduction);
}
