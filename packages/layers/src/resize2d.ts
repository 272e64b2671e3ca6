import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import {
  ones,
  pairOf,
  resize2d as resize,
  type Pair,
  type Resize2dOptions,
  type Tensor,
} from "@tenon/tensor";
import { checkImage } from "./internal/check.js";
import { map } from "./internal/map.js";

/**
 * An image of another size, from the nearest cell or from four neighbours ("bilinear"); nothing is
 * averaged where it becomes smaller.
 *
 * `[height, width, channels]` becomes `[...size, channels]`. Keras `Resizing`, PyTorch
 * `Upsample(size)`.
 *
 * @param size one number for both directions, or [rows, columns]
 */
export function resize2d(size: Pair, options: Resize2dOptions = {}): Layer<Tensor> {
  known("resize2d", options, "interpolation alignCorners");
  pairOf("resize2d", "size", size);
  // The operation's own checks.
  resize(ones([1, 1, 1, 1]), 1, options);
  return map(
    "resize2d",
    [size, options],
    (x) => resize(x, size, options),
    (input) => checkImage("resize2d", input),
  );
}
