import type { Arithmetic, Clock, Schedule, Shape } from "@tenon/contracts";

/**
 * The simplest implementation of `Arithmetic`: float64 arrays that compute at once and broadcast.
 * For tests.
 */
export interface Plain extends Required<Omit<Arithmetic<Plain>, "matMul">> {
  readonly data: Float64Array;
}

/** The names of Math's functions of one argument. */
export type MathFunction = {
  [N in keyof Math]: Math[N] extends (x: number) => number ? N : never;
}[keyof Math];

/** Methods for the functions of Math: an elementwise one that `Arithmetic` gains is among them. */
export function mathMethods<T>(
  map: (f: (x: number) => number) => T,
): Record<MathFunction, () => T> {
  const names = Object.getOwnPropertyNames(Math) as MathFunction[];
  return Object.fromEntries(names.map((name) => [name, () => map(Math[name])])) as Record<
    MathFunction,
    () => T
  >;
}

/** An array of these values, row-major. */
export function plain(data: ArrayLike<number>, shape: Shape = [data.length]): Plain {
  const values = Float64Array.from(data);
  const map = (f: (a: number) => number): Plain => plain(values.map(f), shape);
  const zip = (b: Plain | number, f: (a: number, b: number) => number): Plain =>
    typeof b === "number" ? map((a) => f(a, b)) : broadcast(self, b, f);
  const self: Plain = {
    ...mathMethods(map),
    shape,
    data: values,
    add: (b) => zip(b, (x, y) => x + y),
    sub: (b) => zip(b, (x, y) => x - y),
    mul: (b) => zip(b, (x, y) => x * y),
    div: (b) => zip(b, (x, y) => x / y),
    maximum: (b) => zip(b, Math.max),
    minimum: (b) => zip(b, Math.min),
    neg: () => map((a) => -a),
    square: () => map((a) => a * a),
    pow: (exponent) => map((a) => a ** exponent),
    equal: (b) => zip(b, (x, y) => (x === y ? 1 : 0)),
    where: (condition, otherwise) =>
      broadcast(
        broadcast(self, condition, (x, kept) => (kept !== 0 ? x : NaN)),
        broadcast(otherwise, condition, (y, kept) => (kept !== 0 ? NaN : y)),
        // One of the two is the element, the other NaN; an element that is NaN stays NaN.
        (x, y) => (Number.isNaN(x) ? y : x),
      ),
    transpose: () => {
      const [rows = 1, columns = 1] = shape;
      const out = new Float64Array(values.length);
      for (let i = 0; i < values.length; i++)
        out[(i % columns) * rows + Math.floor(i / columns)] = values[i]!;
      return plain(out, [columns, rows]);
    },
    matmul: (b) => {
      const [[rows = 1, inner = 1], columns] = [shape, b.shape[1]!];
      const out = new Float64Array(rows * columns);
      for (let i = 0; i < out.length; i++)
        for (let k = 0; k < inner; k++)
          out[i]! +=
            values[Math.floor(i / columns) * inner + k]! * b.data[k * columns + (i % columns)]!;
      return plain(out, [rows, columns]);
    },
    max: (axes = shape.map((_, axis) => axis), keepDims = false) => {
      const gone = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
      const kept = shape.map((size, axis) => (gone.includes(axis) ? 1 : size));
      const largest = new Float64Array(count(kept)).fill(-Infinity);
      for (let i = 0; i < values.length; i++) {
        const place = placeIn(kept, shape, i);
        largest[place] = Math.max(largest[place]!, values[i]!);
      }
      return plain(largest, keepDims ? kept : shape.filter((_, axis) => !gone.includes(axis)));
    },
    sum: (axes = shape.map((_, axis) => axis), keepDims = false) => {
      const gone = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
      const kept = shape.map((size, axis) => (gone.includes(axis) ? 1 : size));
      const sums = new Float64Array(count(kept));
      for (let i = 0; i < values.length; i++) sums[placeIn(kept, shape, i)]! += values[i]!;
      return plain(sums, keepDims ? kept : shape.filter((_, axis) => !gone.includes(axis)));
    },
  };
  return self;
}

/** The clock at a step: schedules' values and the loss as plain scalars. */
export function plainClock(step: number, loss: number = 2 / (1 + step)): Clock<Plain> {
  return {
    loss: plain([loss], []),
    value: (schedule: Schedule | number) =>
      plain([typeof schedule === "number" ? schedule : schedule(step)], []),
  };
}

const count = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

function broadcast(a: Plain, b: Plain, f: (a: number, b: number) => number): Plain {
  const rank = Math.max(a.shape.length, b.shape.length);
  const [left, right] = [a, b].map(({ shape }) => [
    ...new Array<number>(rank - shape.length).fill(1),
    ...shape,
  ]) as [number[], number[]];
  const shape = left.map((size, axis) => {
    const other = right[axis]!;
    if (size !== other && size !== 1 && other !== 1)
      throw new Error(
        `plain: shapes [${a.shape.join(", ")}] and [${b.shape.join(", ")}] do not broadcast`,
      );
    return size === 1 ? other : size;
  });
  return plain(
    Float64Array.from({ length: count(shape) }, (_, i) =>
      f(a.data[placeIn(left, shape, i)]!, b.data[placeIn(right, shape, i)]!),
    ),
    shape,
  );
}

/**
 * The index in an array of shape `small`, whose sizes are the same or 1, of element i of `shape`.
 */
function placeIn(small: Shape, shape: Shape, i: number): number {
  let place = 0;
  let stride = 1;
  for (let axis = shape.length - 1, rest = i; axis >= 0; axis--) {
    const size = shape[axis]!;
    if (small[axis] !== 1) place += (rest % size) * stride;
    stride *= small[axis]!;
    rest = Math.floor(rest / size);
  }
  return place;
}
