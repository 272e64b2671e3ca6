import { operationCount, type Candidate } from "@tenon/plan";
import type { ReduceAttrs } from "@tenon/tensor";
import type { Kernel } from "../kernels/kernel.js";
import type { FoldKind } from "../kernels/reduce/fold.js";
import { reduceInParts } from "../kernels/reduce/reduceInParts.js";
import type { KernelTable } from "./candidate.js";

/** A reduction of an expression, which is computed as it is read. */
const reduction: readonly Candidate<Kernel>[] = [
  {
    make({ op, inputs: [x], attrs }, { loopOf }) {
      const { axes } = attrs as ReduceAttrs;
      const { loop, inputs } = loopOf(x!.shape, [], [x!]);
      const kernel = reduceInParts({ ...loop, axes, kind: op as FoldKind });
      return { kernel, inputs, fused: 1 + operationCount(loop) };
    },
  },
];

export const reductionKernels: KernelTable = {
  sum: reduction,
  max: reduction,
  min: reduction,
  prod: reduction,
  summary: reduction,
};
