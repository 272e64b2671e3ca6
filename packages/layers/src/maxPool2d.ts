import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { maxPool2d as pool, type Pair, type Pool2dOptions, type Tensor } from "@tenon/tensor";
import { checkImage, largeImage } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * The largest value under each window: y[i, j, c] = max over the window of x[i·s + k, j·s + l, c].
 *
 * `[height, width, channels]` becomes `[height′, width′, channels]`. The whole gradient goes to the
 * first of equals.
 *
 * @param window one number for both directions, or [rows, columns]. @defaultValue 2
 */
export function maxPool2d(window: Pair = 2, options: Pool2dOptions = {}): Layer<Tensor> {
  known("maxPool2d", options, "strides padding");
  // The operation's own checks, on an image that is large enough for all.
  pool(largeImage(1), window, options);
  return map(
    "maxPool2d",
    [window, options],
    (x) => pool(x, window, options),
    (input) => checkImage("maxPool2d", input),
  );
}
