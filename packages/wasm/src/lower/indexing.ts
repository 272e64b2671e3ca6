import { by, gathered, scattered } from "@tenon/plan";
import { scatterAdd } from "../kernels/index/scatterAdd.js";
import { scatterAlong } from "../kernels/index/scatterAlong.js";
import { takeAlong } from "../kernels/index/takeAlong.js";
import type { KernelTable } from "./candidate.js";

/** Operations that read or write at indices along an axis. */
export const alongKernels: KernelTable = {
  takeAlong: [/* @__PURE__ */ by(gathered, (spec) => takeAlong(spec))],
  scatterAlong: [/* @__PURE__ */ by(scattered, (spec) => scatterAlong(spec))],
};

/** Sums of rows by index: the gradient of rows at indices, and counts. */
export const scatterKernels: KernelTable = {
  scatterAdd: [/* @__PURE__ */ by(scattered, scatterAdd)],
};
