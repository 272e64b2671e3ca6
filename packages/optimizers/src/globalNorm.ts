import type { Arithmetic, ByPath } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { normOf } from "./internal/norms.js";

/**
 * The norm of all arrays as if they were one: √Σx² over everything, or Σ|x| with `order` 1. A scalar. Squares neither over- nor underflow.
 *
 * @throws if there is no array
 */
export function globalNorm<T extends Arithmetic<T>>(arrays: ByPath<T>, order: 1 | 2 = 2): T {
  noOptions("globalNorm", arguments[2]);
  const all = Object.values(arrays);
  if (all.length === 0) throw new Error("globalNorm: expected at least one array, got none");
  const { scaled, back } = normOf(all, order);
  return scaled.mul(back);
}
