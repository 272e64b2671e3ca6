import { by, uniformSpec } from "@tenon/plan";
import { uniform } from "../kernels/random/uniform.js";
import type { KernelTable } from "./candidate.js";

/** Random numbers. */
export const randomKernels: KernelTable = {
  uniform: [/* @__PURE__ */ by(uniformSpec, uniform)],
};
