import type { Arithmetic, ByPath, Clock, NDArray, Shape, Transform } from "@tenon/contracts";
import { initSlots } from "../initSlots.js";
import { mapPaths } from "./mapPaths.js";

/** For tests: numbers that are computed at once, in the plainest way, in float64. */
export interface Plain extends Arithmetic<Plain> {
  readonly data: readonly number[];
}

type Key = readonly number[];

/** All indices of a shape, in row-major order. */
function indices(shape: Shape): Key[] {
  return shape.reduce<Key[]>((keys, size) => keys.flatMap((key) => Array.from({ length: size }, (_, i) => [...key, i])), [[]]);
}

export function plain(shape: Shape, data: ArrayLike<number>): Plain {
  const numbers = Array.from(data);
  const at = (key: Key): number => {
    const own = key.slice(key.length - shape.length).map((i, axis) => (shape[axis] === 1 ? 0 : i));
    return numbers[own.reduce((place, i, axis) => place * shape[axis]! + i, 0)]!;
  };
  const one = (f: (x: number) => number): Plain => plain(shape, numbers.map(f));
  const two = (other: Plain | number, f: (x: number, y: number) => number): Plain => {
    const b = typeof other === "number" ? plain([], [other]) : other;
    const rank = Math.max(shape.length, b.shape.length);
    const padded = (s: Shape): number[] => [...new Array<number>(rank - s.length).fill(1), ...s];
    const common = padded(shape).map((size, i) => (size === 1 ? padded(b.shape)[i]! : size));
    const get = (p: Plain, key: Key): number => (p as Plain & { at(key: Key): number }).at(key);
    return plain(common, indices(common).map((key) => f(at(key), get(b, key))));
  };
  const result = {
    shape, data: numbers, at,
    add: (b: Plain | number) => two(b, (x, y) => x + y),
    sub: (b: Plain | number) => two(b, (x, y) => x - y),
    mul: (b: Plain | number) => two(b, (x, y) => x * y),
    div: (b: Plain | number) => two(b, (x, y) => x / y),
    maximum: (b: Plain | number) => two(b, Math.max),
    minimum: (b: Plain | number) => two(b, Math.min),
    neg: () => one((x) => -x),
    sqrt: () => one(Math.sqrt),
    square: () => one((x) => x * x),
    abs: () => one(Math.abs),
    sign: () => one(Math.sign),
    sum(axes?: number[], keepDims = false) {
      const gone = (axes ?? shape.map((_, i) => i)).map((axis) => (axis < 0 ? axis + shape.length : axis));
      const kept = shape.map((size, i) => (gone.includes(i) ? 1 : size));
      const totals = indices(kept).map((key) => indices(shape).filter((other) => other.every((i, axis) => gone.includes(axis) || i === key[axis]))
        .reduce((total, other) => total + at(other), 0));
      return plain(keepDims ? kept : shape.filter((_, i) => !gone.includes(i)), totals);
    },
  };
  return result;
}

export const plainClock = (step: number): Clock<Plain> => ({ value: (of) => plain([], [typeof of === "number" ? of : of(step)]) });

/** Steps of a transform on plain numbers, one at a time, as an engine would do them. */
export function eager(transform: Transform, start: ByPath<{ readonly shape: Shape; readonly data: ArrayLike<number> }>): {
  params: ByPath<Plain>; slots: ByPath<ByPath<Plain>>; step(gradients: ByPath<Plain>): ByPath<Plain>;
} {
  const arrays = mapPaths(start, ({ shape, data }): NDArray => ({ shape, dtype: "float32", data: Float64Array.from(data) }));
  let step = 0;
  const at = {
    params: mapPaths(arrays, ({ shape, data }) => plain(shape, data)),
    slots: mapPaths(initSlots(transform, arrays), (byPath) => mapPaths(byPath, ({ shape, data }) => plain(shape, data))),
    /** Returns the updates. */
    step(gradients: ByPath<Plain>): ByPath<Plain> {
      const { updates, slots } = transform.update({ updates: gradients, params: at.params, slots: at.slots }, plainClock(step++));
      at.params = mapPaths(at.params, (w, path) => w.add(updates[path]!));
      at.slots = slots;
      return updates;
    },
  };
  return at;
}
