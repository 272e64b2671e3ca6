import { badArgument, noOptions } from "@tenon/guards";
import { broadcastShapes, show, sizeOf } from "../shapes.js";
import { checkTensor } from "../internal/guards.js";
import { makeNode } from "../internal/makeNode.js";
import type { Op } from "../op.js";
import type { Tensor } from "../tensor.js";

export interface MatmulAttrs {
  /** Whether the first operand is [.., k, m]. */
  readonly transposeA: boolean;
  /** Whether the second operand is [.., n, k]. */
  readonly transposeB: boolean;
}

const matmulOp: Op<MatmulAttrs> = {
  name: "matmul",
  gradient({ inputs: [a, b], attrs: { transposeA, transposeB } }, g) {
    return [
      transposeA ? product(b!, g, transposeB, true) : product(g, b!, false, !transposeB),
      transposeB ? product(g, a!, true, transposeA) : product(a!, g, !transposeA, false),
    ];
  },
  evaluate(node, [a, b], out) {
    const { transposeA, transposeB } = node.attrs;
    const [m, n] = node.shape.slice(-2) as [number, number];
    const k = a!.shape[a!.shape.length - (transposeA ? 2 : 1)]!;
    const [ai, ak] = transposeA ? [1, m] : [k, 1];
    const [bk, bj] = transposeB ? [1, k] : [n, 1];
    const x = a!.data;
    const y = b!.data;
    for (let index = 0, batch = 0; index < out.length; batch++)
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++, index++) {
          let total = 0;
          for (let p = 0; p < k; p++)
            total += x[batch * m * k + i * ai + p * ak]! * y[batch * k * n + p * bk + j * bj]!;
          out[index] = total;
        }
  },
};

/** The product of matrices of one batch shape, each as it is or transposed. */
function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  const [batch, [r, c], [s, t]] = [
    a.shape.slice(0, -2),
    a.shape.slice(-2) as [number, number],
    b.shape.slice(-2) as [number, number],
  ];
  return makeNode(matmulOp, [a, b], [...batch, transposeA ? c : r, transposeB ? s : t], "float32", {
    transposeA,
    transposeB,
  } satisfies MatmulAttrs);
}

/**
 * Matrix product as NumPy's `@`: last two axes multiply, the ones before broadcast, a vector is a
 * row or a column.
 *
 * C[i, j] = Σ A[i, p] · B[p, j], float32 also of integers. The reference engine sums in float64.
 * The wasm engine sums in float32: up to 2¹⁴ products in order, more in runs, so that the error
 * stays below 2⁻¹⁰ · Σ |A[i, p] · B[p, j]| for any sum that fits into memory; of 2²⁵ equal products
 * it is about 4 · 10⁻⁶ of the sum.
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  noOptions("matmul", arguments[2]);
  checkTensor("matmul", a);
  checkTensor("matmul", b);
  if (a.shape.length === 0 || b.shape.length === 0)
    throw badArgument(
      "matmul",
      "at least one axis each",
      `${show(a.shape)} and ${show(b.shape)}`,
      "multiply by a scalar with mul",
    );
  if (a.shape.length === 1)
    return matmul(a.reshape([1, -1]), b).squeeze(-2 + (b.shape.length === 1 ? 1 : 0));
  if (b.shape.length === 1) return matmul(a, b.reshape([-1, 1])).squeeze(-1);
  const [x, y] = [a.cast("float32"), b.cast("float32")];
  const [m, k] = x.shape.slice(-2) as [number, number];
  const [inner, n] = y.shape.slice(-2) as [number, number];
  if (k !== inner)
    throw badArgument("matmul", "inner sizes that agree", `${show(a.shape)} and ${show(b.shape)}`);
  const before = x.shape.slice(0, -2);
  // One matrix for the whole batch: rows of all the batch are rows of one product.
  if (y.shape.length === 2 && before.length > 0)
    return matmul(x.reshape([sizeOf(before) * m, k]), y).reshape([...before, m, n]);
  const batch = broadcastShapes("matmul", before, y.shape.slice(0, -2));
  return product(x.broadcastTo([...batch, m, k]), y.broadcastTo([...batch, k, n]), false, false);
}
