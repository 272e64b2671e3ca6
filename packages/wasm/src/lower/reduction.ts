import { operationCount, type Candidate } from "@tenon/plan";
import type { ReduceAttrs } from "@tenon/tensor";
import type { Kernel } from "../kernels/kernel.js";
import type { FoldKind } from "../kernels/reduce/fold.js";
import { reduceInParts } from "../kernels/reduce/reduceInParts.js";
import type { KernelTable } from "./candidate.js";

/** Reductions of expressions of one shape, which are computed as they are read. */
const reduction: Candidate<Kernel> = {
  make({ inputs: [x], attrs }, { loopOf, unit: { results } }) {
    const { axes } = attrs as ReduceAttrs;
    const { loop, inputs } = loopOf(
      x!.shape,
      [],
      results.map((result) => result.inputs[0]!),
    );
    const kinds = results.map(({ op }) => op as FoldKind);
    const kernel = reduceInParts({ ...loop, axes, kinds });
    return { kernel, results, inputs, fused: results.length + operationCount(loop) };
  },
};

export const reductionKernels: KernelTable = {
  sum: [reduction],
  max: [reduction],
  min: [reduction],
  prod: [reduction],
};
