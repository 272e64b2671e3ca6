import type { Candidate } from "@tenon/plan";
import type { Shape } from "@tenon/contracts";
import { sizeOf, type ArgAttrs } from "@tenon/tensor";
import {
  gather,
  scatterAdd,
  scatterAlong,
  takeAlong,
  type GatherSpec,
} from "../kernels/index/gather.js";
import type { Kernel } from "../kernels/kernel.js";
import { argReduce } from "../kernels/reduce/argReduce.js";
import { kernelStep, stagedSteps } from "./steps.js";

/** [outer, n, inner], and [outer, m, inner] at the indices. */
const specOf = ([outer, n, inner]: Shape, [, m]: Shape): GatherSpec => ({
  outer: outer!,
  n: n!,
  m: m!,
  inner: inner!,
});

const argReduction = (kind: "argMax" | "argMin"): Candidate<Kernel> => ({
  make(lowering) {
    const [x] = lowering.node.inputs;
    const { shape, dtype } = x!;
    const { axis } = lowering.node.attrs as ArgAttrs;
    const outer = sizeOf(shape.slice(0, axis));
    const inner = sizeOf(shape.slice(axis + 1));
    return kernelStep(lowering, argReduce({ outer, n: shape[axis]!, inner, kind, dtype }));
  },
});

/** Operations that read or write at indices, or find them. */
export const indexKernels: Readonly<Record<string, readonly Candidate<Kernel>[]>> = {
  argMax: [argReduction("argMax")],
  argMin: [argReduction("argMin")],
  gather: [
    {
      make: (lowering) => {
        const { shape, inputs } = lowering.node;
        return kernelStep(lowering, gather(specOf(inputs[0]!.shape, shape)));
      },
    },
  ],
  scatterAdd: [
    {
      make: (lowering) => {
        const { shape, inputs } = lowering.node;
        return stagedSteps(lowering, scatterAdd(specOf(shape, inputs[0]!.shape)));
      },
    },
  ],
  takeAlong: [
    {
      make: (lowering) => {
        const { shape, inputs } = lowering.node;
        return kernelStep(lowering, takeAlong(specOf(inputs[0]!.shape, shape)));
      },
    },
  ],
  scatterAlong: [
    {
      make: (lowering) => {
        const { shape, inputs } = lowering.node;
        return stagedSteps(lowering, scatterAlong(specOf(shape, inputs[0]!.shape)));
      },
    },
  ],
};
