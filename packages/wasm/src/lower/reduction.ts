import { operationCount, type Candidate, type Loop, type Node } from "@tenon/plan";
import type { ReduceAttrs } from "@tenon/tensor";
import type { Kernel, Stages } from "../kernels/kernel.js";
import type { FoldKind } from "../kernels/reduce/fold.js";
import { summary } from "../kernels/reduce/summary.js";
import { reduceInParts } from "../kernels/reduce/reduceInParts.js";
import type { KernelTable } from "./candidate.js";

/** A reduction of an expression, which is computed as it is read. */
const reduced = (make: (loop: Loop, x: Node) => Kernel | Stages): readonly Candidate<Kernel>[] => [
  {
    make(reduction, { loopOf }) {
      const [x] = reduction.inputs as [Node];
      const { loop, inputs } = loopOf(x.shape, [], [x]);
      return { kernel: make(loop, reduction), inputs, fused: 1 + operationCount(loop) };
    },
  },
];

const reduction = reduced((loop, { op, attrs }) =>
  reduceInParts({ ...loop, axes: (attrs as ReduceAttrs).axes, kind: op as FoldKind }),
);

export const reductionKernels: KernelTable = {
  sum: reduction,
  max: reduction,
  min: reduction,
  prod: reduction,
  summary: reduced(summary),
};
