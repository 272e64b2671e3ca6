import type { ArraySpec, Leaves, Tree } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { branches } from "./internal/branches.js";

/** Whether a tree is an end: anything with a shape is. */
export function isLeaf(tree: unknown): boolean {
  return Array.isArray((tree as { shape?: unknown } | null)?.shape);
}

/** The ends of a tree with their paths, `"params/conv1/kernel"`, in order. */
export function leaves<V>(tree: Tree<V>, path = ""): [string, V][] {
  if (isLeaf(tree)) return [[path, tree as V]];
  return branches<Tree<V>>("leaves", tree, path).flatMap(([key, branch]) =>
    leaves<V>(branch, path ? `${path}/${key}` : key),
  );
}

/** What stands at the ends of a tree. */
export type LeafOf<S> = S extends ArraySpec ? S : { [K in keyof S]: LeafOf<S[K]> }[keyof S];

/**
 * The same tree with other ends, visited in the order of `leaves`. Keys are copied as they are:
 * `"__proto__"` is a name like any other.
 */
export function mapLeaves<S, W>(
  tree: S,
  make: (leaf: LeafOf<S>, path: string) => W,
  path = "",
): Leaves<S, W> {
  if (typeof make !== "function")
    throw badArgument("mapLeaves", "a function of an end and its path", shown(make));
  if (isLeaf(tree)) return make(tree as LeafOf<S>, path) as Leaves<S, W>;
  return Object.fromEntries(
    branches<S>("mapLeaves", tree, path).map(([key, branch]) => [
      key,
      mapLeaves<S, W>(branch, make, path ? `${path}/${key}` : key),
    ]),
  ) as Leaves<S, W>;
}
