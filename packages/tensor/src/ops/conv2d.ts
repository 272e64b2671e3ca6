import { badArgument, known, shown } from "@tenon/guards";
import { show } from "../shapes.js";
import { checkTensor } from "../internal/guards.js";
import { convolve, type Conv2dAttrs, type Shape4 } from "../internal/convolution.js";
import { paddingOf, pairOf, windows } from "../internal/windows.js";
import type { Tensor } from "../tensor.js";

export type { Conv2dAttrs };

/**
 * `"valid"`: none. `"same"`: out = ⌈in / stride⌉, the odd row or column at the end (Keras). Or
 * zeros on each side: one number, [rows, columns], or [[top, bottom], [left, right]].
 */
export type Padding =
  | "valid"
  | "same"
  | number
  | readonly [number, number]
  | readonly [readonly [number, number], readonly [number, number]];

/** One number for both directions, or [rows, columns]. */
export type Pair = number | readonly [number, number];

export interface Conv2dOptions {
  /** @defaultValue 1 */
  readonly strides?: Pair;
  /** @defaultValue "valid" */
  readonly padding?: Padding;
  /** Distance between the cells of the kernel. @defaultValue 1 */
  readonly dilation?: Pair;
  /** Groups of channels: an output depends on the channels of its group only. @defaultValue 1 */
  readonly groups?: number;
}

/**
 * Slides a kernel over an image and sums the products (cross-correlation, as all libraries have
 * it): y[n, i, j, o] = Σ x[n, i·s + k·d − p, j·s + l·d − p, c] · w[k, l, c, o]
 *
 * @param x [n, height, width, channels]
 * @param kernel [height, width, channels / groups, outputs]
 * @returns [n, ⌊(height + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1, …, outputs]
 * @throws if channels or groups do not fit, or the padded image is smaller than the kernel
 */
export function conv2d(x: Tensor, kernel: Tensor, options: Conv2dOptions = {}): Tensor {
  const {
    strides = 1,
    padding = "valid",
    dilation = 1,
    groups = 1,
  } = known("conv2d", options, "strides padding dilation groups");
  checkTensor("conv2d", x, "an image [n, height, width, channels]");
  checkTensor("conv2d", kernel, "a kernel [height, width, channels, outputs]");
  if (x.shape.length !== 4 || kernel.shape.length !== 4)
    throw badArgument(
      "conv2d",
      "an image [n, height, width, channels] and a kernel [height, width, channels, " + "outputs]",
      `${show(x.shape)} and ${show(kernel.shape)}`,
    );
  const [, h, w, c] = x.shape as Shape4;
  const [kh, kw, cg, o] = kernel.shape as Shape4;
  if (!Number.isInteger(groups) || groups < 1)
    throw badArgument("conv2d", "groups as an integer ≥ 1", shown(groups));
  if (cg * groups !== c || o % groups !== 0)
    throw badArgument(
      "conv2d",
      `a kernel of ${c} input channels / ${groups} groups and outputs divisible by ${groups}`,
      show(kernel.shape),
    );
  if (kh < 1 || kw < 1)
    throw badArgument("conv2d", "a kernel of at least one row and column", show(kernel.shape));
  const s = pairOf("conv2d", "strides", strides);
  const d = pairOf("conv2d", "dilation", dilation);
  const attrs: Conv2dAttrs = {
    strides: s,
    dilation: d,
    groups,
    image: [h, w],
    kernel: [kh, kw],
    padding: paddingOf("conv2d", padding, [h, w], [kh, kw], s, d),
  };
  if (windows(attrs.image, attrs.kernel, attrs).some((n) => n < 1))
    throw badArgument(
      "conv2d",
      "an image at least as large as the kernel",
      `${show(x.shape)} under ${show(kernel.shape)} with dilation ${d.join("×")}`,
    );
  return convolve(x.cast("float32"), kernel.cast("float32"), attrs);
}
