import type { ArraySpec, DType, NDArray, Numbers, Shape } from "@tenon/contracts";
import { isInt32 } from "../internal/elementwise.js";
import { record } from "../internal/record.js";
import type { Op } from "../op.js";
import { checkShape, sameShape, show, sizeOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";

export interface ConstantAttrs {
  /** The numbers, as they were given: float64 ones are rounded by the engine that runs them, not before. */
  readonly data: Numbers;
}

const constant: Op<ConstantAttrs> = {
  name: "constant",
  gradient: () => [],
  evaluate: (node, _, out) => out.set(node.attrs.data),
};

export interface InputAttrs {
  readonly name: string;
}

const inputOp: Op<InputAttrs> = {
  name: "input",
  gradient: () => [],
  evaluate(node) {
    throw new Error(`data: expected a record that ends in known numbers, got the placeholder "${node.attrs.name}"; feed it through an engine's compile`);
  },
};

/** A placeholder that an engine feeds at each step; its own `data()` throws. */
export function input(name: string, { shape, dtype = "float32" }: ArraySpec): Tensor {
  checkShape("input", shape);
  return record(inputOp, [], shape.slice(), dtype, { name } satisfies InputAttrs);
}

/** A number, numbers, rows of numbers, and so on. */
export type Nested = number | readonly Nested[];

/**
 * A tensor of known numbers.
 *
 * @param data a number (a scalar), nested arrays such as `[[1, 2], [3, 4]]`, numbers in row-major order, or an array with its own shape
 * @param shape defaults to that of the nesting; numbers that are given flat have one axis
 * @param dtype defaults to int32 for an Int32Array, else float32
 * @throws if the shape does not hold as many numbers as there are, if nested rows differ in length, or if int32 is asked to hold what it cannot
 */
export function tensor(data: Nested | Numbers | NDArray, shape?: Shape, dtype?: DType): Tensor {
  if (typeof data === "object" && "shape" in data) return tensor(data.data, shape ?? data.shape, dtype ?? data.dtype);
  const nested = typeof data === "number" || Array.isArray(data);
  const numbers = nested ? Float64Array.from(flat(data as Nested)) : (data as Numbers).slice();
  const to = shape?.slice() ?? (nested ? nesting(data as Nested) : [numbers.length]);
  checkShape("tensor", to);
  if (sizeOf(to) !== numbers.length) throw new Error(`tensor: expected ${sizeOf(to)} numbers for shape ${show(to)}, got ${numbers.length}`);
  const integers = Object.prototype.toString.call(data) === "[object Int32Array]";
  const kind = dtype ?? (integers ? "int32" : "float32");
  const misfit = kind === "int32" && !integers ? numbers.find((x) => !isInt32(x)) : undefined;
  if (misfit !== undefined) throw new Error(`tensor: expected integers of 32 bits for int32, got ${misfit}; make a float32 tensor and cast it`);
  return record(constant, [], to, kind, { data: numbers } satisfies ConstantAttrs);
}

/** Numbers in row-major order. */
function flat(data: Nested): number[] {
  return typeof data === "number" ? [data] : (data as readonly unknown[]).flat(Infinity) as number[];
}

function nesting(data: Nested): number[] {
  if (typeof data === "number") return [];
  const [first = [], ...rest] = data.map(nesting);
  if (rest.some((shape) => !sameShape(shape, first))) throw new Error(`tensor: expected rows of one length, got ${data.map((row) => show(nesting(row))).join(", ")}`);
  return data.length === 0 ? [0] : [data.length, ...first];
}

/** A tensor with one number everywhere: a scalar, broadcast. */
export function full(shape: Shape, value: number, dtype: DType = "float32"): Tensor {
  checkShape("full", shape);
  return tensor(value, [], dtype).broadcastTo(shape);
}

/** Zeros. */
export function zeros(shape: Shape, dtype?: DType): Tensor {
  return full(shape, 0, dtype);
}

/** Ones. */
export function ones(shape: Shape, dtype?: DType): Tensor {
  return full(shape, 1, dtype);
}

/** 0, 1, … n − 1 (int32). */
export function arange(n: number): Tensor {
  checkShape("arange", [n]);
  return tensor(Int32Array.from({ length: n }, (_, i) => i));
}
