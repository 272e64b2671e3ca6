import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { globalPool, type GlobalPoolOptions } from "./internal/globalPool.js";
import { checkSequence } from "./internal/sequence.js";

/**
 * The mean of each channel over the whole sequence: `[length, channels]` becomes `[channels]`.
 * Keras `GlobalAveragePooling1D`, PyTorch `AdaptiveAvgPool1d(1)`.
 */
export function globalAvgPool1d(options: GlobalPoolOptions = {}): Layer<Tensor> {
  return globalPool("globalAvgPool1d", options, checkSequence, (x, keepDims) =>
    x.mean(1, keepDims),
  );
}
