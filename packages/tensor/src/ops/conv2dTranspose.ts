import { badArgument, known, shown } from "@tenon/guards";
import { conv2dInput, type Conv2dAttrs, type Shape4 } from "../internal/convolution.js";
import { checkTensor } from "../internal/guards.js";
import { paddingOf, pairOf } from "../internal/windows.js";
import { show } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import type { Conv2dOptions, Pair } from "./conv2d.js";

const name = "conv2dTranspose";

/** `padding`, `dilation` and `groups` are those of the convolution whose adjoint it is. */
export interface Conv2dTransposeOptions extends Conv2dOptions {
  /** Rows and columns that are added at the end; less than the strides. @defaultValue 0 */
  readonly outputPadding?: Pair;
}

/**
 * The adjoint of a convolution, which makes an image larger by its strides: each cell adds its
 * multiple of the kernel to the output, y[i·s + k·d − p, j·s + l·d − p, o] += x[i, j, c] · w[k, l,
 * o, c].
 *
 * With numbers as padding the output has (n − 1)·s + d·(k − 1) + 1 − both paddings + outputPadding
 * rows, as PyTorch's `conv_transpose2d`; with "same" n·s, with "valid" n·s or, where the kernel is
 * larger, (n − 1)·s + d·(k − 1) + 1, as Keras' `conv_transpose`.
 *
 * Dumoulin & Visin (2016), A guide to convolution arithmetic for deep learning, section 4.
 * arXiv:1603.07285
 *
 * @param x [n, height, width, channels]
 * @param kernel [rows, columns, outputs / groups, channels]
 * @returns [n, rows, columns, outputs]
 * @throws RangeError if channels or groups do not fit, or padding leaves nothing
 */
export function conv2dTranspose(
  x: Tensor,
  kernel: Tensor,
  options: Conv2dTransposeOptions = {},
): Tensor {
  const {
    strides = 1,
    padding = "valid",
    dilation = 1,
    groups = 1,
    outputPadding = 0,
  } = known(name, options, "strides padding dilation groups outputPadding");
  checkOperands(x, kernel, groups);
  const [, h, w] = x.shape as Shape4;
  const [kh, kw] = kernel.shape as Shape4;
  const s = pairOf(name, "strides", strides);
  const d = pairOf(name, "dilation", dilation);
  const extra = pairOf(name, "outputPadding", outputPadding, 0);
  if (extra.some((n, i) => n >= s[i]!))
    throw badArgument(name, `outputPadding less than the strides ${s.join("×")}`, extra.join("×"));
  const reach = [d[0] * (kh - 1) + 1, d[1] * (kw - 1) + 1] as const;
  const whole = [h * s[0], w * s[1]] as const;
  const widths = paddingOf(name, padding, whole, [kh, kw], s, d);
  const side = (i: 0 | 1): number =>
    typeof padding === "string"
      ? whole[i] + (padding === "valid" ? Math.max(0, reach[i] - s[i]) : 0) + extra[i]
      : whole[i] - s[i] + reach[i] - widths[i][0] - widths[i][1] + extra[i];
  const attrs: Conv2dAttrs = {
    strides: s,
    dilation: d,
    groups,
    kernel: [kh, kw],
    image: [side(0), side(1)],
    padding: widths,
  };
  if (typeof padding === "string" && extra.some((n) => n > 0))
    throw badArgument(
      name,
      `no outputPadding with padding "${padding}", which has its size`,
      shown(extra),
      "give padding as integers",
    );
  if (attrs.image.some((n) => n < 1))
    throw badArgument(
      name,
      "padding that leaves at least one row and column",
      shown(padding),
      "give less",
    );
  return conv2dInput(x.cast("float32"), kernel.cast("float32"), attrs);
}

function checkOperands(x: Tensor, kernel: Tensor, groups: number): void {
  checkTensor(name, x, "an image [n, height, width, channels]");
  checkTensor(name, kernel, "a kernel [rows, columns, outputs, channels]");
  if (x.shape.length !== 4 || kernel.shape.length !== 4 || kernel.shape.some((n) => n < 1))
    throw badArgument(
      name,
      "an image [n, height, width, channels] and a kernel [rows, columns, outputs, channels]",
      `${show(x.shape)} and ${show(kernel.shape)}`,
    );
  if (!Number.isInteger(groups) || groups < 1)
    throw badArgument(name, "groups as an integer ≥ 1", shown(groups));
  const channels = x.shape[3]!;
  if (kernel.shape[3] !== channels || channels % groups !== 0)
    throw badArgument(
      name,
      `a kernel whose last axis is ${channels} channels, divisible by ${groups} groups`,
      show(kernel.shape),
    );
}
