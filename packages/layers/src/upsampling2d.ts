import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import {
  ones,
  pairOf,
  repeat,
  resize2d,
  type Pair,
  type Resize2dOptions,
  type Tensor,
} from "@tenon/tensor";
import { checkImage, inNameOf } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * An image as many times larger: each row and column repeated ("nearest"), or values between
 * neighbours ("bilinear").
 *
 * `[height, width, channels]` becomes `[rows · height, columns · width, channels]`. Keras
 * `UpSampling2D`, PyTorch `Upsample`; `resize2d` makes any size.
 *
 * @param factor one integer for both directions, or [rows, columns]. @defaultValue 2
 */
export function upsampling2d(factor: Pair = 2, options: Resize2dOptions = {}): Layer<Tensor> {
  const { interpolation = "nearest" } = known(
    "upsampling2d",
    options,
    "interpolation alignCorners",
  );
  const [rows, columns] = pairOf("upsampling2d", "factor", factor);
  inNameOf("upsampling2d", () => resize2d(ones([1, 1, 1, 1]), 1, options));
  return map(
    "upsampling2d",
    [factor, options],
    (x) =>
      interpolation === "nearest"
        ? repeat(repeat(x, rows, 1), columns, 2)
        : resize2d(x, [rows * x.shape[1]!, columns * x.shape[2]!], options),
    (input) => checkImage("upsampling2d", input),
  );
}
