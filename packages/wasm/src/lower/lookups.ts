import { argReduction, by, gathered } from "@tenon/plan";
import { gather } from "../kernels/index/gather.js";
import { argReduce } from "../kernels/reduce/argReduce.js";
import type { KernelTable } from "./candidate.js";

/** Operations that find the indices of extremes along an axis. */
export const extremeKernels: KernelTable = {
  argMax: [/* @__PURE__ */ by(argReduction, argReduce)],
  argMin: [/* @__PURE__ */ by(argReduction, argReduce)],
};

/** Rows of a table at indices. */
export const gatherKernels: KernelTable = { gather: [/* @__PURE__ */ by(gathered, gather)] };
