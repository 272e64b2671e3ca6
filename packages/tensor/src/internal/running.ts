import { pad, slice } from "../ops/movement.js";
import type { Tensor } from "../tensor.js";

/**
 * The same values `by` places further along an axis (back, if negative); `fill` moves in, and what
 * leaves is dropped.
 */
function shifted(x: Tensor, axis: number, by: number, fill: number): Tensor {
  const n = x.shape[axis]!;
  const places = Math.min(Math.abs(by), n);
  const perAxis = (here: number, elsewhere: number): number[] =>
    x.shape.map((_, i) => (i === axis ? here : elsewhere));
  const kept =
    by > 0
      ? slice(
          x,
          [],
          x.shape.map((size, i) => (i === axis ? n - places : size)),
        )
      : slice(x, perAxis(places, 0));
  return pad(
    kept,
    x.shape.map((_, i) => (i !== axis ? [0, 0] : by > 0 ? [places, 0] : [0, places])),
    fill,
  );
}

/**
 * Combines each element with all before it (after it, if `direction` is −1). Each round doubles how
 * many are combined: log₂ n operations (Hillis & Steele, 1986).
 */
export function running(
  x: Tensor,
  axis: number,
  fill: number,
  join: (a: Tensor, b: Tensor) => Tensor,
  direction: 1 | -1 = 1,
): Tensor {
  let joined = x;
  for (let by = 1; by < x.shape[axis]!; by *= 2)
    joined = join(joined, shifted(joined, axis, direction * by, fill));
  return joined;
}

/**
 * For each element along an axis the product of all the others: of those before it and of those
 * after it. It does not divide, so elements may be zero.
 */
export function productOfOthers(x: Tensor, axis: number): Tensor {
  const half = (direction: 1 | -1): Tensor =>
    shifted(
      running(x, axis, 1, (a, b) => a.mul(b), direction),
      axis,
      direction,
      1,
    );
  return half(1).mul(half(-1));
}
