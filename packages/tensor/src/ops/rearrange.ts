import { badArgument, noOptions, shown } from "@tenon/guards";
import { axesOf, axisOf, show, sizeOf } from "../shapes.js";
import { checkInteger, checkList, checkTensor } from "../internal/guards.js";
import type { Axes, Tensor } from "../tensor.js";
import { where } from "./elementwise.js";
import { arange, tensor } from "./leaf.js";
import { concat, slice } from "./movement.js";

/** In reverse order along some axes, or all. */
export function flip(x: Tensor, axes?: Axes): Tensor {
  checkTensor("flip", x);
  return axesOf("flip", axes, x.shape.length).reduce((y, axis) => {
    const n = x.shape[axis]!;
    return y.gather(tensor(Int32Array.from({ length: n }, (_, i) => n - 1 - i)), axis);
  }, x);
}

/**
 * Moved along an axis by `shift` places (back, if negative); what leaves one end comes in at the
 * other.
 */
export function roll(x: Tensor, shift: number, axis: number): Tensor {
  noOptions("roll", arguments[3]);
  checkTensor("roll", x);
  checkInteger("roll", "shift", shift);
  const along = axisOf("roll", axis, x.shape.length);
  const n = x.shape[along]!;
  const places = n === 0 ? 0 : ((shift % n) + n) % n;
  if (places === 0) return x;
  const [head, tail] = split(x, [n - places, places], along) as [Tensor, Tensor];
  return concat([tail, head], along);
}

/** The whole tensor over and over: `counts[i]` times along axis i (NumPy's `tile`). */
export function tile(x: Tensor, counts: readonly number[]): Tensor {
  checkTensor("tile", x);
  checkList("tile", "counts", counts);
  const extra = Math.max(0, counts.length - x.shape.length);
  const shape = [...new Array<number>(extra).fill(1), ...x.shape];
  const times = [...new Array<number>(shape.length - counts.length).fill(1), ...counts];
  if (!times.every((n) => Number.isInteger(n) && n >= 0))
    throw badArgument("tile", "counts that are integers ≥ 0", show(counts));
  return x
    .reshape(shape.flatMap((n) => [1, n]))
    .broadcastTo(shape.flatMap((n, i) => [times[i]!, n]))
    .reshape(shape.map((n, i) => n * times[i]!));
}

/** Each element `count` times in a row along an axis (NumPy's `repeat`). */
export function repeat(x: Tensor, count: number, axis: number): Tensor {
  noOptions("repeat", arguments[3]);
  checkTensor("repeat", x);
  if (!Number.isInteger(count) || count < 0)
    throw badArgument("repeat", "a count that is an integer ≥ 0", shown(count));
  const along = axisOf("repeat", axis, x.shape.length);
  const { shape } = x;
  const [before, after] = [shape.slice(0, along + 1), shape.slice(along + 1)];
  return x
    .expandDims(along + 1)
    .broadcastTo([...before, count, ...after])
    .reshape(shape.map((n, i) => (i === along ? n * count : n)));
}

/** Parts of the given sizes, one after the other along an axis. They must add up to it. */
export function split(x: Tensor, sizes: readonly number[], axis = 0): Tensor[] {
  noOptions("split", arguments[3]);
  checkTensor("split", x);
  checkList("split", "sizes", sizes);
  const along = axisOf("split", axis, x.shape.length);
  const n = x.shape[along]!;
  if (
    !sizes.every((size) => Number.isInteger(size) && size >= 0) ||
    sizes.reduce((sum, size) => sum + size, 0) !== n
  )
    throw badArgument(
      "split",
      `sizes that add up to ${n}, that of axis ${along} of ${show(x.shape)}`,
      show(sizes),
    );
  let position = 0;
  return sizes.map((size) => {
    const start = x.shape.map((_, i) => (i === along ? position : 0));
    position += size;
    return slice(
      x,
      start,
      x.shape.map((whole, i) => (i === along ? position : whole)),
    );
  });
}

/**
 * The lower triangle of the last two axes, zeros elsewhere: cells whose column is at most row +
 * `diagonal`.
 */
export function tril(x: Tensor, diagonal = 0): Tensor {
  return where(offsets("tril", x, diagonal).lessEqual(diagonal), x, 0);
}

/**
 * The upper triangle of the last two axes, zeros elsewhere: cells whose column is at least row +
 * `diagonal`.
 */
export function triu(x: Tensor, diagonal = 0): Tensor {
  return where(offsets("triu", x, diagonal).greaterEqual(diagonal), x, 0);
}

/** Column minus row of each cell of the last two axes. */
function offsets(name: string, x: Tensor, diagonal: number): Tensor {
  checkTensor(name, x);
  checkInteger(name, "diagonal", diagonal);
  const { shape } = x;
  if (shape.length < 2) throw badArgument(name, "at least two axes", show(shape));
  const [rows, columns] = shape.slice(-2) as [number, number];
  return arange(columns).sub(arange(rows).expandDims(-1));
}

/** The cells of the last two axes whose column is row + `offset`, as one last axis. */
export function diagonal(x: Tensor, offset = 0): Tensor {
  checkTensor("diagonal", x);
  checkInteger("diagonal", "offset", offset);
  if (x.shape.length < 2) throw badArgument("diagonal", "at least two axes", show(x.shape));
  const before = x.shape.slice(0, -2);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const [top, left] = [Math.max(0, -offset), Math.max(0, offset)];
  const length = Math.max(0, Math.min(rows - top, columns - left));
  const cells = Int32Array.from({ length }, (_, i) => (top + i) * columns + left + i);
  return x
    .reshape([sizeOf(before), rows * columns])
    .gather(tensor(cells), 1)
    .reshape([...before, length]);
}
