import type { Adds } from "../lower/backendOf.js";
import { depthwiseKernels } from "../lower/depthwise.js";
import type { WasmPart } from "./part.js";

/**
 * Convolutions in which each channel has a filter of its own, channel by channel: faster than the
 * part `convolutions` alone. Separable convolutions have them. 3.6 KB gzipped.
 */
export const depthwise: WasmPart = { adds: { kernels: [depthwiseKernels] } satisfies Adds };
