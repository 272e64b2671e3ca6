import { imageKernels } from "../lower/images.js";
import type { WasmPart } from "./part.js";

/** Convolutions and pools, 22 KB gzipped. */
export const convolutions: WasmPart = { adds: imageKernels };
