import type { ArraySpec, Leaves, Tree } from "@tenon/contracts";

/** Whether a tree is an end: anything with a shape is. */
export function isLeaf(tree: unknown): boolean {
  return Array.isArray((tree as { shape?: unknown } | null)?.shape);
}

/** The ends of a tree with their paths, `"params/conv1/kernel"`, in order. */
export function leaves<V>(tree: Tree<V>, path = ""): [string, V][] {
  if (isLeaf(tree)) return [[path, tree as V]];
  return Object.entries(tree as Record<string, Tree<V>>).flatMap(([key, branch]) => leaves<V>(branch, path ? `${path}/${key}` : key));
}

/** What stands at the ends of a tree. */
export type LeafOf<S> = S extends ArraySpec ? S : { [K in keyof S]: LeafOf<S[K]> }[keyof S];

/** The same tree with other ends, visited in the order of `leaves`. Keys are copied as they are: `"__proto__"` is a name like any other. */
export function mapLeaves<S, W>(tree: S, make: (leaf: LeafOf<S>, path: string) => W, path = ""): Leaves<S, W> {
  if (isLeaf(tree)) return make(tree as LeafOf<S>, path) as Leaves<S, W>;
  return Object.fromEntries(
    Object.entries(tree as Record<string, S>).map(([key, branch]) => [key, mapLeaves<S, W>(branch, make, path ? `${path}/${key}` : key)]),
  ) as Leaves<S, W>;
}
