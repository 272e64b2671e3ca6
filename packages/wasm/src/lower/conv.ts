import type { Candidate, Lowering, Node, UnpoolConv2dAttrs } from "@tenon/plan";
import type { Conv2dAttrs } from "@tenon/tensor";
import { depthwise, depthwiseFits, depthwiseInput } from "../kernels/conv/depthwise/depthwise.js";
import { depthwiseFilter } from "../kernels/conv/depthwise/depthwiseFilter.js";
import type { ConvSpec } from "../kernels/conv/geometry.js";
import { conv2d } from "../kernels/conv/im2col/conv2d.js";
import { conv2dFilter } from "../kernels/conv/im2col/conv2dFilter.js";
import { conv2dInput } from "../kernels/conv/im2col/conv2dInput.js";
import { unpoolConv2dFilter } from "../kernels/conv/maxPool/unpoolConv2dFilter.js";
import { unpoolConv2dInput } from "../kernels/conv/maxPool/unpoolConv2dInput.js";
import { winograd, winogradFits } from "../kernels/conv/winograd/winograd.js";
import { winogradBack } from "../kernels/conv/winograd/winogradBack.js";
import { winogradFilter, winogradFilterPays } from "../kernels/conv/winograd/winogradFilter.js";
import { winogradInput } from "../kernels/conv/winograd/winogradInput.js";
import type { Kernel } from "../kernels/kernel.js";
import { kernelStep, stagedSteps } from "./steps.js";

/**
 * Convolutions and their gradients: by Winograd's transforms where that pays, channel by channel if
 * each output reads one channel, else by im2col.
 */
export const convKernels: Readonly<Record<string, readonly Candidate<Kernel>[]>> = {
  conv2d: [
    {
      fits: ({ node }) => winogradFits(forward(node)),
      make: (lowering) => stagedSteps(lowering, winograd(forward(lowering.node))),
    },
    {
      fits: ({ node }) => depthwiseFits(forward(node)),
      make: (lowering) => kernelStep(lowering, depthwise(forward(lowering.node))),
    },
    { make: (lowering) => kernelStep(lowering, conv2d(forward(lowering.node))) },
  ],
  conv2dInput: [
    { fits: ({ unit }) => unit.results.length > 1, make: bothGradients },
    {
      fits: ({ node }) => winogradFits(inputGradient(node)),
      make: (lowering) => stagedSteps(lowering, winogradInput(inputGradient(lowering.node))),
    },
    {
      fits: ({ node }) => depthwiseFits(inputGradient(node)),
      make: (lowering) => kernelStep(lowering, depthwiseInput(inputGradient(lowering.node))),
    },
    { make: (lowering) => kernelStep(lowering, conv2dInput(inputGradient(lowering.node))) },
  ],
  conv2dFilter: [
    {
      fits: ({ node }) => winogradFilterPays(filterGradient(node)),
      make: (lowering) => stagedSteps(lowering, winogradFilter(filterGradient(lowering.node))),
    },
    {
      fits: ({ node }) => depthwiseFits(filterGradient(node)),
      make: (lowering) => stagedSteps(lowering, depthwiseFilter(filterGradient(lowering.node))),
    },
    { make: (lowering) => stagedSteps(lowering, conv2dFilter(filterGradient(lowering.node))) },
  ],
  unpoolConv2dInput: [
    {
      make(lowering) {
        const { conv, pool } = lowering.node.attrs as UnpoolConv2dAttrs;
        const label = "unpool2d conv2dInput";
        return stagedSteps(lowering, unpoolConv2dInput(conv, pool), { label, fused: 2 });
      },
    },
  ],
  unpoolConv2dFilter: [
    {
      make(lowering) {
        const { conv, pool } = lowering.node.attrs as UnpoolConv2dAttrs;
        const label = "unpool2d conv2dFilter";
        return stagedSteps(lowering, unpoolConv2dFilter(conv, pool), { label, fused: 2 });
      },
    },
  ],
};

const forward = ({ inputs: [x, w], attrs }: Node): ConvSpec => ({
  x: x!.shape,
  w: w!.shape,
  attrs: attrs as Conv2dAttrs,
});

/** Of a gradient with respect to the input, from the gradient of the output and the filter. */
const inputGradient = ({ shape, inputs: [, w], attrs }: Node): ConvSpec => ({
  x: shape,
  w: w!.shape,
  attrs: attrs as Conv2dAttrs,
});

/** Of a gradient with respect to the filter, from the input and the gradient of the output. */
const filterGradient = ({ shape, inputs: [x], attrs }: Node): ConvSpec => ({
  x: x!.shape,
  w: shape,
  attrs: attrs as Conv2dAttrs,
});

/** The gradients with respect to a convolution's input and filter, computed together. */
function bothGradients(lowering: Lowering) {
  const [dx, dw] = lowering.unit.results as [Node, Node];
  const [grad, w] = dx.inputs as [Node, Node];
  const [x] = dw.inputs as [Node];
  return stagedSteps(lowering, winogradBack(inputGradient(dx)), {
    results: [dx, dw],
    inputs: [grad, w, x],
    label: "conv2dInput conv2dFilter",
    fused: 2,
  });
}
