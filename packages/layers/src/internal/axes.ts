import type { Shape } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { show } from "./check.js";

/**
 * Axes of an example, all negative and in order, so that a batch axis before them changes nothing.
 */
export function fromTheEnd(name: string, axes: number | readonly number[] = -1): readonly number[] {
  const list: readonly number[] = Array.isArray(axes)
    ? [...(axes as readonly number[])].sort((a, b) => a - b)
    : [axes as number];
  if (
    list.length === 0 ||
    !list.every((axis) => Number.isInteger(axis) && axis < 0) ||
    new Set(list).size !== list.length
  )
    throw badArgument(
      name,
      "distinct negative axes, counted from the end",
      shown(axes),
      "the last one is -1",
    );
  return list;
}

export function sizesAlong(name: string, axes: readonly number[], shape: Shape): number[] {
  return axes.map((axis) => {
    const size = shape[shape.length + axis];
    if (size === undefined)
      throw badArgument(name, `an input with at least ${-axis} axes`, show(shape));
    return size;
  });
}

/** A parameter with the sizes of some axes of `x`, reshaped so that it broadcasts against `x`. */
export function toBroadcast(p: Tensor, axes: readonly number[], x: Tensor): Tensor {
  const first = axes[0]!;
  return -first === axes.length
    ? p
    : p.reshape(x.shape.slice(first).map((n, i) => (axes.includes(first + i) ? n : 1)));
}
