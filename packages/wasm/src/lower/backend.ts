import {
  convGradientsGroup,
  finitePrologue,
  maskUnpooled,
  maxPoolGroup,
  maxPoolPrologue,
  reductionPrologue,
  summaryPrologue,
  sumOverWindows,
  unpoolConv2d,
  unpoolEpilogue,
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
import { convKernels } from "./conv.js";
import { poolKernels } from "./pool.js";
import {
  unpoolConv2dFilterPays,
  unpoolConv2dInputPays,
} from "../kernels/conv/maxPool/unpooledConv.js";
import { winogradBackFits } from "../kernels/conv/winograd/winogradBack.js";
import type { Kernel } from "../kernels/kernel.js";
import { by } from "./candidate.js";
import { chained } from "./chaining.js";

const uniformSpec = ({ shape, attrs }: Node): UniformSpec => ({
  length: sizeOf(shape),
  stream: (attrs as UniformAttrs).stream,
});

/** The description of this engine for the planner. */
export const backend: Backend<Kernel> = {
  name: "wasm",
  // Longer expressions and loops with more operands run out of registers.
  limits: { maxNodes: 64, maxOperands: 14, cheap: 3 },
  // Buffers begin at a cache line, and a vector may be read or written past the end of one. In the
  // first 64 bytes of a memory a kernel that fails says why (`badIndexIn`).
  memory: { alignment: 64, padding: 16, reserved: 64 },
  rules: [
    maskUnpooled,
    sumOverWindows,
    unpoolConv2d("conv2dInput", unpoolConv2dInputPays),
    unpoolConv2d("conv2dFilter", unpoolConv2dFilterPays),
  ],
  siblings: [maxPoolGroup, convGradientsGroup(winogradBackFits)],
  prologues: [reductionPrologue, summaryPrologue, finitePrologue, maxPoolPrologue],
  epilogues: [unpoolEpilogue],
  kernels: {
    ...reductionKernels,
    ...matmulKernels,
    ...convKernels,
    ...poolKernels,
    ...indexKernels,
    ...placementKernels,
    uniform: [by(uniformSpec, uniform)],
  },
  loop: elementwise,
  unlessCalm,
  chain: chained,
};
