import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { globalPool, type GlobalPoolOptions } from "./internal/globalPool.js";
import { checkSequence } from "./internal/sequence.js";

/**
 * The largest of each channel over the whole sequence: `[length, channels]` becomes
 * `[channels]`. The gradient is divided among equals. Keras `GlobalMaxPooling1D`.
 */
export function globalMaxPool1d(options: GlobalPoolOptions = {}): Layer<Tensor> {
  return globalPool("globalMaxPool1d", options, checkSequence, (x, keepDims) => x.max(1, keepDims));
}
