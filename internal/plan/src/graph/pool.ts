import type { Shape } from "@tenon/contracts";
import { sameShape, type Pool2dAttrs } from "@tenon/tensor";
import { access, isIdentity } from "./access.js";
import type { Node } from "./node.js";

/** A pooling: its image [n, height, width, channels], and its windows. */
export interface PoolSpec {
  readonly x: Shape;
  readonly attrs: Pool2dAttrs;
}

/** Whether no cell is under two windows. */
export const isNonOverlapping = ({ attrs: { window, strides } }: PoolSpec): boolean =>
  strides.every((step, axis) => step >= window[axis]!);

/**
 * Whether windows neither overlap nor leave gaps between them, and all of them are within the
 * image. The last rows and columns of the image may be under none.
 */
export function isExactCover({ attrs }: PoolSpec): boolean {
  const { window, strides, padding, image } = attrs;
  return window.every((size, axis) => {
    const [low, high] = padding[axis]!;
    const covered = size * Math.floor((image[axis]! + high) / size);
    return strides[axis] === size && low === 0 && covered <= image[axis]!;
  });
}

/** The image of a max pool and its windows, from its node of argmax indices. */
export const poolSpecOf = (argmax: Node): PoolSpec => ({
  x: argmax.inputs[0]!.shape,
  attrs: argmax.attrs as Pool2dAttrs,
});

/**
 * The node of the argmax indices that a `gatherPool2d` or `unpool2d` reads; undefined if its
 * indices are others.
 */
export function argmaxOf(x: Node): Node | undefined {
  const indices = access(x.inputs[1]!);
  const argmax = indices.base;
  const image = x.op === "unpool2d" ? x.shape : x.inputs[0]!.shape;
  return argmax.op === "argMaxPool2d" &&
    isIdentity(indices, argmax.shape) &&
    sameShape(argmax.inputs[0]!.shape, image)
    ? argmax
    : undefined;
}
