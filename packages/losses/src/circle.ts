import { flag, known } from "@tenon/guards";
import { logSumExp, type Tensor, where } from "@tenon/tensor";
import { checkNotNegative, checkPositive } from "./internal/check.js";
import { never, pairsOf } from "./internal/pairs.js";
import { reduce } from "./internal/reduce.js";
import { softplus } from "./internal/softplus.js";
import type { ReductionOptions } from "./reduction.js";

export interface CircleOptions extends ReductionOptions {
  /**
   * What similarities are multiplied by: the larger, the more the hardest count. @defaultValue 80
   */
  readonly gamma?: number;
  /**
   * How far from 1 the cosines of like examples may be, and from 0 those of unlike ones, before
   * they weigh most. @defaultValue 0.4
   */
  readonly margin?: number;
  /**
   * Whether gradients also flow through the weights α, as in Keras. @defaultValue false, as in the
   * paper
   */
  readonly weightGradients?: boolean;
}

/**
 * Contrastive loss in which each similarity weighs by how far it is from its best: of example i,
 * log(1 + Σₖ e^(γ αₖ (cᵢₖ − m)) Σⱼ e^(−γ αⱼ (cᵢⱼ − 1 + m))), with cosines c, partners j of its
 * label, k over the examples of other labels, αⱼ = max(1 + m − cᵢⱼ, 0) and αₖ = max(cᵢₖ + m, 0).
 *
 * An example without a partner, or without an other, in the batch costs 0. Keras: `Circle`, whose
 * embeddings must have length 1.
 *
 * Sun et al. (2020), Circle loss: a unified perspective of pair similarity optimization, eq. 4 to
 * 8. arXiv:2002.10857
 *
 * @param embeddings `[n, features]`
 * @param labels `[n]`, int32
 * @returns a scalar; with `reduction: "none"`, `[n]`
 */
export function circle(embeddings: Tensor, labels: Tensor, options: CircleOptions = {}): Tensor {
  const {
    gamma = 80,
    margin = 0.4,
    weightGradients = false,
    reduction,
  } = known("circle", options, "gamma margin weightGradients reduction");
  const { cosines, isAlike, isPartner } = pairsOf("circle", embeddings, labels);
  checkPositive("circle", "gamma", gamma);
  checkNotNegative("circle", "margin", margin);
  flag("circle", "weightGradients", weightGradients);
  const weigh = (weights: Tensor): Tensor => {
    const positive = weights.relu();
    return (weightGradients ? positive : positive.detach()).mul(gamma);
  };
  const like = weigh(cosines.neg().add(1 + margin)).mul(cosines.neg().add(1 - margin));
  const unlike = weigh(cosines.add(margin)).mul(cosines.sub(margin));
  const both = logSumExp(where(isPartner, like, never), -1).add(
    logSumExp(where(isAlike, never, unlike), -1),
  );
  return reduce("circle", softplus(both), reduction);
}
