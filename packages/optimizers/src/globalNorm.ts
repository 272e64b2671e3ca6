import type { Arithmetic, ByPath } from "@tenon/contracts";
import { badArgument, made, noOptions } from "@tenon/guards";
import { checkByPath } from "./internal/checkTransform.js";
import { checkOrder, normOfOrder } from "./internal/orders.js";

/**
 * The norm of all arrays as if they were one: √Σx² over everything, Σ|x| with `order` 1, the
 * largest |x| with Infinity, or ᵖ√Σ|x|ᵖ. A scalar. Squares neither over- nor underflow.
 *
 * @throws if there is no array
 */
export function globalNorm<T extends Arithmetic<T>>(arrays: ByPath<T>, order: number = 2): T {
  noOptions("globalNorm", arguments[2]);
  checkByPath("globalNorm", "arrays", arrays);
  checkOrder("globalNorm", order);
  const all = Object.values(arrays);
  if (all.length === 0) throw badArgument("globalNorm", "at least one array", "none");
  for (const array of all)
    made("globalNorm", "arrays of an engine", array, "abs mul", "tensor([3, 4])");
  const { scaled, unscale } = normOfOrder(all, order);
  return scaled.mul(unscale);
}
