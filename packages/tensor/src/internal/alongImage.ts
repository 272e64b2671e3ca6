import { tensor } from "../ops/leaf.js";
import type { Tensor } from "../tensor.js";

/** For each new row (or column), the weights of all old ones. */
export type Weights = readonly (readonly number[])[];

/**
 * Weighted sums of an image's rows and of its columns, as two matrix products: y[i, j] = Σ
 * rows[i][k] · columns[j][l] · x[k, l], for x [n, height, width, channels].
 */
export function alongImage(x: Tensor, rows: Weights, columns: Weights): Tensor {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const matrix = (weights: Weights, size: number): Tensor =>
    tensor(weights.flat(), [weights.length, size]);
  return matrix(columns, w)
    .matmul(
      matrix(rows, h)
        .matmul(x.reshape([n, h, w * c]))
        .reshape([n * rows.length, w, c]),
    )
    .reshape([n, rows.length, columns.length, c]);
}
