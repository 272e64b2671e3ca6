import { by, concatenated, padded } from "@tenon/plan";
import { place } from "../kernels/index/place.js";
import type { KernelTable } from "./candidate.js";

/** Operations that write whole arrays to parts of another. */
export const placementKernels: KernelTable = {
  pad: [/* @__PURE__ */ by(padded, place)],
  concat: [/* @__PURE__ */ by(concatenated, place)],
};
