import { known } from "@tenon/guards";
import { show } from "../shapes.js";
import { checkFlag, checkTensor } from "../internal/guards.js";
import { record } from "../internal/record.js";
import { paddingOf, pairOf, windows } from "../internal/windows.js";
import type { Op } from "../op.js";
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
 * Every cell under every window: the output's place, the image's place, and the cell's position
 * `row · width + column`.
 */
function visit(
  { window, strides, padding, image: [h, w] }: Pool2dAttrs,
  [n, oh, ow, c]: readonly number[],
  cell: (y: number, x: number, position: number) => void,
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
            for (let q = 0; q < c!; q++) cell(y + q, x + q, row * w + column);
          }
}

const argMaxOp: Op<Pool2dAttrs> = {
  name: "argMaxPool2d",
  gradient: () => [],
  evaluate(node, [x], out) {
    const best = new Float64Array(out.length).fill(NaN);
    out.fill(-1);
    visit(node.attrs, node.shape, (y, at, position) => {
      const value = x!.data[at]!;
      const top = best[y]!;
      if (out[y]! >= 0 && (top !== top || value <= top)) return;
      best[y] = value;
      out[y] = position;
    });
  },
};

// The sum under each window, and its adjoint.
const sumOp: Op<Pool2dAttrs> = {
  name: "sumPool2d",
  gradient: ({ attrs }, g) => [spread(g, attrs)],
  evaluate(node, [x], out) {
    const sums = new Float64Array(out.length);
    visit(node.attrs, node.shape, (y, at) => {
      sums[y]! += x!.data[at]!;
    });
    out.set(sums);
  },
};
const spreadOp: Op<Pool2dAttrs> = {
  name: "sumPool2dInput",
  gradient: ({ attrs }, g) => [sumPool(g, attrs)],
  evaluate(node, [y], out) {
    const sums = new Float64Array(out.length);
    visit(node.attrs, y!.shape, (at, x) => {
      sums[x]! += y!.data[at]!;
    });
    out.set(sums);
  },
};

function pooled(x: Tensor, attrs: Pool2dAttrs): [number, number, number, number] {
  const [oh, ow] = windows(attrs.image, attrs.window, { ...attrs, dilation: [1, 1] });
  return [x.shape[0]!, oh, ow, x.shape[3]!];
}
function sumPool(x: Tensor, attrs: Pool2dAttrs): Tensor {
  return record(sumOp, [x], pooled(x, attrs), "float32", attrs);
}
function spread(y: Tensor, attrs: Pool2dAttrs): Tensor {
  return record(spreadOp, [y], [y.shape[0]!, ...attrs.image, y.shape[3]!], "float32", attrs);
}

function attrsOf(
  name: string,
  x: Tensor,
  window: Pair,
  { strides = window, padding = "valid" }: Pool2dOptions,
): Pool2dAttrs {
  checkTensor(name, x, "an image [n, height, width, channels]");
  if (x.shape.length !== 4)
    throw new Error(
      `${name}: expected an image [n, height, width, channels], got ${show(x.shape)}`,
    );
  const size = pairOf(name, "a window", window);
  const steps = pairOf(name, "strides", strides);
  const image: [number, number] = [x.shape[1]!, x.shape[2]!];
  const attrs: Pool2dAttrs = {
    window: size,
    strides: steps,
    image,
    padding: paddingOf(name, padding, image, size, steps, [1, 1]),
  };
  if (windows(image, size, { ...attrs, dilation: [1, 1] }).some((n) => n < 1))
    throw new Error(
      `${name}: expected an image at least as large as the window, got ${show(x.shape)} under ` +
        `${size.join("×")}`,
    );
  if (attrs.padding.some(([low, high], i) => low >= size[i]! || high >= size[i]!))
    throw new Error(
      `${name}: expected less padding than the window ${size.join("×")}, got ` +
        `${JSON.stringify(attrs.padding)}`,
    );
  return attrs;
}

function argMax(name: string, x: Tensor, window: Pair, options: Pool2dOptions): Tensor {
  const attrs = attrsOf(name, x, window, options);
  return record(argMaxOp, [x], pooled(x, attrs), "int32", attrs);
}

/**
 * Where the largest under each window lies: `row · width + column` (int32), the first of equals,
 * the first NaN if there is one.
 */
export function argMaxPool2d(x: Tensor, window: Pair, options: Pool2dOptions = {}): Tensor {
  known("argMaxPool2d", options, "strides padding");
  return argMax("argMaxPool2d", x, window, options);
}

/**
 * The largest under each window; padding never is. Its whole gradient goes to where it lies, the
 * first of equals.
 *
 * @param x [n, height, width, channels]
 * @param window one number for both directions, or [rows, columns]
 * @returns [n, ⌊(height + padding − window) / stride⌋ + 1, …, channels]
 * @throws if the image is smaller than the window, or the padding is as large as it
 */
export function maxPool2d(x: Tensor, window: Pair, options: Pool2dOptions = {}): Tensor {
  known("maxPool2d", options, "strides padding");
  const at = argMax("maxPool2d", x, window, options);
  const [n, h, w, c] = x.shape as [number, number, number, number];
  return x
    .cast("float32")
    .reshape([n, h * w, c])
    .takeAlong(at.reshape([n, at.shape[1]! * at.shape[2]!, c]), 1)
    .reshape(at.shape);
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
