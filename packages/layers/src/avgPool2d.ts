import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { avgPool2d as pool, type AvgPool2dOptions, type Pair, type Tensor } from "@tenon/tensor";
import { poolOf } from "./internal/pool.js";

/**
 * The mean under each window: y[i, j, c] = mean over the window of x[i·s + k, j·s + l, c].
 *
 * `[height, width, channels]` becomes `[height′, width′, channels]`. Padded cells are not counted
 * (Keras) unless `countPadding` (PyTorch). Keras `AveragePooling2D`, PyTorch `AvgPool2d`.
 *
 * @param window one number for both directions, or [rows, columns]. @defaultValue 2
 */
export function avgPool2d(window: Pair = 2, options: AvgPool2dOptions = {}): Layer<Tensor> {
  known("avgPool2d", options, "countPadding divisor strides padding ceilMode");
  return poolOf("avgPool2d", pool, window, options);
}
