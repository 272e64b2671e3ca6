import { summaryPrologue } from "@tenon/plan";
import { library } from "../library.js";
import { remainder } from "../math/float64.js";
import type { Adds } from "../lower/backendOf.js";
import { scatterKernels } from "../lower/indexing.js";
import { summaryKernels } from "../lower/reduction.js";
import type { WasmPart } from "./part.js";

/**
 * The figures of arrays that `observe` of `fit` asks for. Kernels that a step has with and without
 * them, and any two programs of the engine, are compiled once. 2.5 KB gzipped.
 */
export const summaries: WasmPart = {
  adds: {
    kernels: [summaryKernels, scatterKernels],
    prologues: [summaryPrologue],
    // The figures of int32 arrays are computed of halves.
    functions: { remainder },
    library,
  } satisfies Adds,
};
