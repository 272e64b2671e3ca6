import { winogradKernels } from "../lower/winograd.js";
import type { WasmPart } from "./part.js";

/**
 * Convolutions of 3 × 3 at stride 1 by Winograd's transforms, where that is faster, for the part
 * `convolutions`. They are rounded in another way. 5 KB gzipped.
 */
export const winograd: WasmPart = { adds: winogradKernels };
