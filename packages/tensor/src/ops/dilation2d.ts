import { badArgument, known } from "@tenon/guards";
import { pad } from "./movement.js";
import { cellsOf } from "../internal/cellsOf.js";
import { checkTensor } from "../internal/guards.js";
import { paddingOf, pairOf, windows } from "../internal/windows.js";
import { show } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import type { Conv2dOptions } from "./conv2d.js";
import { maxPool2d } from "./pool2d.js";
import { tile } from "./rearrange.js";

/** `strides`, `padding` and `dilation` as `conv2d` has them. */
export type Dilation2dOptions = Omit<Conv2dOptions, "groups">;

/**
 * Morphological dilation, a convolution with sums in place of products and the maximum in place of
 * the sum: y[i, j, c] = max over k, l of x[i·s + k·d − p, j·s + l·d − p, c] + w[k, l, c]. Padded
 * cells are −∞. Its gradients go to the first of equals. TensorFlow's and TensorFlow.js'
 * `dilation2d`.
 *
 * @param x [n, height, width, channels]
 * @param kernel [rows, columns, channels]
 * @returns [n, rows′, columns′, channels], of the sizes of `conv2d`
 */
export function dilation2d(x: Tensor, kernel: Tensor, options: Dilation2dOptions = {}): Tensor {
  const {
    strides = 1,
    padding = "valid",
    dilation = 1,
  } = known("dilation2d", options, "strides padding dilation");
  checkTensor("dilation2d", x, "an image [n, height, width, channels]");
  checkTensor("dilation2d", kernel, "a kernel [rows, columns, channels]");
  if (
    x.shape.length !== 4 ||
    kernel.shape.length !== 3 ||
    kernel.shape[2] !== x.shape[3] ||
    kernel.shape.some((n) => n < 1)
  )
    throw badArgument(
      "dilation2d",
      "an image [n, height, width, channels] and a kernel [rows, columns, channels]",
      `${show(x.shape)} and ${show(kernel.shape)}`,
    );
  const image = [x.shape[1]!, x.shape[2]!] as const;
  const size = [kernel.shape[0]!, kernel.shape[1]!] as const;
  const s = pairOf("dilation2d", "strides", strides);
  const d = pairOf("dilation2d", "dilation", dilation);
  const widths = paddingOf("dilation2d", padding, image, size, s, d);
  const counts = windows(image, size, { strides: s, padding: widths, dilation: d });
  if (counts.some((n) => n < 1))
    throw badArgument(
      "dilation2d",
      "an image at least as large as the kernel",
      `${show(x.shape)} under ${show(kernel.shape)}`,
    );
  const [rows, columns] = ([0, 1] as const).map((i) =>
    Array.from({ length: counts[i] }, (_, at) =>
      Array.from({ length: size[i] }, (_, k) => at * s[i] + k * d[i]),
    ),
  ) as [number[][], number[][]];
  const padded = pad(x.cast("float32"), [[0, 0], ...widths, [0, 0]], -Infinity);
  return maxPool2d(cellsOf(padded, rows, columns).add(tile(kernel, [...counts, 1])), size);
}
