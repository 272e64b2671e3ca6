import { badArgument } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Branch } from "./internal/asOne.js";
import { fromTheEnd, sizesAlong } from "./internal/axes.js";
import { show, sizeOf } from "./internal/check.js";
import { merge } from "./internal/merge.js";
import type { JoiningLayer } from "./joiningLayer.js";

/**
 * Scalar products of two branches along one axis of each: of vectors [n] and [n] it makes [1], of
 * [a, n] and [b, n] the matrix [a, b].
 *
 * The branches, called `"branch1"` and `"branch2"`, have one input in common; given two, each has
 * its own, and without branches the inputs themselves are taken. For cosines of angles end each in
 * `unitNormalization()`. Keras `Dot`.
 *
 * @param axis of both, counted from the end, usually −1
 * @param branches each one layer, or several in a row
 * @throws in `plan`, if the sizes of the axes differ
 */
export function dot(axis: number, ...branches: readonly Branch[]): JoiningLayer {
  fromTheEnd("dot", axis);
  return merge("dot", branches, {
    count: 2,
    args: [axis],
    check([a, b]) {
      const [m, n] = [a!, b!].map(({ shape }) => sizesAlong("dot", [axis], shape)[0]);
      if (m !== n)
        throw badArgument(
          "dot",
          `axes ${axis} of one size`,
          `${show(a!.shape)} from ${a!.path} and ${show(b!.shape)} from ${b!.path}`,
        );
    },
    join([a, b]) {
      const [left, right] = [a!, b!].map((x) => asRows(x, axis)) as [Rows, Rows];
      const products = left.rows.matmul(right.rows.transpose([0, 2, 1]));
      const shape = [...left.shape, ...right.shape];
      return products.reshape([a!.shape[0]!, ...(shape.length > 0 ? shape : [1])]);
    },
  });
}

interface Rows {
  /** [n, all other places, the axis] */
  readonly rows: Tensor;
  /** The sizes of the other places. */
  readonly shape: readonly number[];
}

function asRows(x: Tensor, axis: number): Rows {
  const along = x.shape.length + axis;
  const others = x.shape.map((_, i) => i).filter((i) => i !== 0 && i !== along);
  const shape = others.map((i) => x.shape[i]!);
  const rows = x.transpose([0, ...others, along]);
  return { rows: rows.reshape([x.shape[0]!, sizeOf(shape), x.shape[along]!]), shape };
}
