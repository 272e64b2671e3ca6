import { access, by, isComparison, productOf, type Node } from "@tenon/plan";
import { gemm } from "../kernels/gemm/gemm.js";
import { longGemm, longGemmFits } from "../kernels/gemm/longGemm.js";
import { sparseGemm, sparseGemmFits } from "../kernels/gemm/sparseGemm.js";
import type { KernelTable } from "./candidate.js";

/** A matrix product. */
export const matmulKernels: KernelTable = {
  matmul: [/* @__PURE__ */ by(productOf, gemm)],
};

/** A matrix product whose left factor may hold many zeros, or whose sums are long. */
export const sparseKernels: KernelTable = {
  matmul: [
    /* @__PURE__ */ by(
      productOf,
      (spec) => sparseGemm(spec),
      (spec, { inputs: [left] }) => sparseGemmFits(spec) && mayBeSparse(left!),
    ),
    /* @__PURE__ */ by(productOf, longGemm, longGemmFits),
  ],
};

/** Operations whose results may hold many zeros, as those of comparisons do. */
const zerosMade = new Set([
  "input",
  "constant",
  "relu",
  "where",
  "maximum",
  "minimum",
  "sign",
  "pad",
]);

/** Operations whose results hold zeros where an operand does. */
const zerosKept = new Set([
  "mul",
  "div",
  "copy",
  "cast",
  "takeAlong",
  "gatherPool2d",
  "square",
  "abs",
  "neg",
  "concat",
]);

/**
 * Whether a value may hold many zeros, judged by the operations that compute it: data, what is
 * behind a ReLU or dropout, one-hot rows.
 */
function mayBeSparse(x: Node): boolean {
  // The set grows while it is iterated, so that long chains of operations need no recursion.
  const sources = new Set([access(x).base]);
  for (const { op, inputs } of sources) {
    if (zerosMade.has(op) || isComparison(op)) return true;
    if (zerosKept.has(op)) for (const input of inputs) sources.add(access(input).base);
  }
  return false;
}
