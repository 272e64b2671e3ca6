import { pooledKernels } from "../lower/pooled.js";
import type { WasmPart } from "./part.js";

/**
 * Convolutions together with what reads them, image by image, such as a max pool, and their
 * gradients without unpooling: faster than the part `convolutions` alone. 8 KB gzipped.
 */
export const pooledConvolutions: WasmPart = { adds: pooledKernels };
