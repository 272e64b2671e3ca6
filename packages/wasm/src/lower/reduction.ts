import { foldedBy, reducedBy } from "@tenon/plan";
import type { Kernel } from "../kernels/kernel.js";
import { summary } from "../kernels/reduce/summary.js";
import { reduceInParts } from "../kernels/reduce/reduceInParts.js";
import type { KernelTable } from "./candidate.js";

const reduction = [
  /* @__PURE__ */ reducedBy<Kernel>((loop, x) => reduceInParts({ ...loop, ...foldedBy(x) })),
];

export const reductionKernels: KernelTable = {
  sum: reduction,
  max: reduction,
  min: reduction,
  prod: reduction,
};

/** The figures of columns. */
export const summaryKernels: KernelTable = { summary: [/* @__PURE__ */ reducedBy(summary)] };
