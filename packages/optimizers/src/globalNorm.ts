import type { Arithmetic, ByPath } from "@tenon/contracts";
import { badArgument, noOptions, shown } from "@tenon/guards";
import { checkByPath } from "./internal/checkTransform.js";
import { normOf } from "./internal/norms.js";

/**
 * The norm of all arrays as if they were one: √Σx² over everything, or Σ|x| with `order` 1. A
 * scalar. Squares neither over- nor underflow.
 *
 * @throws if there is no array
 */
export function globalNorm<T extends Arithmetic<T>>(arrays: ByPath<T>, order: 1 | 2 = 2): T {
  noOptions("globalNorm", arguments[2]);
  checkByPath("globalNorm", "arrays", arrays);
  if (order !== 1 && order !== 2) throw badArgument("globalNorm", "order 1 or 2", shown(order));
  const all = Object.values(arrays);
  if (all.length === 0) throw badArgument("globalNorm", "at least one array", "none");
  const { scaled, unscale } = normOf(all, order);
  return scaled.mul(unscale);
}
