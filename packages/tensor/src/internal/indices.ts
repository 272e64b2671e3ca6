import { badArgument } from "@tenon/guards";
import type { Tensor } from "../tensor.js";
import { checkTensor } from "./guards.js";

/** The error for an index outside [0, size). */
export interface IndexError extends Error {
  readonly index: number;
  readonly size: number;
}

/** The error of every engine for an index outside [0, n). The step must have changed nothing. */
export function indexError(name: string, index: number, n: number): IndexError {
  const fix =
    n === 0 ? "there is nothing to pick from" : `give indices, labels or tokens from 0 to ${n - 1}`;
  return Object.assign(
    badArgument(
      name,
      `indices below ${n}, the size of the axis`,
      index,
      `${fix}. Nothing was changed`,
    ),
    { index, size: n },
  );
}

/** The index, if it is in [0, n). */
export function checkedIndex(name: string, index: number, n: number): number {
  if (!(index >= 0 && index < n)) throw indexError(name, index, n);
  return index;
}

/** Throws unless they are int32: 1.5 is the index of nothing. */
export function checkIndices(name: string, indices: Tensor): void {
  checkTensor(name, indices, "int32 indices");
  if (indices.dtype !== "int32")
    throw badArgument(name, "int32 indices", indices.dtype, "cast them");
}
