import {
  chainsBy,
  convGradientsGroup,
  maskUnpooled,
  maxPoolGroup,
  maxPoolPrologue,
  sumOverWindows,
  unpoolConv2d,
  unpoolEpilogue,
} from "@tenon/plan";
import type { Adds } from "./backendOf.js";
// In this order modules of a family are next to each other in a bundle, which compresses best.
import { convKernels } from "./conv.js";
import { poolKernels } from "./pool.js";
import {
  unpoolConv2dFilterPays,
  unpoolConv2dInputPays,
} from "../kernels/conv/maxPool/unpooledConv.js";
import { winogradBackFits } from "../kernels/conv/winograd/winogradBack.js";
import { chained } from "./chaining.js";

/** Convolutions and pools, and chains of them image by image. */
export const imageKernels: Adds = {
  rules: [
    maskUnpooled,
    sumOverWindows,
    /* @__PURE__ */ unpoolConv2d("conv2dInput", unpoolConv2dInputPays),
    /* @__PURE__ */ unpoolConv2d("conv2dFilter", unpoolConv2dFilterPays),
  ],
  siblings: [maxPoolGroup, /* @__PURE__ */ convGradientsGroup(winogradBackFits)],
  prologues: [maxPoolPrologue],
  epilogues: [unpoolEpilogue],
  kernels: [convKernels, poolKernels],
  chain: /* @__PURE__ */ chainsBy(chained),
};
