import type { Adds } from "../lower/backendOf.js";
import { sparseKernels } from "../lower/matmul.js";
import type { WasmPart } from "./part.js";

/**
 * Matrix products that skip the zeros of their left factor: faster where these are frequent, as in
 * images of digits, behind a ReLU or dropout; and gradients of weights from batches of more than
 * 128 examples in parts that stay in the cache. 3.4 KB gzipped.
 */
export const sparseProducts: WasmPart = { adds: { kernels: [sparseKernels] } satisfies Adds };
