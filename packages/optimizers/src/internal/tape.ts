import type { Arithmetic, Schedule, Shape } from "@tenon/contracts";

/** One number in, one number out. */
export type UnaryName = "neg" | "sqrt" | "square" | "abs" | "sign";
/** Two numbers in, one number out. */
export type BinaryName = "add" | "sub" | "mul" | "div" | "maximum" | "minimum";

/** How a value came to be. Only scalars are constants or come from the clock. */
export type Origin =
  | { readonly op: "constant"; readonly value: number }
  | { readonly op: "clock"; readonly of: Schedule | number }
  | { readonly op: "array"; readonly index: number }
  | { readonly op: UnaryName | BinaryName }
  /** Repeated along axes until it has this shape. */
  | { readonly op: "expand" }
  /** `kept` is the shape with summed axes of size 1. */
  | { readonly op: "sum"; readonly kept: Shape };

/**
 * A value that was written down and not computed. Both operands of an operation have its shape, or
 * one is a scalar (no axes): whatever else has to be repeated went through `expand`.
 */
export interface Value extends Arithmetic<Value> {
  /** Its place in the tape; what it is made of comes before it. */
  readonly id: number;
  readonly origin: Origin;
  readonly inputs: readonly Value[];
}

/** A list of values, each written down once however often it is asked for. */
export interface Tape {
  readonly values: readonly Value[];
  constant(value: number): Value;
  clock(of: Schedule | number): Value;
  array(index: number, shape: Shape): Value;
}

/** An empty tape. */
export function tape(): Tape {
  const values: Value[] = [];
  const known = new Map<unknown, Value>();
  const methods: Omit<Value, "id" | "origin" | "inputs" | "shape"> & ThisType<Value> = {
    add(b) {
      return binary("add", this, b);
    },
    sub(b) {
      return binary("sub", this, b);
    },
    mul(b) {
      return binary("mul", this, b);
    },
    div(b) {
      return binary("div", this, b);
    },
    maximum(b) {
      return binary("maximum", this, b);
    },
    minimum(b) {
      return binary("minimum", this, b);
    },
    neg() {
      return unary("neg", this);
    },
    sqrt() {
      return unary("sqrt", this);
    },
    square() {
      return unary("square", this);
    },
    abs() {
      return unary("abs", this);
    },
    sign() {
      return unary("sign", this);
    },
    sum(axes, keepDims = false) {
      return sum(this, axes, keepDims);
    },
  };

  function write(key: unknown, origin: Origin, inputs: readonly Value[], shape: Shape): Value {
    const before = known.get(key);
    if (before) return before;
    const value = Object.assign(Object.create(methods) as object, {
      id: values.length,
      origin,
      inputs,
      shape,
    }) as Value;
    known.set(key, value);
    values.push(value);
    return value;
  }
  function constant(value: number): Value {
    return write(
      `constant ${Object.is(value, -0) ? "-0" : value}`,
      { op: "constant", value },
      [],
      [],
    );
  }
  function unary(op: UnaryName, x: Value): Value {
    return write(`${op} ${x.id}`, { op }, [x], x.shape);
  }
  function binary(op: BinaryName, a: Value, other: Value | number): Value {
    const b = typeof other === "number" ? constant(other) : other;
    const shape = broadcast(op, a.shape, b.shape);
    const [x, y] = [expand(a, shape), expand(b, shape)];
    return write(`${op} ${x.id} ${y.id}`, { op }, [x, y], shape);
  }
  function expand(x: Value, shape: Shape): Value {
    if (x.shape.length === 0 || same(x.shape, shape)) return x;
    return write(`expand ${x.id} ${shape.join()}`, { op: "expand" }, [x], shape);
  }
  function sum(x: Value, axes: number[] | undefined, keepDims: boolean): Value {
    const rank = x.shape.length;
    const gone = new Set(
      (axes ?? x.shape.map((_, i) => i)).map((axis) => {
        const at = axis < 0 ? axis + rank : axis;
        if (!Number.isInteger(at) || at < 0 || at >= rank)
          throw new RangeError(
            `sum: expected axes of the shape [${x.shape.join(", ")}], got ${axis}`,
          );
        return at;
      }),
    );
    if (gone.size === 0) return x;
    const kept = x.shape.map((size, i) => (gone.has(i) ? 1 : size));
    const shape = keepDims ? kept : x.shape.filter((_, i) => !gone.has(i));
    return write(`sum ${x.id} ${kept.join()} ${shape.length}`, { op: "sum", kept }, [x], shape);
  }

  return {
    values,
    constant,
    clock: (of) => write(of, { op: "clock", of }, [], []),
    array: (index, shape) => write(`array ${index}`, { op: "array", index }, [], shape),
  };
}

/** The shape that two shapes have together, as NumPy has it. */
export function broadcast(name: string, a: Shape, b: Shape): Shape {
  if (b.length === 0 || same(a, b)) return a;
  if (a.length === 0) return b;
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      throw new RangeError(
        `${name}: expected shapes that fit, got [${a.join(", ")}] and [${b.join(", ")}]`,
      );
    return x === 1 ? y : x;
  });
}

export function same(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * For each element of an array of shape `to`, in order, its place in one of shape `from`, which is
 * repeated to fit.
 */
export function placesOf(from: Shape, to: Shape): Int32Array {
  const places = new Int32Array(sizeOf(to));
  const strides = new Array<number>(to.length).fill(0);
  for (let i = from.length - 1, stride = 1; i >= 0; stride *= from[i]!, i--)
    if (from[i] !== 1) strides[to.length - from.length + i] = stride;
  const index = new Array<number>(to.length).fill(0);
  for (let at = 0, place = 0; at < places.length; at++) {
    places[at] = place;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      place += strides[axis]!;
      if (++index[axis]! < to[axis]!) break;
      place -= strides[axis]! * to[axis]!;
      index[axis] = 0;
    }
  }
  return places;
}
