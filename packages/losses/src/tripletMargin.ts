import { badArgument, flag, known, shown } from "@tenon/guards";
import { norm, type Tensor } from "@tenon/tensor";
import { checkNotNegative, checkSameShapes } from "./internal/check.js";
import { reduce } from "./internal/reduce.js";
import type { ReductionOptions } from "./reduction.js";

export interface TripletMarginOptions extends ReductionOptions {
  /** By how much the unlike one must be farther to cost nothing. @defaultValue 1 */
  readonly margin?: number;
  /** The order of the norm that distances are measured by. @defaultValue 2 */
  readonly p?: 1 | 2;
  /**
   * Whether the unlike one may be no nearer to the like one, either: the smaller of both distances
   * counts (Balntas et al. 2016). @defaultValue false
   */
  readonly swap?: boolean;
  /**
   * Added to each difference, so that the norm has a gradient at equal vectors. @defaultValue 1e-6
   */
  readonly epsilon?: number;
}

/**
 * How much an anchor lacks to be nearer to what is like it than to what is not: max(‖a − p‖ − ‖a −
 * n‖ + margin, 0), over the last axis.
 *
 * Schroff et al. (2015), FaceNet, section 3.1, whose distances are squared. arXiv:1503.03832
 *
 * @param anchor `[…, n]`
 * @param positive what is like the anchor, of the same shape
 * @param negative what is unlike it, of the same shape
 * @returns a scalar; with `reduction: "none"`, the losses without the last axis
 */
export function tripletMargin(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginOptions = {},
): Tensor {
  const {
    margin = 1,
    p = 2,
    swap = false,
    epsilon = 1e-6,
    reduction,
  } = known("tripletMargin", options, "margin p swap epsilon reduction");
  checkSameShapes("tripletMargin", { anchor, positive, negative });
  checkNotNegative("tripletMargin", "margin", margin);
  checkNotNegative("tripletMargin", "epsilon", epsilon);
  flag("tripletMargin", "swap", swap);
  if (p !== 1 && p !== 2) throw badArgument("tripletMargin", "p as 1 or 2", shown(p));
  const distance = (a: Tensor, b: Tensor): Tensor => {
    const difference = a.sub(b).add(epsilon);
    return p === 1 ? difference.abs().sum(-1) : norm(difference, -1);
  };
  const unlike = distance(anchor, negative);
  const farthest = swap ? unlike.minimum(distance(positive, negative)) : unlike;
  const losses = distance(anchor, positive).sub(farthest).add(margin).relu();
  return reduce("tripletMargin", losses, reduction);
}
