import { badArgument, known, shown } from "@tenon/guards";
import { slice } from "./movement.js";
import { checkFlag, checkTensor } from "../internal/guards.js";
import { axisOf, show } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { where } from "./elementwise.js";
import { scatterAlong } from "./gather.js";
import { arange } from "./leaf.js";

export interface SortOptions {
  /** @defaultValue -1 */
  readonly axis?: number;
  /** The largest first. @defaultValue false */
  readonly descending?: boolean;
}

export interface TopKOptions {
  /** @defaultValue -1 */
  readonly axis?: number;
  /** Whether the largest are meant, or the smallest. @defaultValue true */
  readonly largest?: boolean;
}

/**
 * The indices (int32) that sort an axis: `takeAlong(x, argSort(x), -1)` is in order. Equal values
 * keep their order; NaN counts as larger than all others, as in PyTorch and NumPy.
 *
 * Each value's place is the number of those before it, so an axis of n costs n² comparisons; no
 * gradient passes.
 */
export function argSort(x: Tensor, options: SortOptions = {}): Tensor {
  return order("argSort", x, known("argSort", options, "axis descending"));
}

/** In order along an axis; see `argSort`. Gradients go where the values came from. */
export function sort(x: Tensor, options: SortOptions = {}): Tensor {
  const { axis = -1 } = known("sort", options, "axis descending");
  const indices = order("sort", x, options);
  return x.takeAlong(indices, axis);
}

/**
 * The `k` largest values along an axis, in order, and their indices (int32); the first of equals
 * comes first. PyTorch's `topk`, jax' `top_k`. It costs what `argSort` does.
 */
export function topK(
  x: Tensor,
  k: number,
  options: TopKOptions = {},
): { readonly values: Tensor; readonly indices: Tensor } {
  const { axis = -1, largest = true } = known("topK", options, "axis largest");
  checkTensor("topK", x);
  checkFlag("topK", "largest", largest);
  const along = axisOf("topK", axis, x.shape.length);
  if (!Number.isInteger(k) || k < 0 || k > x.shape[along]!)
    throw badArgument(
      "topK",
      `k as an integer from 0 to ${x.shape[along]}, the size of axis ${axis} of ${show(x.shape)}`,
      shown(k),
    );
  const indices = slice(
    order("topK", x, { axis, descending: largest }),
    [],
    x.shape.map((n, i) => (i === along ? k : n)),
  );
  return { values: x.takeAlong(indices, along), indices };
}

function order(name: string, x: Tensor, { axis = -1, descending = false }: SortOptions): Tensor {
  checkTensor(name, x);
  checkFlag(name, "descending", descending);
  const along = axisOf(name, axis, x.shape.length);
  const n = x.shape[along]!;
  const places = x.shape.map((_, i) => i);
  const last = [...places.filter((i) => i !== along), along];
  const rows = x.detach().transpose(last);
  // Of two values, a in front in the row and b after it, which is first in the order?
  const mine = rows.expandDims(-1);
  const other = rows.expandDims(-2);
  const isBefore = (a: Tensor, b: Tensor, orEqual: boolean): Tensor => {
    const less = orEqual ? a.lessEqual(b) : a.less(b);
    // NaN, which no comparison finds, is the largest.
    return less.maximum(orEqual ? b.notEqual(b) : b.notEqual(b).mul(a.equal(a)));
  };
  const inFront = arange(n).less(arange(n).expandDims(-1));
  const otherFirst = where(
    inFront,
    descending ? isBefore(mine, other, true) : isBefore(other, mine, true),
    descending ? isBefore(mine, other, false) : isBefore(other, mine, false),
  );
  const rank = otherFirst.sum(-1).cast("int32");
  const sorted = scatterAlong(arange(n).broadcastTo(rank.shape), rank, n, -1).cast("int32");
  return sorted.transpose(places.map((i) => last.indexOf(i)));
}
