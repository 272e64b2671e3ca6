import type { Arithmetic, ByPath } from "@tenon/contracts";

/**
 * The norm of all arrays as if they were one: √Σx² over everything, or Σ|x| with `order` 1. A scalar.
 *
 * @throws if there is no array
 */
export function globalNorm<T extends Arithmetic<T>>(arrays: ByPath<T>, order: 1 | 2 = 2): T {
  const [first, ...rest] = Object.values(arrays).map((x) => (order === 1 ? x.abs() : x.square()).sum());
  if (!first) throw new Error("globalNorm: expected at least one array, got none");
  const total = rest.reduce((sum, part) => sum.add(part), first);
  return order === 1 ? total : total.sqrt();
}
