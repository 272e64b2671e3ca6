import type { Shape } from "@tenon/contracts";
import { sameShape, sizeOf, stridesOf } from "@tenon/tensor";
import type { Node } from "./node.js";
import { isView } from "./opTraits.js";

/**
 * Where a node's values are: in the buffer of `base`, from `offset` on, `strides` apart along each
 * axis (all in elements).
 */
export interface Access {
  readonly base: Node;
  readonly offset: number;
  readonly strides: readonly number[];
}

/** Follows views down to the node that is stored. */
export function access(x: Node): Access {
  if (!isView(x.op)) return { base: x, offset: 0, strides: stridesOf(x.shape) };
  const [source] = x.inputs;
  const { base, offset, strides } = access(source!);
  switch (x.op) {
    case "transpose": {
      const { order } = x.attrs as { order: readonly number[] };
      return { base, offset, strides: order.map((axis) => strides[axis]!) };
    }
    case "broadcastTo": {
      const extra = x.shape.length - source!.shape.length;
      return {
        base,
        offset,
        strides: x.shape.map((n, i) =>
          i < extra || (source!.shape[i - extra] === 1 && n !== 1) ? 0 : strides[i - extra]!,
        ),
      };
    }
    case "slice": {
      const { start, step } = x.attrs as { start: readonly number[]; step: readonly number[] };
      return {
        base,
        offset: offset + start.reduce((sum, s, i) => sum + s * strides[i]!, 0),
        strides: strides.map((s, i) => s * step[i]!),
      };
    }
    default: // a reshape, created only where strides can express it
      return {
        base,
        offset,
        strides: reshapedStrides({ strides }, source!.shape, x.shape)!,
      };
  }
}

/** Whether values read this way are contiguous in row-major order from the buffer's start. */
export function isContiguous(from: Access, shape: Shape): boolean {
  return (
    from.offset === 0 &&
    sizeOf(from.base.shape) === sizeOf(shape) &&
    isRowMajor(from.strides, shape)
  );
}

/** Whether reading this way is reading the base as it is, in its own shape. */
export function isIdentity(from: Access, shape: Shape): boolean {
  return isContiguous(from, shape) && sameShape(from.base.shape, shape);
}

function isRowMajor(strides: readonly number[], shape: Shape): boolean {
  const rowMajor = stridesOf(shape);
  return sizeOf(shape) <= 1 || shape.every((n, i) => n === 1 || strides[i] === rowMajor[i]);
}

/** The strides that read values of one shape in another shape; undefined if no strides can. */
export function reshapedStrides(
  { strides }: Pick<Access, "strides">,
  from: Shape,
  to: Shape,
): number[] | undefined {
  if (sizeOf(from) === 0) return stridesOf(to);
  // Axes of size 1 need no stride.
  const sizes = from.filter((n) => n !== 1);
  const steps = strides.filter((_, axis) => from[axis] !== 1);
  const result = new Array<number>(to.length).fill(0);
  for (let i = 0, j = 0; i < sizes.length;) {
    const block = nextBlock(sizes, i, to, j);
    if (!block || !isSegment(sizes, steps, i, block.fromEnd)) return undefined;
    let step = steps[block.fromEnd - 1]!;
    for (let axis = block.toEnd - 1; axis >= j; axis--) {
      result[axis] = to[axis] === 1 ? 0 : step;
      step *= to[axis]!;
    }
    i = block.fromEnd;
    j = block.toEnd;
  }
  return result;
}

/**
 * The shortest lists of axes, from axis i of `sizes` and axis j of `to` on, that have equally many
 * elements: these axes become those. Undefined if there is none.
 */
function nextBlock(
  sizes: Shape,
  i: number,
  to: Shape,
  j: number,
): { readonly fromEnd: number; readonly toEnd: number } | undefined {
  let fromEnd = i + 1;
  let fromCount = sizes[i]!;
  let toEnd = j;
  let toCount = 1;
  while (toEnd < to.length && (toCount < fromCount || to[toEnd] === 1)) toCount *= to[toEnd++]!;
  while (toCount !== fromCount) {
    if (toCount < fromCount) {
      if (toEnd >= to.length) return undefined;
      toCount *= to[toEnd++]!;
    } else {
      if (fromEnd >= sizes.length) return undefined;
      fromCount *= sizes[fromEnd++]!;
    }
  }
  return { fromEnd, toEnd };
}

/** Whether the elements of these axes are at equal distances, so that they can be merged. */
function isSegment(sizes: Shape, steps: readonly number[], begin: number, end: number): boolean {
  for (let axis = begin; axis < end - 1; axis++)
    if (steps[axis] !== steps[axis + 1]! * sizes[axis + 1]!) return false;
  return true;
}
