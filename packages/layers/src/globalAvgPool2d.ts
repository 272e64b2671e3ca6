import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkFlags, checkImage } from "./internal/check.js";
import { map } from "./internal/map.js";

export interface GlobalPool2dOptions {
  /** Leaves the image's two axes with size 1. @defaultValue false */
  readonly keepDims?: boolean;
}

/**
 * The mean of each channel over the whole image: `[height, width, channels]` becomes `[channels]`.
 *
 * Lin, Chen & Yan (2014), Network in network, section 3.2. arXiv:1312.4400
 */
export function globalAvgPool2d(options: GlobalPool2dOptions = {}): Layer<Tensor> {
  const { keepDims = false } = known("globalAvgPool2d", options, "keepDims");
  checkFlags("globalAvgPool2d", { keepDims });
  return map(
    "globalAvgPool2d",
    [options],
    (x) => x.mean([1, 2], keepDims),
    (input) => checkImage("globalAvgPool2d", input),
  );
}
