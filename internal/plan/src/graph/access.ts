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
  const [source] = x.inputs as [Node];
  const from = access(source);
  const { strides } = from;
  switch (x.op) {
    case "transpose": {
      const { order } = x.attrs as { order: readonly number[] };
      return { ...from, strides: order.map((axis) => strides[axis]!) };
    }
    case "broadcastTo": {
      const extra = x.shape.length - source.shape.length;
      return {
        ...from,
        strides: x.shape.map((n, i) => (source.shape[i - extra] === n ? strides[i - extra]! : 0)),
      };
    }
    case "slice": {
      const { start, step } = x.attrs as { start: readonly number[]; step: readonly number[] };
      return {
        ...from,
        offset: from.offset + start.reduce((sum, s, i) => sum + s * strides[i]!, 0),
        strides: strides.map((s, i) => s * step[i]!),
      };
    }
    default: // a reshape, created only where strides can express it
      return { ...from, strides: reshapedStrides(strides, source.shape, x.shape)! };
  }
}

/** Whether values read this way are contiguous in row-major order from the buffer's start. */
export function isContiguous({ base, offset, strides }: Access, shape: Shape): boolean {
  const size = sizeOf(shape);
  const rowMajor = stridesOf(shape);
  return (
    offset === 0 &&
    sizeOf(base.shape) === size &&
    (size <= 1 || shape.every((n, i) => n === 1 || strides[i] === rowMajor[i]))
  );
}

/** Whether reading this way is reading the base as it is, in its own shape. */
export function isIdentity(from: Access, shape: Shape): boolean {
  return isContiguous(from, shape) && sameShape(from.base.shape, shape);
}

/** The strides that read values of one shape in another shape; undefined if no strides can. */
export function reshapedStrides(
  strides: readonly number[],
  from: Shape,
  to: Shape,
): number[] | undefined {
  if (sizeOf(from) === 0) return stridesOf(to);
  // Axes of size 1 need no stride.
  const sizes = from.filter((n) => n !== 1);
  const steps = strides.filter((_, axis) => from[axis] !== 1);
  const result = new Array<number>(to.length).fill(0);
  let toEnd = 0;
  for (let fromEnd = 0; fromEnd < sizes.length;) {
    // The shortest lists of axes from here on that have equally many elements: the axes of
    // `sizes`, which must be at equal distances, become those of `to`.
    const toBegin = toEnd;
    let fromCount = sizes[fromEnd++]!;
    let toCount = 1;
    while (toCount !== fromCount) {
      if (toCount < fromCount) {
        if (toEnd >= to.length) return undefined;
        toCount *= to[toEnd++]!;
      } else {
        if (fromEnd >= sizes.length || steps[fromEnd - 1] !== steps[fromEnd]! * sizes[fromEnd]!)
          return undefined;
        fromCount *= sizes[fromEnd++]!;
      }
    }
    let step = steps[fromEnd - 1]!;
    for (let axis = toEnd - 1; axis >= toBegin; axis--) {
      result[axis] = to[axis] === 1 ? 0 : step;
      step *= to[axis]!;
    }
  }
  return result;
}
