import { imageKernels } from "../lower/images.js";
import type { WasmPart } from "./part.js";

/**
 * Convolutions of every kind, by products of patches, and pools. 7.5 KB gzipped. Their gradients
 * are the same operations. What is faster for some of them are parts of its own: `winograd`,
 * `depthwise`, `pooledConvolutions`.
 */
export const convolutions: WasmPart = { adds: imageKernels };
