import type { ByPath } from "@tenon/contracts";

/** The same paths with other values. */
export function mapPaths<V, W>(values: ByPath<V>, make: (value: V, path: string) => W): ByPath<W> {
  return Object.fromEntries(
    Object.entries(values).map(([path, value]) => [path, make(value, path)]),
  );
}

/** Only the paths that fit. */
export function filterPaths<V>(values: ByPath<V>, fits: (path: string) => boolean): ByPath<V> {
  return Object.fromEntries(Object.entries(values).filter(([path]) => fits(path)));
}
