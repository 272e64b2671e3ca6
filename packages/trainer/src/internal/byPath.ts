import type { NDArray, Tree } from "@tenon/contracts";
import { leaves } from "@tenon/tensor";

/** The arrays of a tree, by path. */
export function byPath(tree: Tree<NDArray>): Record<string, NDArray> {
  return Object.fromEntries(leaves<NDArray>(tree));
}
