import type { Shape } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import type { Axes } from "./tensor.js";

/** The number of elements: 1 of a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** Whether all sizes agree. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** A shape as text: `"[2, 3]"`. */
export function show(shape: Shape): string {
  return Array.isArray(shape) ? `[${shape.map((n) => shown(n)).join(", ")}]` : shown(shape);
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** The shape both broadcast to. Throws if they do not broadcast. */
export function broadcastShapes(name: string, a: Shape, b: Shape): number[] {
  checkShape(name, a);
  checkShape(name, b);
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const m = a[a.length - i] ?? 1;
    const n = b[b.length - i] ?? 1;
    if (m !== n && m !== 1 && n !== 1)
      throw badArgument(
        name,
        "shapes that broadcast",
        `${show(a)} and ${show(b)}`,
        "each pair of sizes, from the last, must be equal or 1",
      );
    shape[rank - i] = m === 1 ? n : m;
  }
  return shape;
}

/** An axis counted from the front. */
export function axisOf(name: string, axis: number, rank: number): number {
  const fromFront = Number.isInteger(axis) ? (axis < 0 ? axis + rank : axis) : NaN;
  if (!(fromFront >= 0 && fromFront < rank))
    throw rank === 0
      ? badArgument(name, "a tensor with axes", `a scalar (and axis ${shown(axis)})`)
      : badArgument(name, `an axis from ${-rank} to ${rank - 1}`, shown(axis));
  return fromFront;
}

/** Distinct axes counted from the front, in order; all of them if none are named. */
export function axesOf(name: string, axes: Axes | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  if (typeof axes !== "number" && !Array.isArray(axes))
    throw badArgument(name, "an axis or a list of axes", shown(axes));
  const list = (typeof axes === "number" ? [axes] : [...axes])
    .map((axis) => axisOf(name, axis, rank))
    .sort((a, b) => a - b);
  if (new Set(list).size !== list.length) throw badArgument(name, "each axis once", show(list));
  return list;
}

/** Throws unless it is a list of sizes, integers that are not negative. */
export function checkShape(name: string, shape: Shape): void {
  if (!Array.isArray(shape))
    throw badArgument(name, "a shape, a list of integers ≥ 0", shown(shape));
  for (let i = 0; i < shape.length; i++)
    if (!Number.isInteger(shape[i]) || shape[i] < 0)
      throw badArgument(name, "sizes that are integers ≥ 0", show(shape));
}
