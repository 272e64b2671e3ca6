import type { Adds } from "../lower/backendOf.js";
import { moreFunctions } from "../math/more.js";
import type { WasmPart } from "./part.js";

/**
 * Elementwise `pow`, `remainder`, `sin`, `cos`, `erf`, `erfc`, `normalCdf` (and so `gelu`), `expm1`
 * (`elu`) and `log2`. 2 KB gzipped.
 */
export const mathFunctions: WasmPart = { adds: { functions: moreFunctions } satisfies Adds };
