import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { GlobalPool2dOptions } from "./globalAvgPool2d.js";
import { checkFlags, checkImage } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * The largest of each channel over the whole image: `[height, width, channels]` becomes
 * `[channels]`. The gradient is divided among equals.
 */
export function globalMaxPool2d(options: GlobalPool2dOptions = {}): Layer<Tensor> {
  const { keepDims = false } = known("globalMaxPool2d", options, "keepDims");
  checkFlags("globalMaxPool2d", { keepDims });
  return map(
    "globalMaxPool2d",
    [options],
    (x) => x.max([1, 2], keepDims),
    (input) => checkImage("globalMaxPool2d", input),
  );
}
