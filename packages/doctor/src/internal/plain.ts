import type { Arithmetic, Shape } from "@tenon/contracts";

/** An array whose elements are all equal: what a probe of an optimizer needs. */
export interface Plain extends Required<Omit<Arithmetic<Plain>, "matMul">> {
  readonly value: number;
}

/** Arithmetic on arrays of equal elements: a sum is the value times how many there are. */
export function plain(value: number, shape: Shape = []): Plain {
  const binary =
    (of: (a: number, b: number) => number) =>
    (other: Plain | number): Plain =>
      typeof other === "number"
        ? plain(of(value, other), shape)
        : plain(of(value, other.value), broadcast(shape, other.shape));
  const unary = (of: (a: number) => number) => (): Plain => plain(of(value), shape);
  /** The shape without some axes, or with size 1 there. */
  const left = (axes: readonly number[], keepDims: boolean): Shape =>
    shape.flatMap((size, i) =>
      !axes.includes(i) && !axes.includes(i - shape.length) ? [size] : keepDims ? [1] : [],
    );
  return {
    shape,
    value,
    add: binary((a, b) => a + b),
    sub: binary((a, b) => a - b),
    mul: binary((a, b) => a * b),
    div: binary((a, b) => a / b),
    maximum: binary(Math.max),
    minimum: binary(Math.min),
    neg: unary((a) => -a),
    sqrt: unary(Math.sqrt),
    square: unary((a) => a * a),
    abs: unary(Math.abs),
    sign: unary(Math.sign),
    pow: (exponent) => plain(value ** exponent, shape),
    equal: binary((a, b) => (a === b ? 1 : 0)),
    where: (condition, otherwise) =>
      plain(
        condition.value !== 0 ? value : otherwise.value,
        broadcast(broadcast(shape, otherwise.shape), condition.shape),
      ),
    transpose: () => plain(value, [...shape].reverse()),
    matmul: (other) =>
      plain(value * other.value * (shape[1] ?? 1), [shape[0] ?? 1, other.shape[1] ?? 1]),
    max: (axes = shape.map((_, i) => i), keepDims = false) => plain(value, left(axes, keepDims)),
    sum(axes = shape.map((_, i) => i), keepDims = false) {
      const count = axes.reduce((product, axis) => product * shape.at(axis)!, 1);
      return plain(value * count, left(axes, keepDims));
    },
  };
}

/** The shape that two arrays have together, aligned at the last axis. */
function broadcast(a: Shape, b: Shape): Shape {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const offset = long.length - short.length;
  return long.map((size, i) => (i < offset ? size : Math.max(size, short[i - offset]!)));
}
