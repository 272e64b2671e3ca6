import { finitePrologue, reductionPrologue, type Backend } from "@tenon/plan";
import type { KernelTable } from "./candidate.js";
import { elementwise } from "../kernels/loop/elementwise.js";
import { alongKernels } from "./indexing.js";
import { reductionKernels } from "./reduction.js";
import { matmulKernels } from "./matmul.js";
import type { Kernel } from "../kernels/kernel.js";

/** The description for the planner of the engine without any part. */
export const core: Omit<Backend<Kernel>, "name" | "kernels"> & {
  readonly kernels: readonly KernelTable[];
} = {
  // Longer expressions and loops with more operands run out of registers.
  limits: { maxNodes: 64, maxOperands: 14, cheap: 3 },
  // Buffers begin at a cache line, and a vector may be read or written past the end of one. In the
  // first 64 bytes of a memory a kernel that fails says why (`badIndexIn`).
  memory: { alignment: 64, padding: 16, reserved: 64 },
  rules: [],
  siblings: [],
  prologues: [reductionPrologue, finitePrologue],
  kernels: [reductionKernels, matmulKernels, alongKernels],
  loop: elementwise,
};
