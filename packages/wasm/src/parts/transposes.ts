import { elementwiseInTiles } from "../kernels/loop/transposed.js";
import type { Adds } from "../lower/backendOf.js";
import type { WasmPart } from "./part.js";

/**
 * Elementwise work on arrays whose axes are exchanged, as attention and recurrent layers do it, in
 * squares that are transposed in registers: faster. 0.8 KB gzipped.
 */
export const transposes: WasmPart = { adds: { loop: elementwiseInTiles } satisfies Adds };
