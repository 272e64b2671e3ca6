import type { Arithmetic, Shape } from "@tenon/contracts";

/** An array whose elements are all equal: what a probe of an optimizer needs. */
export interface Plain extends Arithmetic<Plain> {
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
    sum(axes = shape.map((_, i) => i), keepDims = false) {
      const along = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
      const count = along.reduce((product, axis) => product * shape[axis]!, 1);
      const kept = shape.flatMap((size, i) => (!along.includes(i) ? [size] : keepDims ? [1] : []));
      return plain(value * count, kept);
    },
  };
}

/** The shape that two arrays have together, aligned at the last axis. */
function broadcast(a: Shape, b: Shape): Shape {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const offset = long.length - short.length;
  return long.map((size, i) => (i < offset ? size : Math.max(size, short[i - offset]!)));
}
