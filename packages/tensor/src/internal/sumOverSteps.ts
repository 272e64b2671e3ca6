import type { MatmulAttrs } from "../ops/matmul.js";
import type { PadAttrs, TransposeAttrs } from "../ops/movement.js";
import type { ReduceAttrs } from "../ops/reduce.js";
import { sizeOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { makeNode } from "./makeNode.js";

/** The steps of a scan, as their sum sees them. */
export interface Steps {
  readonly length: number;
  /** The values that differ from step to step. */
  readonly inside: ReadonlySet<Tensor>;
  /** The values of all steps, along a new first axis. */
  stack(x: Tensor): Tensor;
}

/** Operations of one operand with f(a) + f(b) = f(a + b). */
const linear = new Set(["reshape", "transpose", "broadcastTo", "slice", "neg"]);

/**
 * The sum of a step's value over all steps, computed at once from stacked values: Σ aₜᵀ bₜ is one
 * product, that of all rows of all aₜ and bₜ. Undefined if the value is neither a product of
 * matrices nor a sum, nor linear in such.
 */
export function sumOverSteps(x: Tensor, steps: Steps): Tensor | undefined {
  const { length, inside } = steps;
  if (!inside.has(x)) return x.mul(length);
  const [a, b] = x.inputs as [Tensor, Tensor];
  const { name } = x.op;
  if (name === "sum") {
    const { axes } = x.attrs as ReduceAttrs;
    return stacked(a, steps)
      .sum([0, ...axes.map((axis) => axis + 1)])
      .reshape(x.shape);
  }
  if (name === "matmul" && x.shape.length === 2 && inside.has(a) && inside.has(b)) {
    const { transposeA, transposeB } = x.attrs as MatmulAttrs;
    return rowsOf(a, !transposeA, steps)
      .transpose()
      .matmul(rowsOf(b, transposeB, steps));
  }
  const isLinear =
    linear.has(name) || name === "add" || (name === "pad" && (x.attrs as PadAttrs).value === 0);
  if (!isLinear) return undefined;
  const sums = x.inputs.map((input) => sumOverSteps(input, steps));
  if (sums.includes(undefined)) return undefined;
  return makeNode(x.op, sums as Tensor[], x.shape, x.dtype, x.attrs);
}

/** The rows of the matrices of all steps, or of the transposed ones, as one matrix. */
function rowsOf(x: Tensor, transposed: boolean, steps: Steps): Tensor {
  const matrices = transposed ? stacked(x, steps).transpose([0, 2, 1]) : stacked(x, steps);
  const columns = matrices.shape[2]!;
  return matrices.reshape([sizeOf(matrices.shape.slice(0, 2)), columns]);
}

/** The values of all steps; views are made of them, not stacked. */
function stacked(x: Tensor, steps: Steps): Tensor {
  const [source] = x.inputs as [Tensor];
  if (x.op.name === "reshape") return stacked(source, steps).reshape([steps.length, ...x.shape]);
  if (x.op.name !== "transpose") return steps.stack(x);
  const { order } = x.attrs as TransposeAttrs;
  return stacked(source, steps).transpose([0, ...order.map((axis) => axis + 1)]);
}
