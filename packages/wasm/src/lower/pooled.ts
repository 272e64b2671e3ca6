import {
  chainsBy,
  sumOverWindows,
  unpoolConv2d,
  type Candidate,
  type UnpoolConv2dAttrs,
} from "@tenon/plan";
import { unpoolConv2dFilter } from "../kernels/conv/maxPool/unpoolConv2dFilter.js";
import { unpoolConv2dInput } from "../kernels/conv/maxPool/unpoolConv2dInput.js";
import {
  unpoolConv2dFilterPays,
  unpoolConv2dInputPays,
} from "../kernels/conv/maxPool/unpooledConv.js";
import type { Kernel, Stages } from "../kernels/kernel.js";
import type { Adds } from "./backendOf.js";
import { chained } from "./chaining.js";

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

/** Convolutions with what reads them, image by image, and gradients from behind a max pool. */
export const pooledKernels: Adds = {
  rules: [
    sumOverWindows,
    /* @__PURE__ */ unpoolConv2d("conv2dInput", unpoolConv2dInputPays),
    /* @__PURE__ */ unpoolConv2d("conv2dFilter", unpoolConv2dFilterPays),
  ],
  kernels: [
    {
      unpoolConv2dInput: [/* @__PURE__ */ unpooled("unpool2d conv2dInput", unpoolConv2dInput)],
      unpoolConv2dFilter: [/* @__PURE__ */ unpooled("unpool2d conv2dFilter", unpoolConv2dFilter)],
    },
  ],
  chain: /* @__PURE__ */ chainsBy(chained),
};
