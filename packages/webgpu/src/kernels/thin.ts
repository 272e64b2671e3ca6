import type { GemmSpec, LoopEpilogue, Stages } from "@tenon/plan";
import type { Kernel } from "./kernel.js";
import { reduce } from "./reduce.js";

// Products of which one factor is so small that every row of the result may read all of it.

/** Sums or columns of at most so many are thin. */
const mostThin = 16;
/** What a row of the result reads of the second factor at most. */
const mostRead = 2 ** 14;
/** Products in all: more are worth tiles. */
const mostProducts = 2 ** 21;

/** Whether a product takes less time as sums than another dispatch would. */
export const isThin = ({ m, n, k, batch = 1, transposeA }: GemmSpec): boolean =>
  batch === 1 &&
  !transposeA &&
  Math.min(n, k) <= mostThin &&
  n * k <= mostRead &&
  m * n * k <= mostProducts;

/** C = A B as sums over an expression of three axes: rows of C need only those of A. */
export const thinProduct = (
  { m, n, k, transposeB }: GemmSpec,
  epilogue?: LoopEpilogue,
): Kernel | Stages<Kernel> =>
  reduce({
    loop: {
      shape: [m, n, k],
      inputs: [
        { strides: [k, 0, 1], offset: 0 },
        { strides: transposeB ? [0, k, 1] : [0, 1, n], offset: 0 },
      ],
      body: [
        { op: "load", input: 0, dtype: "float32" },
        { op: "load", input: 1, dtype: "float32" },
        { op: "mul", args: [0, 1], dtype: "float32" },
      ],
      outputs: [2],
    },
    axes: [2],
    kind: "sum",
    epilogue,
  });
