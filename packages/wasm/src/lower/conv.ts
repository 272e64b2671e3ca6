import {
  by,
  convolution,
  filterGradient,
  inputGradient,
  type Candidate,
  type UnpoolConv2dAttrs,
  type Node,
} from "@tenon/plan";
import { depthwise, depthwiseFits, depthwiseInput } from "../kernels/conv/depthwise/depthwise.js";
import { depthwiseFilter } from "../kernels/conv/depthwise/depthwiseFilter.js";
import { conv2d } from "../kernels/conv/im2col/conv2d.js";
import { conv2dFilter } from "../kernels/conv/im2col/conv2dFilter.js";
import { conv2dInput } from "../kernels/conv/im2col/conv2dInput.js";
import { unpoolConv2dFilter } from "../kernels/conv/maxPool/unpoolConv2dFilter.js";
import { unpoolConv2dInput } from "../kernels/conv/maxPool/unpoolConv2dInput.js";
import { winograd, winogradFits } from "../kernels/conv/winograd/winograd.js";
import { winogradBack } from "../kernels/conv/winograd/winogradBack.js";
import { winogradFilter, winogradFilterPays } from "../kernels/conv/winograd/winogradFilter.js";
import { winogradInput } from "../kernels/conv/winograd/winogradInput.js";
import type { Kernel, Stages } from "../kernels/kernel.js";
import type { KernelTable } from "./candidate.js";

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

/** A gradient from the windows' values of a max pool behind the convolution. */
const unpooled = (
  label: string,
  make: (...specs: [UnpoolConv2dAttrs["conv"], UnpoolConv2dAttrs["pool"]]) => Stages,
): Candidate<Kernel> => ({
  make({ attrs }) {
    const { conv, pool } = attrs as UnpoolConv2dAttrs;
    return { kernel: make(conv, pool), label, fused: 2 };
  },
});

/**
 * Convolutions and their gradients: by Winograd's transforms where that pays, channel by channel if
 * each output reads one channel, else by im2col.
 */
export const convKernels: KernelTable = {
  conv2d: [
    /* @__PURE__ */ by(convolution, winograd, winogradFits),
    /* @__PURE__ */ by(convolution, depthwise, depthwiseFits),
    /* @__PURE__ */ by(convolution, conv2d),
  ],
  conv2dInput: [
    bothGradients,
    /* @__PURE__ */ by(inputGradient, winogradInput, winogradFits),
    /* @__PURE__ */ by(inputGradient, depthwiseInput, depthwiseFits),
    /* @__PURE__ */ by(inputGradient, conv2dInput),
  ],
  conv2dFilter: [
    /* @__PURE__ */ by(filterGradient, winogradFilter, winogradFilterPays),
    /* @__PURE__ */ by(filterGradient, depthwiseFilter, depthwiseFits),
    /* @__PURE__ */ by(filterGradient, conv2dFilter),
  ],
  unpoolConv2dInput: [/* @__PURE__ */ unpooled("unpool2d conv2dInput", unpoolConv2dInput)],
  unpoolConv2dFilter: [/* @__PURE__ */ unpooled("unpool2d conv2dFilter", unpoolConv2dFilter)],
};
