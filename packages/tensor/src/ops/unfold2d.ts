import { badArgument, known } from "@tenon/guards";
import { checkTensor } from "../internal/guards.js";
import { paddingOf, pairOf, windows } from "../internal/windows.js";
import { show } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import type { Padding, Pair } from "./conv2d.js";
import { concat, pad, slice } from "./movement.js";

export interface Unfold2dOptions {
  /** How far windows are apart. @defaultValue 1 */
  readonly strides?: Pair;
  /** Zeros around the image. @defaultValue "valid" */
  readonly padding?: Padding;
  /** Distance between the cells of the window. @defaultValue 1 */
  readonly dilation?: Pair;
}

/**
 * The values under each window of images, side by side: [n, height, width, channels] becomes [n,
 * rows, columns, cells · channels], with the cells of a window in row-major order and the channels
 * of a cell together.
 *
 * Keras: `ops.image.extract_patches`; PyTorch: `Unfold`, whose windows are columns, and channels
 * come first. What PyTorch's `Fold` does, adding up windows in an image, is the gradient of this:
 * `gradients(unfold2d(image, 3).mul(patches).sum(), image)`.
 */
export function unfold2d(x: Tensor, size: Pair, options: Unfold2dOptions = {}): Tensor {
  const {
    strides = 1,
    padding = "valid",
    dilation = 1,
  } = known("unfold2d", options, "strides padding dilation");
  checkTensor("unfold2d", x);
  if (x.shape.length !== 4)
    throw badArgument("unfold2d", "images [n, height, width, channels]", show(x.shape));
  const [n, height, width, channels] = x.shape as readonly [number, number, number, number];
  const image = [height, width] as const;
  const window = pairOf("unfold2d", "size", size);
  const [down, right] = pairOf("unfold2d", "strides", strides);
  const apart = pairOf("unfold2d", "dilation", dilation);
  const sides = paddingOf("unfold2d", padding, image, window, [down, right], apart);
  const attrs = { strides: [down, right] as const, padding: sides, dilation: apart };
  const [rows, columns] = windows(image, window, attrs);
  if (rows < 1 || columns < 1)
    throw badArgument(
      "unfold2d",
      "images at least as large as the window",
      `${show(image)} under ${show(window)}`,
    );
  const framed = pad(x, [[0, 0], ...sides, [0, 0]]);
  const cells = Array.from({ length: window[0] * window[1] }, (_, cell) => {
    const top = Math.floor(cell / window[1]) * apart[0];
    const left = (cell % window[1]) * apart[1];
    return slice(
      framed,
      [0, top, left, 0],
      [n, top + (rows - 1) * down + 1, left + (columns - 1) * right + 1, channels],
      [1, down, right, 1],
    );
  });
  return concat(cells, -1);
}
