import type { Adds } from "../lower/backendOf.js";
import { scatterKernels } from "../lower/indexing.js";
import { extremeKernels, gatherKernels } from "../lower/lookups.js";
import type { WasmPart } from "./part.js";

/**
 * Rows of a table at indices: embeddings, weights of classes, `gather` in general, and the
 * gradients; where the largest and the smallest values are. 1.5 KB gzipped.
 */
export const lookups: WasmPart = {
  adds: { kernels: [extremeKernels, gatherKernels, scatterKernels] } satisfies Adds,
};
