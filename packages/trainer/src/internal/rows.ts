import {
  sizeOf,
  type ConcatAttrs,
  type ReduceAttrs,
  type SliceAttrs,
  type Tensor,
  type TransposeAttrs,
} from "@tenon/tensor";
import type { Kind } from "./aggregateOf.js";

const elementwise: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "add",
  "sub",
  "mul",
  "div",
  "maximum",
  "minimum",
  "remainder",
  "pow",
  "equal",
  "notEqual",
  "less",
  "lessEqual",
  "greater",
  "greaterEqual",
  "where",
  "neg",
  "abs",
  "sign",
  "square",
  "relu",
  "sqrt",
  "reciprocal",
  "exp",
  "expm1",
  "log",
  "log1p",
  "log2",
  "sin",
  "cos",
  "tanh",
  "sigmoid",
  "erf",
  "erfc",
  "normalCdf",
  "floor",
  "ceil",
  "round",
  "cast",
  "detach",
]);

/**
 * What an operation makes of rows for each example and of constants; nothing if its rows may depend
 * on other examples.
 *
 * @param b the same for twice as many examples: where sizes differ is the axis of the examples
 */
export function rowsOf(a: Tensor, b: Tensor, kinds: readonly Kind[]): Kind | undefined {
  const {
    op: { name },
    inputs,
    shape,
    attrs,
  } = a;
  const rows = kinds.flatMap((kind) => (kind.is === "rows" ? [kind] : []));
  const [first, second] = kinds;
  const axis = rows[0]?.axis;
  if (axis === undefined || rows.some((kind) => kind.axis !== axis)) return undefined;
  const degrees = kinds.map((kind) => (kind.is === "terms" ? 0 : kind.degree));
  const at = (to: number, degree = 0): Kind | undefined =>
    shape.every((n, i) => b.shape[i] === (i === to ? 2 * n : n))
      ? { is: "rows", axis: to, degree }
      : undefined;

  if (name === "mul") return at(axis, degrees[0]! + degrees[1]!);
  if (name === "div") return at(axis, degrees[0]! - degrees[1]!);
  if (name === "neg" || name === "detach" || (name === "cast" && a.dtype === "float32"))
    return at(axis, degrees[0]);
  if (name === "sum" && (attrs as ReduceAttrs).axes.includes(axis)) {
    const of = degrees[0] === 0 ? "sum" : degrees[0] === -1 ? "mean" : "unknown";
    return { is: "terms", terms: [{ total: a, of }] };
  }
  // What follows keeps how numbers grow; other functions of such numbers grow otherwise.
  const degree = degrees[0]!;
  const x = inputs[0]!;
  const same = degrees.every((other) => other === degree);
  switch (name) {
    case "sum":
      return at(axis, degree);
    case "add":
    case "sub":
      return same ? at(axis, degree) : undefined;
    case "reshape": {
      const before = sizeOf(x.shape.slice(0, axis));
      const to = shape.findIndex(
        (n, i) => sizeOf(shape.slice(0, i)) === before && b.shape[i] === 2 * n,
      );
      return to < 0 ? undefined : at(to, degree);
    }
    case "transpose":
      return at((attrs as TransposeAttrs).order.indexOf(axis), degree);
    case "broadcastTo":
      return at(axis + shape.length - x.shape.length, degree);
    case "slice": {
      const { start, step } = attrs as SliceAttrs;
      return start[axis] === 0 && step[axis] === 1 && shape[axis] === x.shape[axis]
        ? at(axis, degree)
        : undefined;
    }
    case "pad":
      return degree === 0 && shape[axis] === x.shape[axis] ? at(axis) : undefined;
    case "concat":
      return same && rows.length === kinds.length && (attrs as ConcatAttrs).axis !== axis
        ? at(axis, degree)
        : undefined;
  }
  if (degrees.some((power) => power !== 0)) return undefined;
  if (elementwise.has(name)) return at(axis);
  switch (name) {
    case "max":
    case "min":
    case "prod":
      return (attrs as ReduceAttrs).axes.includes(axis) ? undefined : at(axis);
    case "gather":
      return first!.is === "constant"
        ? at(axis + 1)
        : second!.is === "constant" && axis !== 1
          ? at(axis)
          : undefined;
    case "takeAlong":
      return rows.length === 2 && axis !== 1 ? at(axis) : undefined;
    // The rows of a batch of matrices, or of the first of two.
    case "matmul": {
      const own =
        first!.is === "rows" && inputs.every(({ shape: { length } }) => length === shape.length);
      return own && axis < shape.length - (rows.length === 2 ? 2 : 1) ? at(axis) : undefined;
    }
    case "conv2d":
      return rows.length === 1 && first!.is === "rows" && axis === 0 ? at(0) : undefined;
    default:
      return undefined;
  }
}
