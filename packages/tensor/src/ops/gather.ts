import type { NDArray, Shape } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { checkTensor } from "../internal/guards.js";
import { checkedIndex, checkIndices, type IndexUse } from "../internal/indices.js";
import { makeNode } from "../internal/makeNode.js";
import type { Op } from "../op.js";
import { axisOf, checkShape, sameShape, show, sizeOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { arange } from "./leaf.js";

/** An operation that picks elements by index, and its adjoint, which adds them up. */
interface Picking {
  readonly pick: Op<IndexUse>;
  readonly add: Op<IndexUse>;
}

/**
 * All reshape their operands to [outer, n, inner]: the axes before, the axis, the axes after. x
 * [outer, n, inner], indices [m] or [outer, m, inner] ⇄ y [outer, m, inner]. The gradient of each
 * names the same function where it meets a wrong index: it may be all that a step computes.
 */
/* @__NO_SIDE_EFFECTS__ */ function picking(name: string, adjoint: string): Picking {
  const gradientBy =
    (op: () => Op<IndexUse>): Op<IndexUse>["gradient"] =>
    ({ inputs: [x, indices], attrs }, g) => [
      makeNode(op(), [g, indices!], x!.shape, "float32", attrs),
    ];
  const pick: Op<IndexUse> = {
    name,
    gradient: gradientBy(() => add),
    evaluate({ shape, attrs }, [x, indices], out) {
      eachPicked(shape, x!.shape[1]!, indices!, attrs, (at, from) => {
        out[at] = x!.data[from]!;
      });
    },
  };
  const add: Op<IndexUse> = {
    name: adjoint,
    gradient: gradientBy(() => pick),
    evaluate({ shape, attrs }, [y, indices], out) {
      const sums = new Float64Array(out.length);
      eachPicked(y!.shape, shape[1]!, indices!, attrs, (at, to) => {
        sums[to]! += y!.data[at]!;
      });
      out.set(sums);
    },
  };
  return { pick, add };
}

/** Visits each place of [outer, m, inner], and that of [outer, n, inner] which its index picks. */
function eachPicked(
  shape: Shape,
  n: number,
  indices: NDArray,
  use: IndexUse,
  visit: (at: number, picked: number) => void,
): void {
  const [outer, m, inner] = shape as [number, number, number];
  const areRows = indices.shape.length === 1;
  const indexAt = (at: number): number => checkedIndex(indices.data, at, n, use);
  for (let row = 0; row < outer * m; row++) {
    const ofRow = areRows ? indexAt(row % m) : undefined;
    for (let at = row * inner; at < (row + 1) * inner; at++)
      visit(at, (Math.floor(row / m) * n + (ofRow ?? indexAt(at))) * inner + (at % inner));
  }
}

const rows = /* @__PURE__ */ picking("gather", "scatterAdd");
const single = /* @__PURE__ */ picking("takeAlong", "scatterAlong");

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
    rows.pick,
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
  return makeNode(single.pick, [flat, indices.reshape(shape)], shape, x.dtype, attrs).reshape(
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
    rows.add,
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
    single.add,
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
