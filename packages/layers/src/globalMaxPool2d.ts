import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { checkImage } from "./internal/check.js";
import { globalPool, type GlobalPoolOptions } from "./internal/globalPool.js";

/**
 * The largest of each channel over the whole image: `[height, width, channels]` becomes
 * `[channels]`. The gradient is divided among equals. Keras `GlobalMaxPooling2D`.
 */
export function globalMaxPool2d(options: GlobalPoolOptions = {}): Layer<Tensor> {
  return globalPool("globalMaxPool2d", options, checkImage, (x, keepDims) =>
    x.max([1, 2], keepDims),
  );
}
