import { badArgument, noOptions } from "@tenon/guards";
import { alongImage } from "../internal/alongImage.js";
import { cellsOf } from "../internal/cellsOf.js";
import { checkTensor } from "../internal/guards.js";
import { pairOf } from "../internal/windows.js";
import { show } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import type { Pair } from "./conv2d.js";
import { maxPool2d } from "./pool2d.js";

/**
 * The mean under windows that divide the image into the given number of rows and columns: window i
 * of H covers the rows from ⌊i·h/H⌋ up to but not including ⌈(i + 1)·h/H⌉; neighbours may share
 * rows. PyTorch's `adaptive_avg_pool2d`.
 *
 * @param x [n, height, width, channels]
 * @param size one number for both directions, or [rows, columns]
 * @returns [n, rows, columns, channels]
 */
export function adaptiveAvgPool2d(x: Tensor, size: Pair): Tensor {
  noOptions("adaptiveAvgPool2d", arguments[2]);
  const [rows, columns] = partsOf("adaptiveAvgPool2d", x, size);
  const weights = (parts: readonly Part[], n: number): number[][] =>
    parts.map(({ start, end }) =>
      Array.from({ length: n }, (_, i) => (i >= start && i < end ? 1 / (end - start) : 0)),
    );
  return alongImage(x, weights(rows, x.shape[1]!), weights(columns, x.shape[2]!));
}

/**
 * The largest value under the windows of `adaptiveAvgPool2d`, the gradient to the first of equals.
 * PyTorch's `adaptive_max_pool2d`.
 *
 * @param x [n, height, width, channels]
 * @param size one number for both directions, or [rows, columns]
 * @returns [n, rows, columns, channels]
 */
export function adaptiveMaxPool2d(x: Tensor, size: Pair): Tensor {
  noOptions("adaptiveMaxPool2d", arguments[2]);
  const parts = partsOf("adaptiveMaxPool2d", x, size);
  const longest = parts.map((some) => Math.max(...some.map(({ start, end }) => end - start)));
  // A shorter window has its last cell several times, of which the first one counts.
  const [rows, columns] = parts.map((some, i) =>
    some.map(({ start, end }) =>
      Array.from({ length: longest[i]! }, (_, k) => Math.min(start + k, end - 1)),
    ),
  ) as [number[][], number[][]];
  return maxPool2d(cellsOf(x, rows, columns), longest as [number, number]);
}

interface Part {
  readonly start: number;
  readonly end: number;
}

function partsOf(name: string, x: Tensor, size: Pair): [Part[], Part[]] {
  checkTensor(name, x, "an image [n, height, width, channels]");
  const [rows, columns] = pairOf(name, "a size", size);
  if (x.shape.length !== 4 || x.shape[1]! < 1 || x.shape[2]! < 1)
    throw badArgument(name, "an image [n, height, width, channels]", show(x.shape));
  const parts = (n: number, count: number): Part[] =>
    Array.from({ length: count }, (_, i) => ({
      start: Math.floor((i * n) / count),
      end: Math.ceil(((i + 1) * n) / count),
    }));
  return [parts(x.shape[1]!, rows), parts(x.shape[2]!, columns)];
}
