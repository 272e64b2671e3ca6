import { badArgument, known, shown } from "@tenon/guards";
import { checkTensor } from "../internal/guards.js";
import type { Axes, Tensor } from "../tensor.js";
import { norm } from "./reduce.js";

export interface NormalizeOptions {
  /** Over which axes the norm is taken together. @defaultValue -1 */
  readonly axes?: Axes;
  /** p of the norm (Σ |x|ᵖ)^(1/p), above 0; Infinity: the largest |x|. @defaultValue 2 */
  readonly order?: number;
  /** The smallest norm that is divided by. @defaultValue 1e-12 */
  readonly epsilon?: number;
}

/**
 * Divided by its norm: y = x / max(‖x‖ₚ, ε). Zeros stay zeros.
 *
 * PyTorch's `normalize`, whose `dim` is 1 by default; Keras' `ops.normalize`.
 */
export function normalize(x: Tensor, options: NormalizeOptions = {}): Tensor {
  const {
    axes = -1,
    order = 2,
    epsilon = 1e-12,
  } = known("normalize", options, "axes order epsilon");
  checkTensor("normalize", x);
  if (typeof order !== "number" || !(order > 0))
    throw badArgument("normalize", "an order > 0", shown(order));
  if (!Number.isFinite(epsilon) || epsilon < 0)
    throw badArgument("normalize", "a finite epsilon ≥ 0", shown(epsilon));
  return x.div(lengths(x, axes, order).maximum(epsilon));
}

function lengths(x: Tensor, axes: Axes, order: number): Tensor {
  if (order === 2) return norm(x, axes, true);
  const sizes = x.abs();
  if (order === 1) return sizes.sum(axes, true);
  if (order === Infinity) return sizes.max(axes, true);
  return sizes
    .pow(order)
    .sum(axes, true)
    .pow(1 / order);
}
