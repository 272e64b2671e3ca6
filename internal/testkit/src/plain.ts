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

/** What all such arrays share: one that is computed is made often. */
const methods: ThisType<Plain> & Omit<Plain, "shape" | "data"> = {
  ...mathOfThis(),
  add(b) {
    return zip(this, b, (x, y) => x + y);
  },
  sub(b) {
    return zip(this, b, (x, y) => x - y);
  },
  mul(b) {
    return zip(this, b, (x, y) => x * y);
  },
  div(b) {
    return zip(this, b, (x, y) => x / y);
  },
  maximum(b) {
    return zip(this, b, Math.max);
  },
  minimum(b) {
    return zip(this, b, Math.min);
  },
  neg() {
    return map(this, (a) => -a);
  },
  square() {
    return map(this, (a) => a * a);
  },
  pow(exponent) {
    return map(this, (a) => a ** exponent);
  },
  equal(b) {
    return zip(this, b, (x, y) => (x === y ? 1 : 0));
  },
  where(condition, otherwise) {
    return broadcast(
      broadcast(this, condition, (x, kept) => (kept !== 0 ? x : NaN)),
      broadcast(otherwise, condition, (y, kept) => (kept !== 0 ? NaN : y)),
      // One of the two is the element, the other NaN; an element that is NaN stays NaN.
      (x, y) => (Number.isNaN(x) ? y : x),
    );
  },
  transpose() {
    const [rows = 1, columns = 1] = this.shape;
    const { data } = this;
    const out = data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
    return plain(out, [columns, rows]);
  },
  matmul(b) {
    const [[rows = 1, inner = 1], columns] = [this.shape, b.shape[1]!];
    const out = new Float64Array(rows * columns);
    for (let i = 0; i < out.length; i++)
      for (let k = 0; k < inner; k++)
        out[i]! +=
          this.data[Math.floor(i / columns) * inner + k]! * b.data[k * columns + (i % columns)]!;
    return plain(out, [rows, columns]);
  },
  max(axes, keepDims) {
    return reduced(this, axes, keepDims, -Infinity, Math.max);
  },
  sum(axes, keepDims) {
    return reduced(this, axes, keepDims, 0, (a, b) => a + b);
  },
};

/** An array of these values, row-major. */
export const plain = (data: ArrayLike<number>, shape: Shape = [data.length]): Plain =>
  Object.assign(Object.create(methods) as Plain, { shape, data: Float64Array.from(data) });

/** `mathMethods` of an array that is `this`. */
function mathOfThis(): Record<MathFunction, () => Plain> {
  const names = Object.keys(mathMethods(() => undefined)) as MathFunction[];
  const method = (name: MathFunction) =>
    function (this: Plain): Plain {
      return map(this, Math[name]);
    };
  return Object.fromEntries(names.map((name) => [name, method(name)])) as never;
}

function map({ data, shape }: Plain, f: (a: number) => number): Plain {
  return plain(
    data.map((a) => f(a)),
    shape,
  );
}

function zip(a: Plain, b: Plain | number, f: (a: number, b: number) => number): Plain {
  return typeof b === "number" ? map(a, (x) => f(x, b)) : broadcast(a, b, f);
}

/** All elements along some axes, combined from a start on. */
function reduced(
  { data, shape }: Plain,
  axes: readonly number[] = shape.map((_, axis) => axis),
  keepDims = false,
  start: number,
  f: (a: number, b: number) => number,
): Plain {
  const gone = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
  const kept = shape.map((size, axis) => (gone.includes(axis) ? 1 : size));
  const results = new Float64Array(count(kept)).fill(start);
  for (let i = 0; i < data.length; i++) {
    const place = placeIn(kept, shape, i);
    results[place] = f(results[place]!, data[i]!);
  }
  return plain(results, keepDims ? kept : shape.filter((_, axis) => !gone.includes(axis)));
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
