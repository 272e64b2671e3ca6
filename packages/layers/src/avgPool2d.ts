import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { avgPool2d as pool, type AvgPool2dOptions, type Pair, type Tensor } from "@tenon/tensor";
import { checkImage, largeImage } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * The mean under each window: y[i, j, c] = mean over the window of x[i·s + k, j·s + l, c].
 *
 * `[height, width, channels]` becomes `[height′, width′, channels]`. Padded cells are not counted
 * (Keras) unless `countPadding` (PyTorch).
 *
 * @param window one number for both directions, or [rows, columns]. @defaultValue 2
 */
export function avgPool2d(window: Pair = 2, options: AvgPool2dOptions = {}): Layer<Tensor> {
  known("avgPool2d", options, "countPadding strides padding");
  // The operation's own checks, on an image that is large enough for all.
  pool(largeImage(1), window, options);
  return map(
    "avgPool2d",
    [window, options],
    (x) => pool(x, window, options),
    (input) => checkImage("avgPool2d", input),
  );
}
