import { newEngine } from "./newEngine.js";
import type { WasmEngine, WasmOptions } from "./options.js";
import { denseParts } from "./parts/dense.js";

/**
 * The same engine without convolutions and pools, for networks of dense layers and embeddings: a
 * bundle with it is smaller. It gives the same bits.
 *
 * @throws as `wasm` does, and where a step has a convolution or a pool
 */
export function denseWasm(options: WasmOptions = {}): Promise<WasmEngine> {
  return newEngine(
    "denseWasm",
    denseParts(),
    options,
    "use wasm(), which has kernels of all operations",
  );
}
