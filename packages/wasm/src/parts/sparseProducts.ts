import type { Adds } from "../lower/backendOf.js";
import { sparseKernels } from "../lower/matmul.js";
import type { WasmPart } from "./part.js";

/**
 * Matrix products that skip the zeros of their left factor: faster where these are frequent, as in
 * images of digits, behind a ReLU or dropout. 3 KB gzipped.
 */
export const sparseProducts: WasmPart = { adds: { kernels: [sparseKernels] } satisfies Adds };
