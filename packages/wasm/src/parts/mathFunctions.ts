import type { Adds } from "../lower/backendOf.js";
import { prodKernels } from "../lower/reduction.js";
import { moreFunctions } from "../math/more.js";
import type { WasmPart } from "./part.js";

/**
 * Elementwise functions other than `exp` and `log`: `tanh`, `sigmoid` (and so `silu`), `log1p`
 * (`softplus`), `expm1` (`elu`), `erf`, `erfc`, `normalCdf` (`gelu`), `log2`, `sin`, `cos`, `pow`,
 * `remainder`; the product of the elements along axes, `prod`. 2.4 KB gzipped.
 */
export const mathFunctions: WasmPart = {
  adds: { functions: moreFunctions, kernels: [prodKernels] } satisfies Adds,
};
