import { reducedBy } from "@tenon/plan";
import type { ReduceAttrs } from "@tenon/tensor";
import type { Kernel } from "../kernels/kernel.js";
import type { FoldKind } from "../kernels/reduce/fold.js";
import { summary } from "../kernels/reduce/summary.js";
import { reduceInParts } from "../kernels/reduce/reduceInParts.js";
import type { KernelTable } from "./candidate.js";

const reduction = [
  /* @__PURE__ */ reducedBy<Kernel>((loop, { op, attrs }) =>
    reduceInParts({ ...loop, axes: (attrs as ReduceAttrs).axes, kind: op as FoldKind }),
  ),
];

export const reductionKernels: KernelTable = {
  sum: reduction,
  max: reduction,
  min: reduction,
  prod: reduction,
};

/** The figures of columns. */
export const summaryKernels: KernelTable = { summary: [/* @__PURE__ */ reducedBy(summary)] };
