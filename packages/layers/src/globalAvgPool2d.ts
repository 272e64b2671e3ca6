import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { checkImage } from "./internal/check.js";
import { globalPool, type GlobalPoolOptions } from "./internal/globalPool.js";

/**
 * The mean of each channel over the whole image: `[height, width, channels]` becomes `[channels]`.
 * Keras `GlobalAveragePooling2D`, PyTorch `AdaptiveAvgPool2d(1)`.
 *
 * Lin, Chen & Yan (2014), Network in network, section 3.2. arXiv:1312.4400
 */
export function globalAvgPool2d(options: GlobalPoolOptions = {}): Layer<Tensor> {
  return globalPool("globalAvgPool2d", options, checkImage, (x, keepDims) =>
    x.mean([1, 2], keepDims),
  );
}
