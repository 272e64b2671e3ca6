import type { Elements } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { show } from "../shapes.js";
import { checkTensor } from "../internal/guards.js";
import { makeNode } from "../internal/makeNode.js";
import { paddingOf, pairOf, windows } from "../internal/windows.js";
import type { Op } from "../op.js";
import type { Tensor } from "../tensor.js";

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

export interface Conv2dAttrs {
  readonly strides: readonly [number, number];
  /** [[top, bottom], [left, right]] */
  readonly padding: readonly [readonly [number, number], readonly [number, number]];
  readonly dilation: readonly [number, number];
  readonly groups: number;
  /**
   * Rows and columns of the image and of the kernel: the operands of the two adjoints do not
   * determine them.
   */
  readonly image: readonly [number, number];
  readonly kernel: readonly [number, number];
}

type Shape4 = readonly [number, number, number, number];

// A convolution is linear in each of image, kernel and output; the three operations are each
// other's gradients.

const forward: Op<Conv2dAttrs> = {
  name: "conv2d",
  gradient: ({ inputs: [x, w], attrs }, g) => [
    conv2dInput(g, w!, attrs),
    conv2dFilter(x!, g, attrs),
  ],
  evaluate: (node, [x, w], out) =>
    summed(out, (to) =>
      visit(
        node.attrs,
        x!.shape as Shape4,
        w!.shape as Shape4,
        node.shape as Shape4,
        (xi, wi, yi) => {
          to[yi]! += x!.data[xi]! * w!.data[wi]!;
        },
      ),
    ),
};

const inputOp: Op<Conv2dAttrs> = {
  name: "conv2dInput",
  gradient: ({ inputs: [y, w], attrs }, g) => [convolve(g, w!, attrs), conv2dFilter(g, y!, attrs)],
  evaluate: (node, [y, w], out) =>
    summed(out, (to) =>
      visit(
        node.attrs,
        node.shape as Shape4,
        w!.shape as Shape4,
        y!.shape as Shape4,
        (xi, wi, yi) => {
          to[xi]! += y!.data[yi]! * w!.data[wi]!;
        },
      ),
    ),
};

const filterOp: Op<Conv2dAttrs> = {
  name: "conv2dFilter",
  gradient: ({ inputs: [x, y], attrs }, g) => [conv2dInput(y!, g, attrs), convolve(x!, g, attrs)],
  evaluate: (node, [x, y], out) =>
    summed(out, (to) =>
      visit(
        node.attrs,
        x!.shape as Shape4,
        node.shape as Shape4,
        y!.shape as Shape4,
        (xi, wi, yi) => {
          to[wi]! += x!.data[xi]! * y!.data[yi]!;
        },
      ),
    ),
};

/** Sums in float64, rounded once. */
function summed(out: Elements, fill: (to: Float64Array) => void): void {
  const to = new Float64Array(out.length);
  fill(to);
  out.set(to);
}

/** Every product of a convolution: the places of its image cell, kernel cell and output cell. */
function visit(
  { strides, padding, dilation, groups }: Conv2dAttrs,
  [n, h, w, c]: Shape4,
  [kh, kw, cg, o]: Shape4,
  [, oh, ow]: Shape4,
  product: (x: number, w: number, y: number) => void,
): void {
  const og = o / groups;
  for (let b = 0; b < n; b++)
    for (let i = 0; i < oh; i++)
      for (let j = 0; j < ow; j++)
        for (let ki = 0; ki < kh; ki++)
          for (let kj = 0; kj < kw; kj++) {
            const row = i * strides[0] + ki * dilation[0] - padding[0][0];
            const column = j * strides[1] + kj * dilation[1] - padding[1][0];
            if (row < 0 || row >= h || column < 0 || column >= w) continue;
            const x = ((b * h + row) * w + column) * c;
            const y = ((b * oh + i) * ow + j) * o;
            const k = (ki * kw + kj) * cg * o;
            for (let group = 0; group < groups; group++)
              for (let q = 0; q < cg; q++)
                for (let p = 0; p < og; p++)
                  product(x + group * cg + q, k + q * o + group * og + p, y + group * og + p);
          }
}

function convolve(x: Tensor, w: Tensor, attrs: Conv2dAttrs): Tensor {
  const [oh, ow] = windows(attrs.image, attrs.kernel, attrs);
  return makeNode(forward, [x, w], [x.shape[0]!, oh, ow, w.shape[3]!], "float32", attrs);
}

function conv2dInput(y: Tensor, w: Tensor, attrs: Conv2dAttrs): Tensor {
  return makeNode(
    inputOp,
    [y, w],
    [y.shape[0]!, ...attrs.image, w.shape[2]! * attrs.groups],
    "float32",
    attrs,
  );
}

function conv2dFilter(x: Tensor, y: Tensor, attrs: Conv2dAttrs): Tensor {
  return makeNode(
    filterOp,
    [x, y],
    [...attrs.kernel, x.shape[3]! / attrs.groups, y.shape[3]!],
    "float32",
    attrs,
  );
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
