import { newEngine } from "./newEngine.js";
import type { WasmEngine, WasmOptions } from "./options.js";
import { allParts } from "./parts/all.js";

export type { WasmEngine, WasmOptions, WasmProgram } from "./options.js";

/**
 * The fast engine for CPUs: the whole step becomes one WebAssembly module of SIMD kernels, planned
 * once. The same seed gives the same bits on every machine.
 *
 * @throws if `threads` is no integer ≥ 1
 * @throws where WebAssembly or its SIMD instructions are missing, or may not be compiled (a strict
 *   content security policy)
 */
export function wasm(options: WasmOptions = {}): Promise<WasmEngine> {
  return newEngine("wasm", allParts(), options);
}
