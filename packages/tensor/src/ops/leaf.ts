import type { ArraySpec, DType, NDArray, Elements, Shape } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { isInt32 } from "../internal/elementwise.js";
import { checkDType, checkNumber, isTensor } from "../internal/guards.js";
import { makeNode } from "../internal/makeNode.js";
import type { Op } from "../op.js";
import { checkShape, sameShape, show, sizeOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";

export interface ConstantAttrs {
  /**
   * The values, as they were given: float64 ones are rounded by the engine that runs them, not
   * before.
   */
  readonly data: Elements;
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
    throw badArgument(
      "data",
      "a graph that ends in known values",
      `the placeholder "${node.attrs.name}"`,
      "feed it through an engine's compile",
    );
  },
};

/** A placeholder that an engine feeds at each step; its own `data()` throws. */
export function input(name: string, spec: ArraySpec): Tensor {
  const { shape, dtype = "float32" } = spec ?? {};
  checkShape("input", shape);
  checkDType("input", dtype);
  return makeNode(inputOp, [], shape.slice(), dtype, { name } satisfies InputAttrs);
}

/** A number, a list of numbers, rows of them, and so on. */
export type Nested = number | readonly Nested[];

/**
 * A tensor of known values.
 *
 * @param data a number (a scalar), nested arrays such as `[[1, 2], [3, 4]]`, numbers in row-major
 *   order, or an array with its own shape
 * @param shape of values that are given flat, which otherwise have one axis; nested arrays have
 *   the shape of their nesting
 * @param dtype defaults to int32 for an Int32Array, else float32
 * @throws if the shape does not hold as many values as there are, or is not that of nested rows;
 *   if those differ in length, or hold
 * what is not a number; or if int32 cannot represent an element
 */
export function tensor(data: Nested | Elements | NDArray, shape?: Shape, dtype?: DType): Tensor {
  if (isTensor(data))
    throw badArgument(
      "tensor",
      "numbers",
      `a tensor (${shown(data)})`,
      "use it as it is, or its data()",
    );
  if (typeof data === "object" && data !== null && "shape" in data)
    return tensor(data.data, shape ?? data.shape, dtype ?? data.dtype);
  if (shape !== undefined) checkShape("tensor", shape);
  if (dtype !== undefined) checkDType("tensor", dtype);
  const nested = typeof data === "number" || Array.isArray(data);
  if (
    !nested &&
    (!ArrayBuffer.isView(data) ||
      typeof (data as Elements)[0] === "bigint" ||
      (data as Elements).length === undefined)
  )
    throw badArgument(
      "tensor",
      "a number, nested arrays of values, a typed array or { shape, data }",
      shown(data),
    );
  const from = nested ? nesting(data as Nested) : undefined;
  const elements = from ? Float64Array.from(flat(data as Nested)) : (data as Elements).slice();
  const to = shape?.slice() ?? from ?? [elements.length];
  if (shape && from && from.length > 1 && !sameShape(from, shape))
    throw badArgument(
      "tensor",
      `nested arrays of shape ${show(shape)}`,
      show(from),
      "give them flat, or reshape the tensor",
    );
  if (sizeOf(to) !== elements.length)
    throw badArgument("tensor", `${sizeOf(to)} values for shape ${show(to)}`, elements.length);
  const integers = Object.prototype.toString.call(data) === "[object Int32Array]";
  const kind = dtype ?? (integers ? "int32" : "float32");
  const misfit = kind === "int32" && !integers ? elements.find((x) => !isInt32(x)) : undefined;
  if (misfit !== undefined)
    throw badArgument(
      "tensor",
      "integers of 32 bits for int32",
      misfit,
      "make a float32 tensor and cast it",
    );
  return makeNode(constant, [], to, kind, { data: elements } satisfies ConstantAttrs);
}

/** Values in row-major order. */
function flat(data: Nested): number[] {
  return typeof data === "number"
    ? [data]
    : ((data as readonly unknown[]).flat(Infinity) as number[]);
}

/** The shape of nested arrays, all of whose ends are values. */
function nesting(data: Nested): number[] {
  if (typeof data === "number") return [];
  if (!Array.isArray(data)) throw badArgument("tensor", "numbers", `${shown(data)} among them`);
  // By index, since `map` and `every` skip the holes of [1, , 3].
  const [first = [], ...rest] = Array.from(data as readonly Nested[], nesting);
  if (rest.some((shape) => !sameShape(shape, first)))
    throw badArgument(
      "tensor",
      "rows of one length",
      data.map((row) => show(nesting(row))).join(", "),
    );
  return data.length === 0 ? [0] : [data.length, ...first];
}

/** A tensor whose elements all have one value: a scalar, broadcast. */
export function full(shape: Shape, value: number, dtype: DType = "float32"): Tensor {
  return filled("full", shape, value, dtype);
}

/** Zeros. */
export function zeros(shape: Shape, dtype: DType = "float32"): Tensor {
  return filled("zeros", shape, 0, dtype);
}

/** Ones. */
export function ones(shape: Shape, dtype: DType = "float32"): Tensor {
  return filled("ones", shape, 1, dtype);
}

function filled(name: string, shape: Shape, value: number, dtype: DType): Tensor {
  checkShape(name, shape);
  checkNumber(name, "value", value);
  checkDType(name, dtype);
  return tensor(value, [], dtype).broadcastTo(shape);
}

/**
 * Integers in steps (int32), as NumPy's `arange`: `arange(3)` is 0, 1, 2; `arange(1, 10, 3)` is 1,
 * 4, 7; `arange(3, 0, -1)` is 3, 2, 1.
 *
 * From the first of two bounds, or 0, to before the last; none where the step leads away from it.
 *
 * @param step not 0. @defaultValue 1
 * @throws if one of them is not an integer of 32 bits, or a single one is negative
 */
export function arange(
  first: number,
  bound: number | undefined = undefined,
  step: number = 1,
): Tensor {
  if (bound === undefined) checkShape("arange", [first]);
  const [start, stop] = bound === undefined ? [0, first] : [first, bound];
  for (const n of [start, stop, step])
    if (!isInt32(n) || step === 0)
      throw badArgument(
        "arange",
        "bounds and a step other than 0 that are integers of 32 bits",
        shown([start, stop, step]),
      );
  return tensor(
    Int32Array.from(
      { length: Math.max(0, Math.ceil((stop - start) / step)) },
      (_, i) => start + i * step,
    ),
  );
}
