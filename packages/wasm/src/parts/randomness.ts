import type { Adds } from "../lower/backendOf.js";
import { randomKernels } from "../lower/random.js";
import type { WasmPart } from "./part.js";

/**
 * Random numbers within a step, as dropout needs them. Normally distributed ones, of noise, need
 * `mathFunctions` besides. 0.7 KB gzipped.
 */
export const randomness: WasmPart = { adds: { kernels: [randomKernels] } satisfies Adds };
