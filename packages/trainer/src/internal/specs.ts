import type { ArraySpec, ByPath, NDArray } from "@tenon/contracts";
import { mapLeaves } from "@tenon/tensor";

/** The number of a step, or a seed. */
export const scalar = { shape: [], dtype: "int32" } as const;

/** `n` examples of a dataset. */
export function batchSpec(n: number, { shape, dtype = "float32" }: ArraySpec): ArraySpec {
  return { shape: [n, ...shape], dtype };
}

/** The specs of the arrays that a program is fed. */
export function specsOf<A extends object>(arrays: A): { readonly [K in keyof A]: ArraySpec } {
  return mapLeaves(arrays as ByPath<NDArray>, ({ shape, dtype }) => ({ shape, dtype })) as {
    readonly [K in keyof A]: ArraySpec;
  };
}
