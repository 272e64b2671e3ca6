import type { Backend } from "@tenon/plan";
import type { Kernel } from "../kernels/kernel.js";
import { shared } from "./shared.js";

/** The description for the planner of the engine without convolutions and pools. */
export const denseBackend: Backend<Kernel> = {
  ...shared,
  name: "denseWasm",
  elsewhere: "use wasm(), which has kernels of convolutions and pools",
  rules: [],
  siblings: [],
  epilogues: [],
};
