import type { Layer } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { adaptiveAvgPool2d as pool, pairOf, type Pair, type Tensor } from "@tenon/tensor";
import { checkImage } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * The mean under windows that divide the image into `size` rows and columns, whatever its own:
 * window i of H covers the rows from ⌊i·h/H⌋ up to but not including ⌈(i + 1)·h/H⌉.
 *
 * `[height, width, channels]` becomes `[...size, channels]`. PyTorch `AdaptiveAvgPool2d`.
 *
 * @param size one number for both directions, or [rows, columns]
 */
export function adaptiveAvgPool2d(size: Pair): Layer<Tensor> {
  noOptions("adaptiveAvgPool2d", arguments[1]);
  pairOf("adaptiveAvgPool2d", "size", size);
  return map(
    "adaptiveAvgPool2d",
    [size],
    (x) => pool(x, size),
    (input) => checkImage("adaptiveAvgPool2d", input),
  );
}
