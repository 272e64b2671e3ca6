import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { maxPool2d as pool, type MaxPool2dOptions, type Pair, type Tensor } from "@tenon/tensor";
import { poolOf } from "./internal/pool.js";

/**
 * The largest value under each window: y[i, j, c] = max over the window of x[i·s + k·d, j·s + l·d,
 * c].
 *
 * `[height, width, channels]` becomes `[height′, width′, channels]`. The whole gradient goes to the
 * first of equals. Keras `MaxPooling2D`, PyTorch `MaxPool2d`.
 *
 * @param window one number for both directions, or [rows, columns]. @defaultValue 2
 */
export function maxPool2d(window: Pair = 2, options: MaxPool2dOptions = {}): Layer<Tensor> {
  known("maxPool2d", options, "strides padding ceilMode dilation");
  return poolOf("maxPool2d", pool, window, options);
}
