import type { ByPath } from "@tenon/contracts";

/** The same paths with other values. */
export function mapPaths<V, W, N extends string = string>(
  values: Readonly<Record<N, V>>,
  make: (value: V, path: N) => W,
): Readonly<Record<N, W>> {
  return Object.fromEntries(
    Object.entries<V>(values).map(([path, value]) => [path, make(value, path as N)]),
  ) as Record<N, W>;
}

/** Only the paths that fit. */
export function filterPaths<V>(values: ByPath<V>, fits: (path: string) => boolean): ByPath<V> {
  return Object.fromEntries(Object.entries(values).filter(([path]) => fits(path)));
}
