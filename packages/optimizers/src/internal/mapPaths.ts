import type { ByPath } from "@tenon/contracts";

/** The same paths with other values, without those of which there is none. */
export function mapPaths<V, W, N extends string = string>(
  values: Readonly<Record<N, V>>,
  make: (value: V, path: N) => W | undefined,
): Readonly<Record<N, W>> {
  return Object.fromEntries(
    Object.entries<V>(values).flatMap(([path, value]) => {
      const made = make(value, path as N);
      return made === undefined ? [] : [[path, made]];
    }),
  ) as Record<N, W>;
}

/** Only the paths that fit. */
export function filterPaths<V>(values: ByPath<V>, fits: (path: string) => boolean): ByPath<V> {
  return Object.fromEntries(Object.entries(values).filter(([path]) => fits(path)));
}
