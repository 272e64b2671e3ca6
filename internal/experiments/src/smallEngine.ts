import {
  byteInputs,
  inPlaceUpdates,
  mathFunctions,
  placements,
  randomness,
  sparseProducts,
  summaries,
  threading,
  wasmOf,
  type WasmEngine,
  type WasmOptions,
} from "@tenon/wasm";

/** An engine for the experiments without convolutions: a page downloads only what they need. */
export function smallEngine(options: WasmOptions = {}): Promise<WasmEngine> {
  return wasmOf(
    [
      byteInputs,
      inPlaceUpdates,
      mathFunctions,
      placements,
      randomness,
      sparseProducts,
      summaries,
      threading,
    ],
    options,
  );
}
