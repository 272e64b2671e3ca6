import { by, convolution, filterGradient, inputGradient } from "@tenon/plan";
import { depthwise, depthwiseFits, depthwiseInput } from "../kernels/conv/depthwise/depthwise.js";
import { depthwiseFilter } from "../kernels/conv/depthwise/depthwiseFilter.js";
import type { KernelTable } from "./candidate.js";

/** Convolutions of which each output reads one channel, and their gradients. */
export const depthwiseKernels: KernelTable = {
  conv2d: [/* @__PURE__ */ by(convolution, depthwise, depthwiseFits)],
  conv2dInput: [/* @__PURE__ */ by(inputGradient, depthwiseInput, depthwiseFits)],
  conv2dFilter: [/* @__PURE__ */ by(filterGradient, depthwiseFilter, depthwiseFits)],
};
