import type { ArraySpec, NDArray } from "@tenon/contracts";

/** The number of a step, or a seed. */
export const scalar = { shape: [], dtype: "int32" } as const;

/** `n` examples of a dataset. */
export function batchSpec(n: number, { shape, dtype = "float32" }: ArraySpec): ArraySpec {
  return { shape: [n, ...shape], dtype };
}

/** What a program that is fed such arrays is compiled for. */
export function specsOf<K extends string>(
  arrays: Readonly<Record<K, NDArray>>,
): Readonly<Record<K, ArraySpec>> {
  return Object.fromEntries(
    Object.entries<NDArray>(arrays).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
  ) as Record<K, ArraySpec>;
}
