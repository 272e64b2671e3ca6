import { known } from "@tenon/guards";
import { logSumExp, type Tensor, where } from "@tenon/tensor";
import { checkPositive } from "./internal/check.js";
import { never, pairsOf } from "./internal/pairs.js";
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
 * −log (e^(cᵢⱼ/τ) / (e^(cᵢⱼ/τ) + Σ e^(cᵢₖ/τ))), with cosines c and k over the examples of other
 * labels.
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
  const { cosines, isAlike, isPartner } = pairsOf("ntXent", embeddings, labels);
  checkPositive("ntXent", "temperature", temperature);
  const scores = cosines.div(temperature);
  const others = logSumExp(where(isAlike, never, scores), -1, true);
  const partners = isPartner.cast("float32");
  const pairs = softplus(others.sub(scores)).mul(partners).sum(-1);
  return reduce("ntXent", pairs.div(partners.sum(-1).maximum(1)), reduction);
}
