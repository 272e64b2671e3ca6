import {
  sizeOf,
  type ConcatAttrs,
  type ReduceAttrs,
  type SliceAttrs,
  type Tensor,
  type TransposeAttrs,
} from "@tenon/tensor";
import type { Kind } from "./aggregateOf.js";

/**
 * What an operation makes of rows for each example and of constants; nothing if its rows may depend
 * on other examples.
 *
 * @param b the same for twice as many examples: where sizes differ is the axis of the examples
 */
export function rowsOf(a: Tensor, b: Tensor, kinds: readonly Kind[]): Kind | undefined {
  const {
    op: { name, elementwise },
    shape,
    attrs,
  } = a;
  const rows = kinds.flatMap((kind) => (kind.is === "rows" ? [kind] : []));
  const axis = rows[0]?.axis;
  if (axis === undefined || rows.some((kind) => kind.axis !== axis)) return undefined;
  const degrees = kinds.map((kind) => (kind.is === "terms" ? 0 : kind.degree));
  const along = (axis: number, degree = 0): Kind | undefined =>
    shape.every((n, i) => b.shape[i] === (i === axis ? 2 * n : n))
      ? { is: "rows", axis, degree }
      : undefined;

  if (name === "mul") return along(axis, degrees[0]! + degrees[1]!);
  if (name === "div") return along(axis, degrees[0]! - degrees[1]!);
  if (name === "neg" || name === "detach" || (name === "cast" && a.dtype === "float32"))
    return along(axis, degrees[0]);
  if (name === "sum" && (attrs as ReduceAttrs).axes.includes(axis)) {
    const growth = degrees[0] === 0 ? "sum" : degrees[0] === -1 ? "mean" : "unknown";
    return { is: "terms", terms: [{ growth, total: a }] };
  }
  const given: Given = { a, b, kinds, rows, degrees, axis, along };
  const kept = rowsOfSameDegree(given);
  if (kept !== "another") return kept;
  if (degrees.some((power) => power !== 0)) return undefined;
  return elementwise ? along(axis) : rowsOfDegree0(given);
}

/** What is known of an operation whose inputs have rows. */
interface Given {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly kinds: readonly Kind[];
  readonly rows: readonly Kind[];
  readonly degrees: readonly number[];
  /** The axis of the examples. */
  readonly axis: number;
  /** Rows along an axis, if only that axis of the result is that of the examples. */
  along(axis: number, degree?: number): Kind | undefined;
}

/** Of operations that keep the degree; of others `"another"`. */
function rowsOfSameDegree(given: Given): Kind | "another" | undefined {
  const { a, b, kinds, rows, degrees, axis, along } = given;
  const { shape, attrs } = a;
  const degree = degrees[0]!;
  const x = a.inputs[0]!;
  const same = degrees.every((other) => other === degree);
  switch (a.op.name) {
    case "sum":
      return along(axis, degree);
    case "add":
    case "sub":
      return same ? along(axis, degree) : undefined;
    case "reshape": {
      const before = sizeOf(x.shape.slice(0, axis));
      const to = shape.findIndex(
        (n, i) => sizeOf(shape.slice(0, i)) === before && b.shape[i] === 2 * n,
      );
      return to < 0 ? undefined : along(to, degree);
    }
    case "transpose":
      return along((attrs as TransposeAttrs).order.indexOf(axis), degree);
    case "broadcastTo":
      return along(axis + shape.length - x.shape.length, degree);
    case "slice": {
      const { start, step } = attrs as SliceAttrs;
      return start[axis] === 0 && step[axis] === 1 && shape[axis] === x.shape[axis]
        ? along(axis, degree)
        : undefined;
    }
    case "pad":
      return degree === 0 && shape[axis] === x.shape[axis] ? along(axis) : undefined;
    case "concat":
      return same && rows.length === kinds.length && (attrs as ConcatAttrs).axis !== axis
        ? along(axis, degree)
        : undefined;
    default:
      return "another";
  }
}

/** Of functions that values which grow with the number of examples would have no degree of. */
function rowsOfDegree0({ a, kinds, rows, axis, along }: Given): Kind | undefined {
  const { inputs, shape, attrs } = a;
  const [first, second] = kinds;
  switch (a.op.name) {
    case "max":
    case "min":
    case "prod":
      return (attrs as ReduceAttrs).axes.includes(axis) ? undefined : along(axis);
    case "gather":
      return first!.is === "constant"
        ? along(axis + 1)
        : second!.is === "constant" && axis !== 1
          ? along(axis)
          : undefined;
    case "takeAlong":
      return rows.length === 2 && axis !== 1 ? along(axis) : undefined;
    // The rows of a batch of matrices, or of the first of two.
    case "matmul": {
      const haveBatchAxes =
        first!.is === "rows" && inputs.every(({ shape: { length } }) => length === shape.length);
      return haveBatchAxes && axis < shape.length - (rows.length === 2 ? 2 : 1)
        ? along(axis)
        : undefined;
    }
    case "conv2d":
      return rows.length === 1 && first!.is === "rows" && axis === 0 ? along(0) : undefined;
    default:
      return undefined;
  }
}
