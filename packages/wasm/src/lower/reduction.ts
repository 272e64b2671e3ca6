import { operationCount, type Candidate } from "@tenon/plan";
import type { ReduceAttrs } from "@tenon/tensor";
import type { Kernel } from "../kernels/kernel.js";
import type { Reduction } from "../kernels/reduce/reduce.js";
import { reduceInParts } from "../kernels/reduce/reduceInParts.js";
import { stagedSteps } from "./steps.js";

/** A reduction of an expression, which is computed as it is read. */
const reduction = (kind: Reduction["kind"]): Candidate<Kernel> => ({
  make(lowering) {
    const [x] = lowering.node.inputs;
    const { axes } = lowering.node.attrs as ReduceAttrs;
    const { loop, inputs } = lowering.loopOf(x!.shape, [], [x!]);
    const fused = 1 + operationCount(loop);
    return stagedSteps(lowering, reduceInParts({ ...loop, axes, kind }), { inputs, fused });
  },
});

export const reductionKernels: Readonly<Record<string, readonly Candidate<Kernel>[]>> = {
  sum: [reduction("sum")],
  max: [reduction("max")],
  min: [reduction("min")],
  prod: [reduction("prod")],
};
