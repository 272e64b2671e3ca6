import { foldedBy, reducedBy, type Candidate } from "@tenon/plan";
import type { Kernel } from "../kernels/kernel.js";
import { maxFold, minFold, sumFold, type FoldOf } from "../kernels/reduce/fold.js";
import { prodFold } from "../kernels/reduce/prodFold.js";
import { summary } from "../kernels/reduce/summary.js";
import { reduceInParts } from "../kernels/reduce/reduceInParts.js";
import type { KernelTable } from "./candidate.js";

const reduction = /* @__NO_SIDE_EFFECTS__ */ (foldOf: FoldOf): readonly Candidate<Kernel>[] => [
  reducedBy<Kernel>((loop, x) => reduceInParts({ ...loop, ...foldedBy(x), foldOf })),
];

export const reductionKernels: KernelTable = {
  sum: /* @__PURE__ */ reduction(sumFold),
  max: /* @__PURE__ */ reduction(maxFold),
  min: /* @__PURE__ */ reduction(minFold),
};

export const prodKernels: KernelTable = { prod: /* @__PURE__ */ reduction(prodFold) };

/** The figures of columns. */
export const summaryKernels: KernelTable = { summary: [/* @__PURE__ */ reducedBy(summary)] };
