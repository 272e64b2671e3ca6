import {
  finitePrologue,
  reductionPrologue,
  summaryPrologue,
  type Backend,
  type Node,
} from "@tenon/plan";
import { sizeOf, type UniformAttrs } from "@tenon/tensor";
import { elementwise } from "../kernels/loop/elementwise.js";
import { placementKernels } from "./placement.js";
import { indexKernels } from "./indexing.js";
import { reductionKernels } from "./reduction.js";
import { matmulKernels } from "./matmul.js";
import { unlessCalm } from "./unlessCalm.js";
import { uniform, type UniformSpec } from "../kernels/random/uniform.js";
import type { Kernel } from "../kernels/kernel.js";
import { by } from "./candidate.js";

const uniformSpec = ({ shape, attrs }: Node): UniformSpec => ({
  length: sizeOf(shape),
  stream: (attrs as UniformAttrs).stream,
});

/** What the descriptions of all engines of this package share. */
export const shared: Omit<
  Backend<Kernel>,
  "name" | "elsewhere" | "rules" | "siblings" | "epilogues" | "chain"
> = {
  // Longer expressions and loops with more operands run out of registers.
  limits: { maxNodes: 64, maxOperands: 14, cheap: 3 },
  // Buffers begin at a cache line, and a vector may be read or written past the end of one. In the
  // first 64 bytes of a memory a kernel that fails says why (`badIndexIn`).
  memory: { alignment: 64, padding: 16, reserved: 64 },
  prologues: [reductionPrologue, summaryPrologue, finitePrologue],
  kernels: {
    ...reductionKernels,
    ...matmulKernels,
    ...indexKernels,
    ...placementKernels,
    uniform: [by(uniformSpec, uniform)],
  },
  loop: elementwise,
  unlessCalm,
};
