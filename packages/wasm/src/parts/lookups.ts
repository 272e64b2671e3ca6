import type { Adds } from "../lower/backendOf.js";
import { scatterAlongKernels, scatterKernels } from "../lower/indexing.js";
import { extremeKernels, gatherKernels } from "../lower/lookups.js";
import type { WasmPart } from "./part.js";

/**
 * Rows of a table at indices: embeddings, weights of classes, `gather` in general, and the
 * gradients, also of several elements of a row (`sort`, `topk`); where the largest and the smallest
 * values are. 1.7 KB gzipped.
 */
export const lookups: WasmPart = {
  adds: {
    kernels: [extremeKernels, gatherKernels, scatterKernels, scatterAlongKernels],
  } satisfies Adds,
};
