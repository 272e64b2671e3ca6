import { by, gathered, scattered } from "@tenon/plan";
import { scatterAdd } from "../kernels/index/scatterAdd.js";
import { scatterAlong } from "../kernels/index/scatterAlong.js";
import { scatterFew } from "../kernels/index/scatterFew.js";
import { takeAlong } from "../kernels/index/takeAlong.js";
import type { KernelTable } from "./candidate.js";

/** Operations that read or write at indices along an axis. */
export const alongKernels: KernelTable = {
  takeAlong: [/* @__PURE__ */ by(gathered, takeAlong)],
  scatterAlong: [/* @__PURE__ */ by(scattered, scatterFew, ({ m }) => m <= 1)],
};

/** Sums of several elements by index along an axis. */
export const scatterAlongKernels: KernelTable = {
  scatterAlong: [/* @__PURE__ */ by(scattered, scatterAlong)],
};

/** Sums of rows by index: the gradient of rows at indices, and counts. */
export const scatterKernels: KernelTable = {
  scatterAdd: [/* @__PURE__ */ by(scattered, scatterAdd)],
};
