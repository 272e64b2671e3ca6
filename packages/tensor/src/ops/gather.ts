import { badArgument, shown } from "@tenon/guards";
import { checkTensor } from "../internal/guards.js";
import { checkedIndex, checkIndices, type IndexUse } from "../internal/indices.js";
import { makeNode } from "../internal/makeNode.js";
import type { Op } from "../op.js";
import { axisOf, checkShape, sameShape, show, sizeOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { arange } from "./leaf.js";

// All four reshape their operands to [outer, n, inner]: the axes before, the axis, the axes after.
// The gradient of each names the same function where it meets a wrong index: it may be all that a
// step computes.

// Rows by index, and its adjoint: x [outer, n, inner], indices [m] ⇄ y [outer, m, inner].
const gatherOp: Op<IndexUse> = {
  name: "gather",
  gradient: ({ inputs: [x, indices], attrs }, g) => [
    makeNode(scatterAddOp, [g, indices!], x!.shape, "float32", attrs),
  ],
  evaluate(node, [x, indices], out) {
    const [outer, m, inner] = node.shape as [number, number, number];
    const n = x!.shape[1]!;
    for (let i = 0; i < outer; i++)
      for (let j = 0; j < m; j++) {
        const from = (i * n + checkedIndex(indices!.data, j, n, node.attrs)) * inner;
        const to = (i * m + j) * inner;
        for (let k = 0; k < inner; k++) out[to + k] = x!.data[from + k]!;
      }
  },
};
const scatterAddOp: Op<IndexUse> = {
  name: "scatterAdd",
  gradient: ({ inputs: [y, indices], attrs }, g) => [
    makeNode(gatherOp, [g, indices!], y!.shape, "float32", attrs),
  ],
  evaluate(node, [y, indices], out) {
    const [outer, n, inner] = node.shape as [number, number, number];
    const m = y!.shape[1]!;
    const sums = new Float64Array(out.length);
    for (let i = 0; i < outer; i++)
      for (let j = 0; j < m; j++) {
        const to = (i * n + checkedIndex(indices!.data, j, n, node.attrs)) * inner;
        const from = (i * m + j) * inner;
        for (let k = 0; k < inner; k++) sums[to + k]! += y!.data[from + k]!;
      }
    out.set(sums);
  },
};

// Single values by index, and its adjoint: x [outer, n, inner], indices [outer, m, inner] ⇄ y
// [outer, m, inner].
const takeAlongOp: Op<IndexUse> = {
  name: "takeAlong",
  gradient: ({ inputs: [x, indices], attrs }, g) => [
    makeNode(scatterAlongOp, [g, indices!], x!.shape, "float32", attrs),
  ],
  evaluate(node, [x, indices], out) {
    const [, m, inner] = node.shape as [number, number, number];
    const n = x!.shape[1]!;
    for (let i = 0; i < out.length; i++)
      out[i] =
        x!.data[
          (Math.floor(i / (m * inner)) * n + checkedIndex(indices!.data, i, n, node.attrs)) *
            inner +
            (i % inner)
        ]!;
  },
};
const scatterAlongOp: Op<IndexUse> = {
  name: "scatterAlong",
  gradient: ({ inputs: [y, indices], attrs }, g) => [
    makeNode(takeAlongOp, [g, indices!], y!.shape, "float32", attrs),
  ],
  evaluate(node, [y, indices], out) {
    const [, n, inner] = node.shape as [number, number, number];
    const m = y!.shape[1]!;
    const sums = new Float64Array(out.length);
    for (let i = 0; i < y!.data.length; i++)
      sums[
        (Math.floor(i / (m * inner)) * n + checkedIndex(indices!.data, i, n, node.attrs)) * inner +
          (i % inner)
      ]! += y!.data[i]!;
    out.set(sums);
  },
};

function split(
  name: string,
  x: Tensor,
  axis: number,
  indices: Tensor,
): { along: number; before: number[]; after: number[]; flat: Tensor } {
  checkTensor(name, x);
  checkIndices(name, indices);
  const along = axisOf(name, axis, x.shape.length);
  const before = x.shape.slice(0, along);
  const after = x.shape.slice(along + 1);
  return {
    along,
    before,
    after,
    flat: x.reshape([sizeOf(before), x.shape[along]!, sizeOf(after)]),
  };
}

/** Who uses indices, in words, and their shape: the attributes of an operation. */
function used(name: string, { shape }: Tensor, use = {} as IndexUse): IndexUse {
  const words: IndexUse = Object.assign({ by: name, shape }, use);
  if (
    Object(use) !== use ||
    typeof words.by !== "string" ||
    Object.keys(words).some((word) => !isWord.test(word))
  )
    throw badArgument(name, "words { by, indices, limit, shape }", shown(use));
  return words;
}
const isWord = /^(by|indices|limit|shape)$/;

/**
 * Rows picked by their index along an axis: `shape[..axis] + indices.shape + shape[axis+1..]`. An
 * embedding is `table.gather(ids)`.
 *
 * @param indices int32, from 0 to n − 1; the engine throws when it meets another
 * @param use what such an error names, if not this operation
 */
export function gather(x: Tensor, indices: Tensor, axis = 0, use?: IndexUse): Tensor {
  const { before, after, flat } = split("gather", x, axis, indices);
  const m = sizeOf(indices.shape);
  return makeNode(
    gatherOp,
    [flat, indices.reshape([m])],
    [flat.shape[0]!, m, flat.shape[2]!],
    x.dtype,
    used("gather", indices, use),
  ).reshape([...before, ...indices.shape, ...after]);
}

/**
 * One value for each index along an axis (PyTorch's `gather`); `indices` has the tensor's shape
 * but for that axis.
 *
 * @param indices int32, from 0 to n − 1; the engine throws when it meets another
 * @param use what such an error names, if not this operation
 */
export function takeAlong(x: Tensor, indices: Tensor, axis: number, use?: IndexUse): Tensor {
  const { along, flat } = split("takeAlong", x, axis, indices);
  if (
    indices.shape.length !== x.shape.length ||
    indices.shape.some((n, i) => i !== along && n !== x.shape[i])
  )
    throw badArgument(
      "takeAlong",
      `indices of shape ${show(x.shape)} but for axis ${along}`,
      show(indices.shape),
    );
  const shape = [flat.shape[0]!, indices.shape[along]!, flat.shape[2]!];
  const attrs = used("takeAlong", indices, use);
  return makeNode(takeAlongOp, [flat, indices.reshape(shape)], shape, x.dtype, attrs).reshape(
    indices.shape,
  );
}

/**
 * Rows added up by their index along an axis, the adjoint of `gather`: row j of `x` is added to row
 * `indices[j]` of `size` rows of zeros. Sums by group are `scatterAdd(values, groups, groupCount)`.
 * They are float64, in the order of j, and rounded once to float32, on every engine and any number
 * of threads; so are the gradients of `gather`, however often a row was picked.
 */
export function scatterAdd(x: Tensor, indices: Tensor, size: number, axis = 0): Tensor {
  const { along, before, after, flat } = split("scatterAdd", x, axis, indices);
  checkShape("scatterAdd", [size]);
  if (indices.shape.length !== 1 || indices.shape[0] !== x.shape[along])
    throw badArgument(
      "scatterAdd",
      `${x.shape[along]} indices, as many as axis ${along} of ${show(x.shape)} has`,
      show(indices.shape),
    );
  return makeNode(
    scatterAddOp,
    [flat.cast("float32"), indices],
    [flat.shape[0]!, size, flat.shape[2]!],
    "float32",
    used("scatterAdd", indices),
  ).reshape([...before, size, ...after]);
}

/**
 * Single values added up by their index along an axis, the adjoint of `takeAlong`; `indices` has
 * the tensor's shape. Sums are as those of `scatterAdd`.
 */
export function scatterAlong(x: Tensor, indices: Tensor, size: number, axis: number): Tensor {
  const { before, after, flat } = split("scatterAlong", x, axis, indices);
  checkShape("scatterAlong", [size]);
  if (!sameShape(indices.shape, x.shape))
    throw badArgument("scatterAlong", `indices of shape ${show(x.shape)}`, show(indices.shape));
  return makeNode(
    scatterAlongOp,
    [flat.cast("float32"), indices.reshape(flat.shape)],
    [flat.shape[0]!, size, flat.shape[2]!],
    "float32",
    used("scatterAlong", indices),
  ).reshape([...before, size, ...after]);
}

/**
 * Zeros (float32) and a one at each index (int32): a new last axis. An index outside [0, classes)
 * has no one.
 */
export function oneHot(indices: Tensor, classes: number): Tensor {
  checkIndices("oneHot", indices);
  checkShape("oneHot", [classes]);
  return indices.expandDims(-1).equal(arange(classes)).cast("float32");
}
