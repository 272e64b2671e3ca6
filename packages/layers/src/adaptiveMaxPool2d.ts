import type { Layer } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { adaptiveMaxPool2d as pool, pairOf, type Pair, type Tensor } from "@tenon/tensor";
import { checkImage } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * The largest value under the windows of `adaptiveAvgPool2d`, the gradient to the first of equals.
 *
 * `[height, width, channels]` becomes `[...size, channels]`. PyTorch `AdaptiveMaxPool2d`.
 *
 * @param size one number for both directions, or [rows, columns]
 */
export function adaptiveMaxPool2d(size: Pair): Layer<Tensor> {
  noOptions("adaptiveMaxPool2d", arguments[1]);
  pairOf("adaptiveMaxPool2d", "size", size);
  return map(
    "adaptiveMaxPool2d",
    [size],
    (x) => pool(x, size),
    (input) => checkImage("adaptiveMaxPool2d", input),
  );
}
