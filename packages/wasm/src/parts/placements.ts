import { padsAsConcat } from "@tenon/plan";
import type { Adds } from "../lower/backendOf.js";
import { placementKernels } from "../lower/placement.js";
import type { WasmPart } from "./part.js";

/**
 * Arrays that are written to a part of another: `concat`, `pad`, and so the gradients of slices.
 * 1 KB gzipped.
 */
export const placements: WasmPart = {
  adds: { kernels: [placementKernels], rules: [padsAsConcat] } satisfies Adds,
};
