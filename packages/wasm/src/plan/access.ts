import type { Shape } from "@tenon/contracts";
import { sizeOf, stridesOf } from "@tenon/tensor";
import type { Ir } from "./ir.js";
import { isView } from "./kinds.js";

/**
 * Where a value's numbers lie: in the buffer of `base`, from `offset` on, `strides` apart along
 * each axis (all in elements).
 */
export interface Access {
  readonly base: Ir;
  readonly offset: number;
  readonly strides: readonly number[];
}

/** Follows views down to the value that is stored. */
export function access(x: Ir): Access {
  if (!isView(x.op)) return { base: x, offset: 0, strides: stridesOf(x.shape) };
  const [from] = x.inputs;
  const { base, offset, strides } = access(from!);
  switch (x.op) {
    case "transpose": {
      const { order } = x.attrs as { order: readonly number[] };
      return { base, offset, strides: order.map((axis) => strides[axis]!) };
    }
    case "broadcastTo": {
      const extra = x.shape.length - from!.shape.length;
      return {
        base,
        offset,
        strides: x.shape.map((n, i) =>
          i < extra || (from!.shape[i - extra] === 1 && n !== 1) ? 0 : strides[i - extra]!,
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
    default: // reshape, of what is reshapable
      return {
        base,
        offset,
        strides: reshapable({ base, offset, strides }, from!.shape, x.shape)!,
      };
  }
}

/**
 * Whether numbers read this way lie one after the other from the buffer's start, in row-major order
 * of `shape`.
 */
export function dense(at: Access, shape: Shape): boolean {
  return at.offset === 0 && sizeOf(at.base.shape) === sizeOf(shape) && ordered(at.strides, shape);
}

/** Whether reading this way is reading the base as it is. */
export function identity(at: Access, shape: Shape): boolean {
  return (
    dense(at, shape) &&
    at.base.shape.length === shape.length &&
    shape.every((n, i) => n === at.base.shape[i])
  );
}

function ordered(strides: readonly number[], shape: Shape): boolean {
  const row = stridesOf(shape);
  return sizeOf(shape) <= 1 || shape.every((n, i) => n === 1 || strides[i] === row[i]);
}

/**
 * The strides with which numbers that lie like this are read in another shape; undefined if no
 * strides will do.
 */
export function reshapable({ strides }: Access, from: Shape, to: Shape): number[] | undefined {
  if (sizeOf(from) === 0) return stridesOf(to);
  // Axes of size 1 say nothing. Runs of axes that lie one after the other can be split and merged
  // at will.
  const sizes = from.filter((n) => n !== 1);
  const steps = strides.filter((_, i) => from[i] !== 1);
  const result = new Array<number>(to.length).fill(0);
  let i = 0;
  let j = 0;
  while (i < sizes.length) {
    let size = sizes[i]!;
    let end = i + 1;
    let parts = 1;
    let stop = j;
    while (stop < to.length && (parts < size || to[stop] === 1)) parts *= to[stop++]!;
    while (parts !== size) {
      if (parts < size) {
        if (stop >= to.length) return undefined;
        parts *= to[stop++]!;
      } else {
        if (end >= sizes.length) return undefined;
        size *= sizes[end++]!;
      }
    }
    for (let k = i; k < end - 1; k++)
      if (steps[k] !== steps[k + 1]! * sizes[k + 1]!) return undefined;
    let step = steps[end - 1]!;
    for (let k = stop - 1; k >= j; k--) {
      result[k] = to[k] === 1 ? 0 : step;
      step *= to[k]!;
    }
    [i, j] = [end, stop];
  }
  return result;
}
