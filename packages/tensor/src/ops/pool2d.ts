import type { NDArray, Shape } from "@tenon/contracts";
import { badArgument, known, noOptions } from "@tenon/guards";
import { checkFlag, checkTensor } from "../internal/guards.js";
import { checkedIndex, checkIndices } from "../internal/indices.js";
import { makeNode } from "../internal/makeNode.js";
import { paddingOf, pairOf, windows } from "../internal/windows.js";
import type { Op } from "../op.js";
import { sameShape, show } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import type { Padding, Pair } from "./conv2d.js";
import { ones } from "./leaf.js";

export interface Pool2dOptions {
  /** @defaultValue the window: they do not overlap */
  readonly strides?: Pair;
  /** @defaultValue "valid" */
  readonly padding?: Padding;
}

export interface AvgPool2dOptions extends Pool2dOptions {
  /** Whether padded cells count as zeros (PyTorch) or not at all (Keras). @defaultValue false */
  readonly countPadding?: boolean;
}

export interface Pool2dAttrs {
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: readonly [readonly [number, number], readonly [number, number]];
  /** Rows and columns of the image. */
  readonly image: readonly [number, number];
}

/**
 * Every cell under every window: the place in the output, the place in the image, and the cell's
 * index `row · width + column`.
 */
function visit(
  { window, strides, padding, image: [h, w] }: Pool2dAttrs,
  [n, oh, ow, c]: readonly number[],
  visitCell: (window: number, cell: number, index: number) => void,
): void {
  for (let b = 0; b < n!; b++)
    for (let i = 0; i < oh!; i++)
      for (let j = 0; j < ow!; j++)
        for (let ki = 0; ki < window[0]; ki++)
          for (let kj = 0; kj < window[1]; kj++) {
            const row = i * strides[0] + ki - padding[0][0];
            const column = j * strides[1] + kj - padding[1][0];
            if (row < 0 || row >= h || column < 0 || column >= w) continue;
            const y = ((b * oh! + i) * ow! + j) * c!;
            const x = ((b * h + row) * w + column) * c!;
            for (let q = 0; q < c!; q++) visitCell(y + q, x + q, row * w + column);
          }
}

const argMaxOp: Op<Pool2dAttrs> = {
  name: "argMaxPool2d",
  gradient: () => [],
  evaluate(node, [x], out) {
    const largest = new Float64Array(out.length).fill(NaN);
    out.fill(-1);
    visit(node.attrs, node.shape, (window, cell, index) => {
      const value = x!.data[cell]!;
      const before = largest[window]!;
      if (out[window]! >= 0 && (before !== before || value <= before)) return;
      largest[window] = value;
      out[window] = index;
    });
  },
};

/**
 * Where the values of `indices` [n, rows, columns, c] are in an image [n, height, width, c]: calls
 * `visit` with each place among the indices and its place in the image.
 */
function eachIndexed(
  name: string,
  image: Shape,
  { shape, data }: NDArray,
  visit: (window: number, cell: number) => void,
): void {
  const channels = image[3]!;
  const cells = image[1]! * image[2]!;
  const perImage = shape[1]! * shape[2]! * channels;
  for (let i = 0; i < data.length; i++) {
    const batch = Math.floor(i / perImage);
    const cell = checkedIndex(name, data[i]!, cells);
    visit(i, (batch * cells + cell) * channels + (i % channels));
  }
}

// The values at the argmax indices of windows, and its adjoint: x [n, height, width, c], indices
// [n, rows, columns, c] ⇄ y [n, rows, columns, c].
const gatherPoolOp: Op = {
  name: "gatherPool2d",
  gradient: ({ inputs: [x, indices] }, grad) => [
    makeNode(unpoolOp, [grad, indices!], x!.shape, "float32"),
  ],
  evaluate(_, [x, indices], out) {
    eachIndexed("gatherPool2d", x!.shape, indices!, (window, cell) => {
      out[window] = x!.data[cell]!;
    });
  },
};
const unpoolOp: Op = {
  name: "unpool2d",
  gradient: ({ inputs: [y, indices] }, grad) => [
    makeNode(gatherPoolOp, [grad, indices!], y!.shape, "float32"),
  ],
  evaluate({ shape }, [y, indices], out) {
    const sums = new Float64Array(out.length);
    eachIndexed("unpool2d", shape, indices!, (window, cell) => {
      sums[cell]! += y!.data[window]!;
    });
    out.set(sums);
  },
};

// The sum under each window, and its adjoint.
const sumOp: Op<Pool2dAttrs> = {
  name: "sumPool2d",
  gradient: ({ attrs }, grad) => [sumPoolInput(grad, attrs)],
  evaluate(node, [x], out) {
    const sums = new Float64Array(out.length);
    visit(node.attrs, node.shape, (window, cell) => {
      sums[window]! += x!.data[cell]!;
    });
    out.set(sums);
  },
};
const sumInputOp: Op<Pool2dAttrs> = {
  name: "sumPool2dInput",
  gradient: ({ attrs }, grad) => [sumPool(grad, attrs)],
  evaluate(node, [y], out) {
    const sums = new Float64Array(out.length);
    visit(node.attrs, y!.shape, (window, cell) => {
      sums[cell]! += y!.data[window]!;
    });
    out.set(sums);
  },
};

function pooled(x: Tensor, attrs: Pool2dAttrs): [number, number, number, number] {
  const [oh, ow] = windows(attrs.image, attrs.window, attrs);
  return [x.shape[0]!, oh, ow, x.shape[3]!];
}
function sumPool(x: Tensor, attrs: Pool2dAttrs): Tensor {
  return makeNode(sumOp, [x], pooled(x, attrs), "float32", attrs);
}
function sumPoolInput(y: Tensor, attrs: Pool2dAttrs): Tensor {
  return makeNode(sumInputOp, [y], [y.shape[0]!, ...attrs.image, y.shape[3]!], "float32", attrs);
}

function attrsOf(
  name: string,
  x: Tensor,
  window: Pair,
  { strides = window, padding = "valid" }: Pool2dOptions,
): Pool2dAttrs {
  checkTensor(name, x, "an image [n, height, width, channels]");
  if (x.shape.length !== 4)
    throw badArgument(name, "an image [n, height, width, channels]", show(x.shape));
  const size = pairOf(name, "a window", window);
  const steps = pairOf(name, "strides", strides);
  const image: [number, number] = [x.shape[1]!, x.shape[2]!];
  const attrs: Pool2dAttrs = {
    window: size,
    strides: steps,
    image,
    padding: paddingOf(name, padding, image, size, steps, [1, 1]),
  };
  if (windows(image, size, attrs).some((n) => n < 1))
    throw badArgument(
      name,
      "an image at least as large as the window",
      `${show(x.shape)} under ${size.join("×")}`,
    );
  if (attrs.padding.some(([low, high], i) => low >= size[i]! || high >= size[i]!))
    throw badArgument(
      name,
      `less padding than the window ${size.join("×")}`,
      JSON.stringify(attrs.padding),
    );
  return attrs;
}

function argMax(name: string, x: Tensor, window: Pair, options: Pool2dOptions): Tensor {
  const attrs = attrsOf(name, x, window, options);
  return makeNode(argMaxOp, [x], pooled(x, attrs), "int32", attrs);
}

/**
 * The index of the largest value under each window: `row · width + column` (int32), the first of
 * equals, the first NaN if there is one.
 */
export function argMaxPool2d(x: Tensor, window: Pair, options: Pool2dOptions = {}): Tensor {
  known("argMaxPool2d", options, "strides padding");
  return argMax("argMaxPool2d", x, window, options);
}

/** Throws unless both are images of the same batch and channels, the second one of int32. */
function checkIndexed(name: string, x: Tensor, indices: Tensor): void {
  checkTensor(name, x, "an image [n, height, width, channels]");
  checkIndices(name, indices);
  if (x.shape.length !== 4)
    throw badArgument(name, "an image [n, height, width, channels]", show(x.shape));
  const [n, , , channels] = x.shape;
  if (indices.shape.length !== 4 || indices.shape[0] !== n || indices.shape[3] !== channels)
    throw badArgument(name, `indices [${n}, rows, columns, ${channels}]`, show(indices.shape));
}

/**
 * The values of an image at the indices of windows: max pooling is `gatherPool2d(x,
 * argMaxPool2d(x, …))`.
 *
 * @param x [n, height, width, channels]
 * @param indices int32 [n, rows, columns, channels]: `row · width + column` in the image of the
 *   same
 *   example and channel; the engine throws when it meets one outside
 * @returns an array of the shape of the indices
 */
export function gatherPool2d(x: Tensor, indices: Tensor): Tensor {
  noOptions("gatherPool2d", arguments[2]);
  checkIndexed("gatherPool2d", x, indices);
  return makeNode(gatherPoolOp, [x, indices], indices.shape, x.dtype);
}

/**
 * Max unpooling, the adjoint of `gatherPool2d`: each value is added to an image of zeros at its
 * index. Where windows overlap, values with the same index are added, in row-major order of the
 * windows.
 *
 * @param y [n, rows, columns, channels]
 * @param indices int32, of the same shape: `row · width + column` in the image, as of
 *   `argMaxPool2d`
 * @param image height and width, one number if they are equal
 * @returns [n, height, width, channels]
 */
export function unpool2d(y: Tensor, indices: Tensor, image: Pair): Tensor {
  noOptions("unpool2d", arguments[3]);
  checkIndexed("unpool2d", y, indices);
  if (!sameShape(y.shape, indices.shape))
    throw badArgument("unpool2d", `indices of shape ${show(y.shape)}`, show(indices.shape));
  const [height, width] = pairOf("unpool2d", "an image size", image);
  const shape = [y.shape[0]!, height, width, y.shape[3]!];
  return makeNode(unpoolOp, [y.cast("float32"), indices], shape, "float32");
}

/**
 * The largest value under each window; padding is never the largest. The whole gradient of an
 * output flows to that value, the first of equals.
 *
 * @param x [n, height, width, channels]
 * @param window one number for both directions, or [rows, columns]
 * @returns [n, ⌊(height + padding − window) / stride⌋ + 1, …, channels]
 * @throws if the image is smaller than the window, or the padding is as large as it
 */
export function maxPool2d(x: Tensor, window: Pair, options: Pool2dOptions = {}): Tensor {
  known("maxPool2d", options, "strides padding");
  const indices = argMax("maxPool2d", x, window, options);
  return gatherPool2d(x.cast("float32"), indices);
}

/**
 * The mean under each window.
 *
 * @param x [n, height, width, channels]
 * @param window one number for both directions, or [rows, columns]
 * @returns [n, ⌊(height + padding − window) / stride⌋ + 1, …, channels]
 * @throws if the image is smaller than the window, or the padding is as large as it
 */
export function avgPool2d(x: Tensor, window: Pair, options: AvgPool2dOptions = {}): Tensor {
  const { countPadding = false, ...rest } = known(
    "avgPool2d",
    options,
    "countPadding strides padding",
  );
  const attrs = attrsOf("avgPool2d", x, window, rest);
  checkFlag("avgPool2d", "countPadding", countPadding);
  const sums = sumPool(x.cast("float32"), attrs);
  const padded = attrs.padding.flat().some((n) => n > 0);
  if (!padded || countPadding) return sums.div(attrs.window[0] * attrs.window[1]);
  return sums.div(sumPool(ones([1, ...attrs.image, 1]), attrs));
}
