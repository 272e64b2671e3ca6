import type { ArraySpec, DType, NDArray, Numbers, Shape } from "@tenon/contracts";
import { checkShape, show, sizeOf } from "../shapes.js";
import { record } from "../internal/record.js";
import type { Op } from "../op.js";
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

/** A placeholder that an engine feeds at each step. */
export function input(name: string, { shape, dtype = "float32" }: ArraySpec): Tensor {
  checkShape("input", shape);
  return record(inputOp, [], shape, dtype, { name } satisfies InputAttrs);
}

/**
 * A tensor of known numbers.
 *
 * @param data a number (a scalar), numbers in row-major order, or an array with its own shape
 * @param shape defaults to one axis with all of them
 * @param dtype defaults to int32 for an Int32Array, else float32
 * @throws if the shape does not hold as many numbers as there are
 */
export function tensor(data: number | Numbers | readonly number[] | NDArray, shape?: Shape, dtype?: DType): Tensor {
  if (typeof data === "number") return record(constant, [], shape ?? [], dtype ?? "float32", { data: Float64Array.of(data) });
  if ("shape" in data) return tensor(data.data, shape ?? data.shape, dtype ?? data.dtype);
  const size = data.length;
  const to = shape ?? [size];
  checkShape("tensor", to);
  if (sizeOf(to) !== size) throw new Error(`tensor: expected ${sizeOf(to)} numbers for shape ${show(to)}, got ${size}`);
  const numbers = Array.isArray(data) ? Float64Array.from(data as readonly number[]) : (data as Numbers).slice();
  const kind = dtype ?? (Object.prototype.toString.call(data) === "[object Int32Array]" ? "int32" : "float32");
  return record(constant, [], to, kind, { data: numbers } satisfies ConstantAttrs);
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
