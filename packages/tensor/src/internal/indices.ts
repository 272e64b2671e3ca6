import type { Shape } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { show, stridesOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { checkTensor } from "./guards.js";

/**
 * Who picks elements by indices, and what these are: the words of an error about a wrong one, which
 * an engine finds when it runs. A function that others call passes it to `gather` or `takeAlong`,
 * so that the error names that function.
 */
export interface IndexUse {
  /** The function that was called. */
  readonly by: string;
  /** What the indices are to its caller. @defaultValue `"indices"` */
  readonly indices?: string;
  /** What they must be below. @defaultValue `"the size of the axis"` */
  readonly limit?: string;
  /** The shape in which its caller has them. @defaultValue that of the indices */
  readonly shape?: Shape;
}

/** The error for an index outside [0, size). */
export interface IndexError extends Error {
  readonly index: number;
  readonly size: number;
  readonly use: IndexUse;
}

/**
 * The error of every engine for an index outside [0, size). The step must have changed nothing.
 *
 * @param at its place among all indices, row-major, if it is known
 */
export function indexError(use: IndexUse, index: number, size: number, at?: number): IndexError {
  const { by, indices = "indices", limit = "the size of the axis", shape = [] } = use;
  const place = stridesOf(shape).map((stride, axis) => Math.floor(at! / stride) % shape[axis]!);
  const fix = size > 0 ? `give ${indices} from 0 to ${size - 1}` : "there is nothing to pick from";
  return Object.assign(
    badArgument(
      by,
      `${indices} below ${size}, ${limit}`,
      index + (at === undefined || place.length === 0 ? "" : ` at ${show(place)}`),
      `${fix}. Nothing was changed`,
    ),
    { index, size, use },
  );
}

/** The index at a place, if it is in [0, n). */
export function checkedIndex(
  indices: ArrayLike<number>,
  at: number,
  n: number,
  use: IndexUse,
): number {
  const index = indices[at]!;
  if (!(index >= 0 && index < n)) throw indexError(use, index, n, at);
  return index;
}

/** Throws unless they are int32: 1.5 is the index of nothing. */
export function checkIndices(name: string, indices: Tensor): void {
  checkTensor(name, indices, "int32 indices");
  if (indices.dtype !== "int32")
    throw badArgument(name, "int32 indices", indices.dtype, "cast them");
}
