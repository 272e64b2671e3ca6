import { scan } from "../internal/scan.js";
import { axisOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";

/** yᵢ = Σ xₖ over k ≤ i, along an axis. */
export function cumsum(x: Tensor, axis: number): Tensor {
  return scan(x, axisOf("cumsum", axis, x.shape.length), 0, (a, b) => a.add(b));
}

/** yᵢ = Π xₖ over k ≤ i, along an axis. */
export function cumprod(x: Tensor, axis: number): Tensor {
  return scan(x, axisOf("cumprod", axis, x.shape.length), 1, (a, b) => a.mul(b));
}
