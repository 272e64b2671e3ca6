import { by, convolution, filterGradient, inputGradient } from "@tenon/plan";
import { conv2d } from "../kernels/conv/im2col/conv2d.js";
import { conv2dFilter } from "../kernels/conv/im2col/conv2dFilter.js";
import { conv2dInput } from "../kernels/conv/im2col/conv2dInput.js";
import type { KernelTable } from "./candidate.js";

/** Convolutions and their gradients by im2col. */
export const convKernels: KernelTable = {
  conv2d: [/* @__PURE__ */ by(convolution, conv2d)],
  conv2dInput: [/* @__PURE__ */ by(inputGradient, conv2dInput)],
  conv2dFilter: [/* @__PURE__ */ by(filterGradient, conv2dFilter)],
};
