import {
  convGradientsGroup,
  maskUnpooled,
  maxPoolGroup,
  maxPoolPrologue,
  sumOverWindows,
  unpoolConv2d,
  unpoolEpilogue,
  type Backend,
} from "@tenon/plan";
// In this order modules of a family are next to each other in a bundle, which compresses best.
import { shared } from "./shared.js";
import { convKernels } from "./conv.js";
import { poolKernels } from "./pool.js";
import {
  unpoolConv2dFilterPays,
  unpoolConv2dInputPays,
} from "../kernels/conv/maxPool/unpooledConv.js";
import { winogradBackFits } from "../kernels/conv/winograd/winogradBack.js";
import type { Kernel } from "../kernels/kernel.js";
import { chained } from "./chaining.js";

/** The description of the whole engine for the planner. */
export const backend: Backend<Kernel> = /* @__PURE__ */ (() => ({
  ...shared,
  name: "wasm",
  rules: [
    maskUnpooled,
    sumOverWindows,
    unpoolConv2d("conv2dInput", unpoolConv2dInputPays),
    unpoolConv2d("conv2dFilter", unpoolConv2dFilterPays),
  ],
  siblings: [maxPoolGroup, convGradientsGroup(winogradBackFits)],
  prologues: [...shared.prologues, maxPoolPrologue],
  epilogues: [unpoolEpilogue],
  kernels: { ...shared.kernels, ...convKernels, ...poolKernels },
  chain: chained,
}))();
