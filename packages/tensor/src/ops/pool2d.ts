import type { NDArray, Shape } from "@tenon/contracts";
import { badArgument, known, noOptions, shown } from "@tenon/guards";
import { pad } from "./movement.js";
import { cellsOf } from "../internal/cellsOf.js";
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
  /**
   * Whether a last window may hang over the edge, if it begins before it: no row or column is left
   * out (PyTorch's `ceil_mode`). @defaultValue false
   */
  readonly ceilMode?: boolean;
}

export interface MaxPool2dOptions extends Pool2dOptions {
  /** Distance between the cells of the window. @defaultValue 1 */
  readonly dilation?: Pair;
}

export interface AvgPool2dOptions extends Pool2dOptions {
  /** Whether padded cells count as zeros (PyTorch) or not at all (Keras). @defaultValue false */
  readonly countPadding?: boolean;
  /**
   * What the sum is divided by (PyTorch's `divisor_override`). @defaultValue the number of cells
   */
  readonly divisor?: number;
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
    const cell = checkedIndex(data, i, cells, { by: name, shape });
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
  { strides = window, padding = "valid", ceilMode = false }: Pool2dOptions,
): Pool2dAttrs {
  checkTensor(name, x, "an image [n, height, width, channels]");
  if (x.shape.length !== 4)
    throw badArgument(name, "an image [n, height, width, channels]", show(x.shape));
  const size = pairOf(name, "a window", window);
  const steps = pairOf(name, "strides", strides);
  const image: [number, number] = [x.shape[1]!, x.shape[2]!];
  const given: Pool2dAttrs = {
    window: size,
    strides: steps,
    image,
    padding: paddingOf(name, padding, image, size, steps, [1, 1]),
  };
  checkFlag(name, "ceilMode", ceilMode);
  const attrs = ceilMode ? { ...given, padding: overhanging(given) } : given;
  if (windows(image, size, attrs).some((n) => n < 1))
    throw badArgument(
      name,
      "an image at least as large as the window",
      `${show(x.shape)} under ${size.join("×")}`,
    );
  if (given.padding.some(([low, high], i) => low >= size[i]! || high >= size[i]!))
    throw badArgument(
      name,
      `less padding than the window ${size.join("×")}`,
      JSON.stringify(given.padding),
    );
  return attrs;
}

/** The padding with which a last window that begins inside the image or before it is whole. */
function overhanging({ window, strides, image, padding }: Pool2dAttrs): Pool2dAttrs["padding"] {
  const side = (i: 0 | 1): readonly [number, number] => {
    const [low, high] = padding[i];
    const padded = image[i] + low + high;
    const last = Math.ceil((padded - window[i]) / strides[i]) * strides[i];
    const start = last < image[i] + low ? last : last - strides[i];
    return [low, high + Math.max(0, start + window[i] - padded)];
  };
  return [side(0), side(1)];
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
  known("argMaxPool2d", options, "strides padding ceilMode");
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
export function maxPool2d(x: Tensor, window: Pair, options: MaxPool2dOptions = {}): Tensor {
  const { dilation = 1, ...rest } = known(
    "maxPool2d",
    options,
    "strides padding ceilMode dilation",
  );
  const apart = pairOf("maxPool2d", "dilation", dilation);
  if (apart.every((n) => n === 1)) {
    const indices = argMax("maxPool2d", x, window, rest);
    return gatherPool2d(x.cast("float32"), indices);
  }
  return dilated(x, window, apart, rest);
}

/** As `maxPool2d` of an image in which the cells of each window are next to each other. */
function dilated(
  x: Tensor,
  window: Pair,
  dilation: readonly [number, number],
  { strides = window, ...rest }: Pool2dOptions,
): Tensor {
  const size = pairOf("maxPool2d", "a window", window);
  const reach = size.map((n, i) => (n - 1) * dilation[i]! + 1) as [number, number];
  const attrs = attrsOf("maxPool2d", x, reach, { strides, ...rest });
  const [, rows, columns] = pooled(x, attrs);
  const cells = (count: number, i: 0 | 1): number[][] =>
    Array.from({ length: count }, (_, at) =>
      Array.from({ length: size[i] }, (_, k) => at * attrs.strides[i] + k * dilation[i]),
    );
  const padded = pad(x.cast("float32"), [[0, 0], ...attrs.padding, [0, 0]], -Infinity);
  return maxPool2d(cellsOf(padded, cells(rows, 0), cells(columns, 1)), size);
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
  const {
    countPadding = false,
    divisor,
    ...rest
  } = known("avgPool2d", options, "countPadding divisor strides padding ceilMode");
  const attrs = attrsOf("avgPool2d", x, window, rest);
  checkFlag("avgPool2d", "countPadding", countPadding);
  if (divisor !== undefined && (!Number.isFinite(divisor) || divisor === 0))
    throw badArgument("avgPool2d", "a finite divisor other than 0", shown(divisor));
  const sums = sumPool(x.cast("float32"), attrs);
  if (divisor !== undefined) return sums.div(divisor);
  // What hangs over the edge is never counted, what was padded before only with `countPadding`.
  const { image, window: size, strides } = attrs;
  const counted = countPadding
    ? paddingOf("avgPool2d", rest.padding ?? "valid", image, size, strides, [1, 1])
    : none;
  const uncounted = attrs.padding.map((side, i) => side.map((n, j) => n - counted[i]![j]!));
  if (uncounted.flat().every((n) => n === 0)) return sums.div(attrs.window[0] * attrs.window[1]);
  const cells = image.map((n, i) => n + counted[i]![0] + counted[i]![1]);
  return sums.div(
    sumPool(ones([1, ...cells, 1]), {
      ...attrs,
      image: cells as [number, number],
      padding: uncounted as unknown as Pool2dAttrs["padding"],
    }),
  );
}

const none: Pool2dAttrs["padding"] = [
  [0, 0],
  [0, 0],
];
