import {
  by,
  convGradientsGroup,
  convolution,
  filterGradient,
  inputGradient,
  type Candidate,
  type Node,
} from "@tenon/plan";
import { winograd, winogradFits } from "../kernels/conv/winograd/winograd.js";
import { winogradBack, winogradBackFits } from "../kernels/conv/winograd/winogradBack.js";
import { winogradFilter, winogradFilterPays } from "../kernels/conv/winograd/winogradFilter.js";
import { winogradInput } from "../kernels/conv/winograd/winogradInput.js";
import type { Kernel } from "../kernels/kernel.js";
import type { Adds } from "./backendOf.js";

/** The gradients with respect to a convolution's input and filter, computed together. */
const bothGradients: Candidate<Kernel> = {
  fits: (_, { results }) => results.length > 1,
  make(dx, { unit: { results } }) {
    const [grad, w] = dx.inputs as [Node, Node];
    const [x] = results[1]!.inputs as [Node];
    return {
      kernel: winogradBack(inputGradient(dx)),
      results,
      inputs: [grad, w, x],
      label: "conv2dInput conv2dFilter",
      fused: 2,
    };
  },
};

/** Convolutions and their gradients by Winograd's transforms, where that pays. */
export const winogradKernels: Adds = {
  siblings: [/* @__PURE__ */ convGradientsGroup(winogradBackFits)],
  kernels: [
    {
      conv2d: [/* @__PURE__ */ by(convolution, winograd, winogradFits)],
      conv2dInput: [bothGradients, /* @__PURE__ */ by(inputGradient, winogradInput, winogradFits)],
      conv2dFilter: [/* @__PURE__ */ by(filterGradient, winogradFilter, winogradFilterPays)],
    },
  ],
};
