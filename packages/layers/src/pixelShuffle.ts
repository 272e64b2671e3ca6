import type { Layer } from "@tenon/contracts";
import { badArgument, noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkCount, checkImage, show } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * Turns r² channels into r × r cells: y[r·i + a, r·j + b, c] = x[i, j, c·r² + a·r + b].
 *
 * `[height, width, channels]` becomes `[r · height, r · width, channels / r²]`. PyTorch
 * `PixelShuffle`; TensorFlow's `depth_to_space` has the channels in another order.
 *
 * Shi et al. (2016), Real-time single image and video super-resolution using an efficient sub-pixel
 * convolutional neural network. arXiv:1609.05158
 *
 * @param factor r
 */
export function pixelShuffle(factor: number): Layer<Tensor> {
  noOptions("pixelShuffle", arguments[1]);
  checkCount("pixelShuffle", "factor", factor);
  return map(
    "pixelShuffle",
    [factor],
    (x) => {
      const [n, h, w, channels] = x.shape as [number, number, number, number];
      const c = channels / factor ** 2;
      return x
        .reshape([n, h, w, c, factor, factor])
        .transpose([0, 1, 4, 2, 5, 3])
        .reshape([n, factor * h, factor * w, c]);
    },
    (input) => {
      checkImage("pixelShuffle", input);
      if (input[2]! % factor ** 2 !== 0)
        throw badArgument("pixelShuffle", `channels divisible by ${factor ** 2}`, show(input));
    },
  );
}
