import { tensor } from "../ops/leaf.js";
import type { Tensor } from "../tensor.js";

/**
 * The cells of windows side by side, as an image of windows that do not overlap: window (i, j) is
 * the rows `rows[i]` and the columns `columns[j]` of x [n, height, width, channels].
 */
export function cellsOf(
  x: Tensor,
  rows: readonly (readonly number[])[],
  columns: readonly (readonly number[])[],
): Tensor {
  return x
    .gather(tensor(Int32Array.from(rows.flat())), 1)
    .gather(tensor(Int32Array.from(columns.flat())), 2);
}
