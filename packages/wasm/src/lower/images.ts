import {
  epiloguesBy,
  maskUnpooled,
  maxPoolGroup,
  maxPoolPrologue,
  unpoolEpilogue,
} from "@tenon/plan";
import type { Adds } from "./backendOf.js";
// In this order modules of a family are next to each other in a bundle, which compresses best.
import { convKernels } from "./conv.js";
import { poolKernels } from "./pool.js";

/** Convolutions and pools. */
export const imageKernels: Adds = {
  rules: [maskUnpooled],
  siblings: [maxPoolGroup],
  prologues: [maxPoolPrologue],
  epilogues: /* @__PURE__ */ epiloguesBy([unpoolEpilogue]),
  kernels: [convKernels, poolKernels],
};
