import type { Layer } from "@tenon/contracts";
import { badArgument, noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkCount, checkImage, show } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * Turns r × r cells into r² channels, the inverse of `pixelShuffle`: y[i, j, c·r² + a·r + b] =
 * x[r·i + a, r·j + b, c].
 *
 * `[height, width, channels]` becomes `[height / r, width / r, channels · r²]`. PyTorch
 * `PixelUnshuffle`.
 *
 * @param factor r
 */
export function pixelUnshuffle(factor: number): Layer<Tensor> {
  noOptions("pixelUnshuffle", arguments[1]);
  checkCount("pixelUnshuffle", "factor", factor);
  return map(
    "pixelUnshuffle",
    [factor],
    (x) => {
      const [n, height, width, c] = x.shape as [number, number, number, number];
      const [h, w] = [height / factor, width / factor];
      return x
        .reshape([n, h, factor, w, factor, c])
        .transpose([0, 1, 3, 5, 2, 4])
        .reshape([n, h, w, c * factor ** 2]);
    },
    (input) => {
      checkImage("pixelUnshuffle", input);
      if (input[0]! % factor !== 0 || input[1]! % factor !== 0)
        throw badArgument("pixelUnshuffle", `sizes divisible by ${factor}`, show(input));
    },
  );
}
